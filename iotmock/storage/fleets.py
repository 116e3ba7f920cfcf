"""Fleets in the state file: definitions as JSON, counters as arrays of float64."""

import sqlite3
from array import array
from collections.abc import Iterable, Mapping

import msgspec
from attrs import evolve

from iotmock.actors.fleet_file import (
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
from iotmock.model.fleet import FleetRecord, GroupRecord

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
    upsert = "INSERT OR REPLACE INTO fleet_counters VALUES (?, ?, ?, ?, ?, ?)"
    for block in blocks:
        counters = block.energies, block.reserved, block.last_seen
        db.execute(upsert, (*block.key, *(column.tobytes() for column in counters)))


def renew_reserve(db: sqlite3.Connection) -> None:
    """Let counters go on from the most that they can have shown, because the end was none.

    In the file, not in what is loaded: a fleet whose devices have not all come back yet when the
    service ends again must not lose it.
    """
    db.execute("UPDATE fleet_counters SET energies = reserved")


def load(db: sqlite3.Connection) -> SavedFleets:
    """Return the fleets, the oldest first, and their counters."""
    fleets = [_fleet(db, row["definition"]) for row in db.execute("SELECT * FROM fleets")]
    fleets.sort(key=lambda fleet: (fleet.created_at, fleet.name))
    return SavedFleets(fleets, _blocks(db))


def _fleet(db: sqlite3.Connection, definition: str) -> FleetRecord:
    record = msgspec.json.decode(definition, type=FleetRecord)
    groups = tuple(_with_holes(db, record.name, group) for group in record.groups)
    return evolve(record, groups=groups)


def _with_holes(db: sqlite3.Connection, fleet: str, group: GroupRecord) -> GroupRecord:
    select = "SELECT number FROM fleet_holes WHERE fleet = ? AND fleet_group = ? AND number <= ?"
    rows = db.execute(select, (fleet, group.spec.name, group.top))
    return evolve(group, holes=frozenset(row["number"] for row in rows))


def _blocks(db: sqlite3.Connection) -> Mapping[BlockKey, SavedBlock]:
    return {
        BlockKey(row["fleet"], row["fleet_group"], row["block"]): SavedBlock(
            _doubles(row["energies"]), _doubles(row["last_seen"])
        )
        for row in db.execute("SELECT * FROM fleet_counters")
    }


def _doubles(blob: bytes) -> "array[float]":
    doubles = array("d")
    doubles.frombytes(blob)
    return doubles
