"""Records, tables and what they say of each other: whatever is not in order stops the start."""

import sqlite3
from array import array
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from attrs import evolve

from iotmock.actors.definitions.file import SaveFleet
from iotmock.actors.ports.registry_file import Batch
from iotmock.storage import Registry, RegistryFileError
from tests.storage.test_fleets import fleet
from tests.storage.test_opening import altered
from tests.storage.test_registry import write


@pytest.mark.parametrize("column", ["energy_kwh", "reserved_kwh", "back_reserved_kwh"])
@pytest.mark.parametrize("value", [-1.0, 1e300])
def test_a_counter_that_no_meter_can_show_stops_the_start(
    path: Path, column: str, value: float
) -> None:
    before = altered(path, f"UPDATE counters SET {column} = ?", value)
    with pytest.raises(RegistryFileError, match=f"device 'a': {column}: must be from 0 to 1,000,"):
        Registry.open(str(path))
    assert path.read_bytes() == before


def test_a_time_that_no_calendar_has_stops_the_start(path: Path) -> None:
    before = altered(path, "UPDATE counters SET last_seen = 1e300")
    with pytest.raises(RegistryFileError, match="device 'a': last_seen: must be Unix seconds"):
        Registry.open(str(path))
    assert path.read_bytes() == before


ONE, NEGATIVE = (array("d", [value]).tobytes() for value in (1.0, -1.0))


@pytest.mark.parametrize(
    ("statement", "values", "why"),
    [
        ("UPDATE closing SET clean = 'maybe'", (), "closing: clean: must be 0 or 1, not 'maybe'"),
        ("DELETE FROM closing", (), "closing: rows: must be one, not 0"),
        ("INSERT INTO closing VALUES (1)", (), "closing: rows: must be one, not 2"),
        ("UPDATE fleet_counters SET back = ?, back_reserved = ?", (ONE, b"abc"), "back_reserved:"),
        ("UPDATE fleet_counters SET back = ?", (ONE,), "back_reserved: must be given with back"),
        (
            "UPDATE fleet_counters SET back = ?, back_reserved = ?",
            (ONE, NEGATIVE),
            "counters of soak-roof, block 0: back_reserved: must be from 0 to",
        ),
        ("UPDATE fleet_counters SET reserved = ?", (NEGATIVE,), "reserved: must be from 0 to"),
        ("UPDATE fleet_counters SET block = 'x'", (), "block x: block: must be a whole number"),
        ("UPDATE fleet_counters SET block = -1", (), "block: must be a whole number, not -1"),
        ("UPDATE fleet_counters SET block = 3", (), "block: must be of the first 3000 devices"),
        ("UPDATE fleet_counters SET fleet = 'zz'", (), "a group of a fleet that there is"),
        ("INSERT INTO fleet_holes VALUES ('soak', 'roof', 'x')", (), "number: must be a whole"),
        ("INSERT INTO fleet_holes VALUES ('soak', 'roof', 3001)", (), "from 1 to 3000, not 3001"),
        ("INSERT INTO fleet_holes VALUES ('zz', 'roof', 1)", (), "hole of fleet 'zz', group"),
        ("INSERT INTO fleet_holes VALUES ('soak', 'zz', 1)", (), "fleet_group: must be a group"),
    ],
)
def test_what_rows_say_beside_devices_stops_the_start_where_it_is_not_in_order(
    path: Path, statement: str, values: tuple[object, ...], why: str
) -> None:
    before = altered(path, statement, *values)
    with pytest.raises(RegistryFileError) as caught:
        Registry.open(str(path))
    assert why in str(caught.value)
    assert "\n" not in str(caught.value)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("ALTER TABLE devices DROP COLUMN profile", "table 'devices' of version 5"),
        ("ALTER TABLE counters ADD COLUMN more", "table 'counters' of version 5"),
        ("DROP TABLE memories; CREATE VIEW memories AS SELECT 1", "table 'memories' of version 5"),
        ("PRAGMA user_version = 3", "table 'counters' of version 3"),
        ("PRAGMA user_version = 0", "user_version: must be from 1 to 5, not 0"),
        (
            "CREATE TRIGGER no AFTER INSERT ON counters BEGIN SELECT RAISE(ABORT, ''); END",
            "trigger 'no'",
        ),
    ],
)
def test_tables_that_can_not_be_written_stop_the_start(path: Path, script: str, why: str) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.executescript(script)
    before = path.read_bytes()
    with pytest.raises(RegistryFileError, match=why):
        Registry.open(str(path))
    assert path.read_bytes() == before


def test_two_fleets_that_make_the_same_ids_stop_the_start(path: Path) -> None:
    file = Registry.open(str(path))
    (group, *_) = fleet().groups
    names = (("a-b", "c"), ("a", "b-c"))
    both = [
        evolve(fleet(), name=name, groups=(evolve(group, spec=evolve(group.spec, name=of_group)),))
        for name, of_group in names
    ]
    write(file, Batch(changes=[SaveFleet(one) for one in both]))
    file.close()
    with pytest.raises(RegistryFileError, match=r"makes the ids a-b-c-…, as fleet 'a' does"):
        Registry.open(str(path))


@pytest.mark.parametrize(
    ("field", "value"), [("groups", []), ("kind", "klingon"), ("created_at", 1e300)]
)
def test_what_is_said_of_a_whole_fleet_stops_the_start_where_it_is_not_in_order(
    path: Path, field: str, value: object
) -> None:
    definition = msgspec.json.encode(msgspec.to_builtins(fleet()) | {field: value}).decode()
    before = altered(path, "UPDATE fleets SET definition = ?", definition)
    with pytest.raises(RegistryFileError, match=f"fleet 'soak': {field}: must be"):
        Registry.open(str(path))
    assert path.read_bytes() == before


def test_a_text_that_is_none_is_one_line(path: Path) -> None:
    before = altered(path, "UPDATE devices SET name = CAST(? AS TEXT)", b"a\n\n\xff")
    with pytest.raises(RegistryFileError) as caught:
        Registry.open(str(path))
    assert "\n" not in str(caught.value)
    assert path.read_bytes() == before
