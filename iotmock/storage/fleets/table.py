"""Fleets in the state file: definitions as JSON, counters as arrays of float64."""

import sqlite3
from collections.abc import Iterable

import msgspec
from attrs import evolve

from iotmock.actors.definitions.file import (
    BLOCK,
    BlockKey,
    EnergyBlock,
    FleetChange,
    ForgetFleet,
    PunchHole,
    SavedBlock,
    SavedFleets,
    SaveFleet,
)
from iotmock.model.fleet import FleetRecord
from iotmock.storage.fleets.relations import GroupsOfFile, check_prefixes, check_size
from iotmock.storage.fleets.rows import read_block, read_fleet
from iotmock.storage.rows import of_record

MIGRATION = """
    CREATE TABLE fleets (name TEXT PRIMARY KEY, definition TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE fleet_holes (
        fleet TEXT NOT NULL,
        fleet_group TEXT NOT NULL,
        number INTEGER NOT NULL,
        PRIMARY KEY (fleet, fleet_group, number)
    ) WITHOUT ROWID;
    CREATE TABLE fleet_counters (
        fleet TEXT NOT NULL,
        fleet_group TEXT NOT NULL,
        block INTEGER NOT NULL,
        energies BLOB NOT NULL,
        reserved BLOB NOT NULL,
        last_seen BLOB NOT NULL,
        PRIMARY KEY (fleet, fleet_group, block)
    );
"""
"""A block's row has 24 KB, too much for a table WITHOUT ROWID."""

BACK_MIGRATION = """
    ALTER TABLE fleet_counters ADD COLUMN back BLOB;
    ALTER TABLE fleet_counters ADD COLUMN back_reserved BLOB;
"""
"""NULL where no device of a block feeds in."""

SINCE = 3
"""The version of the file that has fleets first."""

_BEYOND = "DELETE FROM fleet_counters WHERE fleet = ? AND fleet_group = ? AND block * ? >= ?"
_PUNCH = "INSERT OR IGNORE INTO fleet_holes VALUES (?, ?, ?)"


def apply_changes(db: sqlite3.Connection, changes: Iterable[FleetChange]) -> None:
    """Carry out changes, in order."""
    for change in changes:
        match change:
            case SaveFleet(record=record):
                _save(db, record)
            case PunchHole(fleet=fleet, group=group, number=number):
                db.execute(_PUNCH, (fleet, group, number))
            case ForgetFleet(name=name):
                db.execute("DELETE FROM fleets WHERE name = ?", (name,))
                db.execute("DELETE FROM fleet_holes WHERE fleet = ?", (name,))
                db.execute("DELETE FROM fleet_counters WHERE fleet = ?", (name,))


def _save(db: sqlite3.Connection, record: FleetRecord) -> None:
    # Holes have rows of their own: a definition would grow with each device that is deleted.
    groups = tuple(evolve(group, holes=frozenset()) for group in record.groups)
    definition = msgspec.json.encode(evolve(record, groups=groups)).decode()
    db.execute("INSERT OR REPLACE INTO fleets VALUES (?, ?)", (record.name, definition))
    db.execute("DELETE FROM fleet_holes WHERE fleet = ?", (record.name,))
    for group in record.groups:
        of_group = record.name, group.spec.name
        db.executemany(_PUNCH, ((*of_group, number) for number in group.holes))
        db.execute(_BEYOND, (*of_group, BLOCK, group.reached))


def write_blocks(db: sqlite3.Connection, blocks: Iterable[EnergyBlock]) -> None:
    """Write counters."""
    upsert = "INSERT OR REPLACE INTO fleet_counters VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
    for block in blocks:
        counters = block.energies, block.reserved, block.last_seen
        back = (column.tobytes() or None for column in (block.back, block.back_reserved))
        db.execute(upsert, (*block.key, *(column.tobytes() for column in counters), *back))


def renew_reserve(db: sqlite3.Connection) -> None:
    """Let counters go on from the most that they can have shown, because the end was none.

    In the file, not in what is loaded: a fleet whose devices have not all come back yet when the
    service ends again must not lose it.
    """
    db.execute("UPDATE fleet_counters SET energies = reserved, back = back_reserved")


def load(db: sqlite3.Connection) -> SavedFleets:
    """Return the fleets, the oldest first, and their counters.

    Raises:
        RecordError: a fleet, a hole or a block is not as it can have been written.
    """
    fleets = [_fleet(row) for row in db.execute("SELECT * FROM fleets")]
    fleets.sort(key=lambda fleet: (fleet.created_at, fleet.name))
    check_prefixes(fleets)
    groups = GroupsOfFile.of(fleets)
    holes = _holes(db, groups)
    fleets = [_with_holes(fleet, holes) for fleet in fleets]
    check_size(fleets)
    blocks = dict(_block(row, groups) for row in db.execute("SELECT * FROM fleet_counters"))
    return SavedFleets(fleets, blocks)


def _fleet(row: sqlite3.Row) -> FleetRecord:
    with of_record(f"fleet {row['name']!r}"):
        return read_fleet(row["name"], row["definition"])


def _holes(db: sqlite3.Connection, groups: GroupsOfFile) -> dict[tuple[str, str], set[int]]:
    holes: dict[tuple[str, str], set[int]] = {}
    for fleet, group, number in db.execute("SELECT fleet, fleet_group, number FROM fleet_holes"):
        with of_record(f"hole of fleet {fleet!r}, group {group!r}"):
            groups.check_hole(fleet, group, number)
        holes.setdefault((fleet, group), set()).add(number)
    return holes


def _with_holes(fleet: FleetRecord, holes: dict[tuple[str, str], set[int]]) -> FleetRecord:
    groups = tuple(
        evolve(group, holes=frozenset(holes.get((fleet.name, group.spec.name), ())))
        for group in fleet.groups
    )
    return evolve(fleet, groups=groups)


def _block(row: sqlite3.Row, groups: GroupsOfFile) -> tuple[BlockKey, SavedBlock]:
    key = BlockKey(row["fleet"], row["fleet_group"], row["block"])
    with of_record(f"counters of {key.fleet}-{key.group}, block {key.number}"):
        block = read_block(row)
        groups.check_block(key, len(block.energies))
    return key, block
