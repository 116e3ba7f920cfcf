"""Fleets in the state file."""

import sqlite3
from array import array
from pathlib import Path

import pytest
from attrs import evolve

from iotmock.actors.definitions.file import (
    BLOCK,
    BlockKey,
    EnergyBlock,
    FleetChange,
    ForgetFleet,
    PunchHole,
    SaveFleet,
)
from iotmock.actors.ports.registry_file import Batch
from iotmock.model.fleet import FleetRecord, GroupRecord, GroupSpec
from iotmock.model.site.places.place import Country
from iotmock.storage import Registry
from iotmock.storage.rows import RecordError
from iotmock.storage.schema import MIGRATIONS
from tests.storage.test_registry import OURS, record, write

ROOF = GroupSpec("roof", "hvac", 20.0, 240.0, "split", "Dächer", 5.0, 0.25)
LAMPS = GroupSpec("lamps", "lighting", 8.5, 240.0)


def fleet(top: int = 3_000, reached: int = 3_000) -> FleetRecord:
    groups = GroupRecord(ROOF, top, reached), GroupRecord(LAMPS, 10, 10)
    return FleetRecord("soak", 2**63 - 1, 1_700_000_000.5, groups)


def block(number: int = 0, *energies: float) -> EnergyBlock:
    reserved = array("d", (energy + 0.5 for energy in energies))
    seen = array("d", (1_700_000_000.0 for _ in energies))
    return EnergyBlock(BlockKey("soak", "roof", number), array("d", energies), reserved, seen, 0.0)


def changed(file: Registry, *changes: FleetChange) -> Registry:
    write(file, Batch(changes=changes))
    return file


def opened(path: Path) -> Registry:
    return Registry.open(str(path / "state.db"))


def test_a_fleet_comes_back_as_it_was(tmp_path: Path) -> None:
    file = changed(opened(tmp_path), SaveFleet(fleet()), PunchHole("soak", "roof", 7))
    write(file, Batch(blocks=[block(0, 1.5, 2.5)], closes=True))
    file.close()
    saved = opened(tmp_path).load_fleets()
    (found,) = saved.fleets
    assert found.groups[0].holes == {7}
    assert found.groups[0].wanted == 2_999
    assert found.groups[1] == fleet().groups[1]
    assert (found.seed, found.created_at) == (2**63 - 1, 1_700_000_000.5)
    (counters,) = saved.blocks.values()
    assert list(counters.energies) == [1.5, 2.5]
    assert list(counters.last_seen) == [1_700_000_000.0] * 2


def test_without_an_end_counters_go_on_from_their_reserve_and_keep_it(tmp_path: Path) -> None:
    file = changed(opened(tmp_path), SaveFleet(fleet()))
    write(file, Batch(blocks=[block(0, 1.5, 2.5)]))
    file.close()  # as after a kill, nothing says that the counters are complete
    file = opened(tmp_path)
    assert list(file.load_fleets().blocks[BlockKey("soak", "roof", 0)].energies) == [2.0, 3.0]
    file.close()  # an end before the device was made again
    again = opened(tmp_path).load_fleets()
    assert list(again.blocks[BlockKey("soak", "roof", 0)].energies) == [2.0, 3.0]


@pytest.mark.parametrize(("closes", "kwh"), [(True, [0.5, 0.0]), (False, [0.75, 0.25])])
def test_what_devices_of_a_fleet_fed_in_comes_back(
    tmp_path: Path, closes: bool, kwh: list[float]
) -> None:
    file = changed(opened(tmp_path), SaveFleet(fleet()))
    back, reserved = array("d", [0.5, 0.0]), array("d", [0.75, 0.25])
    both = evolve(block(0, 1.5, 2.5), back=back, back_reserved=reserved)
    write(file, Batch(blocks=[both, block(1, 3.5)], closes=closes))
    file.close()
    blocks = opened(tmp_path).load_fleets().blocks
    assert list(blocks["soak", "roof", 0].back) == kwh  # type: ignore[index]
    assert not blocks["soak", "roof", 1].back  # type: ignore[index]


def test_what_lies_beyond_a_fleet_is_forgotten(tmp_path: Path) -> None:
    file = changed(opened(tmp_path), SaveFleet(fleet()), PunchHole("soak", "roof", 1_500))
    write(file, Batch(blocks=[block(0, 1.0), block(1, 2.0), block(2, 3.0)]))
    changed(file, SaveFleet(fleet(top=1_200, reached=3_000)))
    assert len(file.load_fleets().blocks) == 3
    changed(file, SaveFleet(fleet(top=1_200, reached=1_200)))
    assert {key.number for key in file.load_fleets().blocks} == {0, 1}
    changed(file, SaveFleet(fleet(top=1_600, reached=1_600)))
    assert file.load_fleets().fleets[0].groups[0].holes == set()
    assert BLOCK == 1_000


def test_a_fleet_that_is_forgotten_leaves_nothing(tmp_path: Path) -> None:
    file = changed(opened(tmp_path), SaveFleet(fleet()), PunchHole("soak", "roof", 7))
    write(file, Batch(blocks=[block(0, 1.0)]))
    changed(file, ForgetFleet("soak"))
    tables = ("fleets", "fleet_holes", "fleet_counters")
    assert [file._db.execute(f"SELECT * FROM {table}").fetchall() for table in tables] == [[]] * 3


def test_a_file_of_the_second_version_is_brought_forward(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "state.db", isolation_level=None) as db:
        db.executescript(MIGRATIONS[0] + MIGRATIONS[1] + "PRAGMA user_version = 2;" + OURS)
    db.close()
    file = changed(opened(tmp_path), SaveFleet(fleet()))
    write(file, Batch(upserts=[record("a")]))
    assert len(file.load_fleets().fleets) == len(file.load()) == 1


def test_a_country_comes_back_and_a_file_of_before_has_none(tmp_path: Path) -> None:
    french = evolve(fleet(), kind="home", country=Country.of("FR", "Zone A"))
    file = changed(opened(tmp_path), SaveFleet(french))
    assert file.load_fleets().fleets[0].country == Country("FR", "Zone A")
    file.close()
    db = sqlite3.connect(tmp_path / "state.db")
    db.execute("UPDATE fleets SET definition = json_remove(definition, '$.country')")
    db.commit()
    db.close()
    assert opened(tmp_path).load_fleets().fleets[0].country is None


def test_a_country_that_there_is_not_is_refused_with_its_fleet(tmp_path: Path) -> None:
    file = changed(opened(tmp_path), SaveFleet(evolve(fleet(), country=Country("XX"))))
    with pytest.raises(RecordError, match=r"fleet 'soak'.*unknown country 'XX'"):
        file.load_fleets()
