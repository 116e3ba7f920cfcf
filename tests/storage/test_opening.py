"""Files that are not what they should be: one line, and not a byte of them is changed."""

import os
import sqlite3
from array import array
from collections.abc import Callable
from pathlib import Path
from stat import S_IMODE

import msgspec
import pytest
from attrs import evolve

from iotmock.actors.ports.ledger_file import Page
from iotmock.actors.ports.registry_file import Batch
from iotmock.model.families import built_in
from iotmock.model.faults.fault import Injection
from iotmock.model.faults.notes import Affected, Opened
from iotmock.model.faults.request import parse_fault
from iotmock.storage import FaultLedger, Registry, RegistryFileError
from tests.storage.test_fleets import fleet
from tests.storage.test_registry import record, write


def test_a_pipe_is_no_state_file(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    openings = (Registry.open, Registry.look_over, FaultLedger.open, FaultLedger.read_only)
    for opening in openings:
        with pytest.raises(RegistryFileError, match="it is a pipe or a device"):
            opening(str(pipe))


def altered(path: Path, statement: str, *values: object) -> bytes:
    db = sqlite3.connect(path, isolation_level=None)
    assert db.execute(statement, values).rowcount == 1
    db.close()
    return path.read_bytes()


@pytest.mark.parametrize(
    ("column", "value", "why"),
    [
        ("base_power", 1e9, "base_power: must be from 0.001 to 10000 kW, not 1000000000.0"),
        ("base_power", "abc", "base_power: must be a number, not 'abc'"),
        ("base_power", float("inf"), "base_power: must be a number, not inf"),
        ("base_voltage", 1.0, "base_voltage: must be from 100"),
        ("interval", 0.0, "interval: must be from 0.1"),
        ("name", "", "name: must have 1 to 100 characters, not 0"),
        ("location", "x" * 201, "location: must have 0 to 200 characters"),
        ("created_at", "yesterday", "created_at: must be a number, not 'yesterday'"),
        ("created_at", 1e18, "created_at: must be Unix seconds of the years 1 to 9999, not 1"),
        ("created_at", -1e18, "created_at: must be Unix seconds of the years 1 to 9999, not -1"),
        ("enabled", 7, "enabled: must be 0 or 1, not 7"),
        ("settings", "{", "settings: are not to be read"),
        ("settings", '{"setpoint": 1e9}', "setpoint: must be from 5 to 35, not 1000000000.0"),
        ("settings", '{"setpoint": true}', "setpoint: must be from 5 to 35, not true"),
        ("profile", b"x", "profile: must be a text, not"),
    ],
)
def test_a_device_that_is_not_in_order_stops_the_start(
    path: Path, column: str, value: object, why: str
) -> None:
    before = altered(path, f"UPDATE devices SET {column} = ?", value)
    with pytest.raises(RegistryFileError) as caught:
        Registry.open(str(path), built_in().check)
    assert f"device 'a': {why}" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == ["state.db"]


@pytest.mark.parametrize("column", ["energy_kwh", "reserved_kwh", "last_seen"])
@pytest.mark.parametrize("value", ["much", float("inf")])
def test_a_counter_that_is_not_in_order_stops_the_start(
    path: Path, column: str, value: object
) -> None:
    before = altered(path, f"UPDATE counters SET {column} = ?", value)
    with pytest.raises(RegistryFileError, match=f"device 'a': {column}: must be a number"):
        Registry.open(str(path))
    assert path.read_bytes() == before


def test_an_id_that_no_device_can_have_stops_the_start(path: Path) -> None:
    before = altered(path, "UPDATE devices SET device_id = 'a/b'")
    with pytest.raises(RegistryFileError, match="device 'a/b': device_id"):
        Registry.open(str(path))
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda group: evolve(group, top=-1), "top: must be"),
        (lambda group: evolve(group, spec=evolve(group.spec, base_power=-1.0)), "base_power"),
        (lambda group: evolve(group, spec=evolve(group.spec, name="a/b")), "group: must be"),
        (lambda group: evolve(group, spec=evolve(group.spec, base_power_spread=2.0)), "spread"),
        (lambda group: evolve(group, spec=evolve(group.spec, base_power=9e3)), "spread: must be w"),
        (lambda group: evolve(group, top=9_000_000, reached=9_000_000), "top: fleets must be of"),
        (lambda group: evolve(group, spec=evolve(group.spec, name="roof")), "groups: must be one"),
    ],
)
def test_a_fleet_that_is_not_in_order_stops_the_start(
    path: Path, change: Callable[[object], object], why: str
) -> None:
    groups = [change(group) for group in fleet().groups]
    definition = msgspec.json.encode(msgspec.to_builtins(fleet()) | {"groups": groups}).decode()
    before = altered(path, "UPDATE fleets SET definition = ?", definition)
    with pytest.raises(RegistryFileError, match=f"fleet 'soak': .*{why}"):
        Registry.open(str(path))
    assert path.read_bytes() == before


@pytest.mark.parametrize("blob", [b"1234567", array("d", [-1.0]).tobytes(), "text"])
def test_a_block_of_counters_that_is_not_in_order_stops_the_start(path: Path, blob: object) -> None:
    before = altered(path, "UPDATE fleet_counters SET energies = ?", blob)
    with pytest.raises(RegistryFileError, match="counters of soak-roof, block 0: energies"):
        Registry.open(str(path))
    assert path.read_bytes() == before


def test_a_file_with_a_log_of_an_earlier_release_is_not_carried_over_when_it_is_refused(
    path: Path,
) -> None:
    altered(path, "UPDATE devices SET name = ''")
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("UPDATE devices SET name = 'x', base_power = -1")
    log = Path(f"{path}-wal")
    before = path.read_bytes(), log.read_bytes()
    with pytest.raises(RegistryFileError, match="base_power"):
        Registry.open(str(path))
    assert (path.read_bytes(), log.read_bytes()) == before
    db.execute("UPDATE devices SET base_power = 1")
    db.close()
    file = Registry.open(str(path))
    assert file.load()[0].spec.base_power == 1.0
    file.close()
    assert not log.exists()


def test_a_database_of_another_program_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE devices (device_id TEXT)")
    db.close()
    before = path.read_bytes()
    with pytest.raises(RegistryFileError, match="no state file of iotmock"):
        Registry.open(str(path))
    with pytest.raises(RegistryFileError, match="not a fault ledger"):
        FaultLedger.open(str(path))
    assert path.read_bytes() == before


def test_a_ledger_is_no_state_file_and_a_state_file_is_no_ledger(
    path: Path, tmp_path: Path
) -> None:
    ledger = str(tmp_path / "ledger.db")
    FaultLedger.open(ledger).close()
    with pytest.raises(RegistryFileError, match="no state file"):
        Registry.open(ledger)
    with pytest.raises(RegistryFileError, match="not a fault ledger"):
        FaultLedger.open(str(path))


def test_who_came_and_went_is_in_the_main_file_and_not_only_in_its_log(path: Path) -> None:
    file = Registry.open(str(path))
    write(file, Batch(upserts=[record(f"d{number}") for number in range(94)], deletes=["a"]))
    copy = path.with_name("copy.db")
    copy.write_bytes(path.read_bytes())
    assert len(Registry.open(str(copy)).load()) == 94
    file.close()


def test_files_are_made_for_their_owner_alone(tmp_path: Path) -> None:
    state, ledger = Registry.open(str(tmp_path / "s.db")), FaultLedger.open(str(tmp_path / "l.db"))
    write(state, Batch(upserts=[record("a")]))
    modes = {file.name: S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
    assert {"s.db", "l.db", "l.db-wal", "l.db-shm"} <= set(modes)
    assert set(modes.values()) == {0o600}
    state.close()
    ledger.close()


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    path = tmp_path / "ledger.db"
    file = FaultLedger.open(str(path))
    fault = parse_fault("stuck", {})
    injection = Injection("f1", "a", fault, 1_700_000_000.0, None)
    file._write_or_raise([Opened(injection, {}, begun=True)])
    file.close()
    return path


ODD_FAULTS = [
    ("parameters", "{", "parameters: are not to be read"),
    ("parameters", '{"what": "nothing"}', "parameters: what: "),
    ("fault", "nonsense", "fault: unknown 'nonsense'"),
    ("kind", "device", "kind: must be meter, not 'device'"),
    ("begin", "soon", "begin: must be a time in Unix s, of the years 1 to 9999, not 'soon'"),
    ("begin", 1e300, "begin: must be a time"),
    ("begin", -1e300, "begin: must be a time"),
    ("end", "later", "end: must be a time"),
    ("end", 1e300, "end: must be a time"),
    ("state", "odd", "state: must be one of scheduled, active, ended, not 'odd'"),
    ("cause", "chance", "cause: must be one of request, profile, not 'chance'"),
    ("grp", b"x", "grp: must be a text"),
    ("device_id", "a/b", "device_id: must be the id of a device, not 'a/b'"),
]


@pytest.mark.parametrize(
    ("column", "value", "why"),
    [
        *ODD_FAULTS,
        ("end", 1_600_000_000.0, "end: must be no earlier than its begin"),
        ("memory", "7", "memory: are not to be read"),
        ("memory", '{"x": [1, 2]}', "memory: stuck remembers no x"),
        ("memory", '{"values": {"power": "much"}}', "memory.values: power: must be"),
        ("memory", '{"values": {"power": 1e300}}', "memory.values: power: must be"),
        ("memory", '{"values": {"colour": 1.0}}', "memory.values: "),
    ],
)
def test_an_open_fault_that_is_not_in_order_stops_the_start(
    ledger: Path, column: str, value: object, why: str
) -> None:
    stops_the_start(ledger, column, value, why)


@pytest.mark.parametrize(("column", "value", "why"), ODD_FAULTS)
def test_a_fault_that_has_ended_and_is_not_in_order_stops_the_start(
    ledger: Path, column: str, value: object, why: str
) -> None:
    altered(ledger, "UPDATE faults SET state = 'ended', end = begin + 10")
    stops_the_start(ledger, column, value, why)


def stops_the_start(ledger: Path, column: str, value: object, why: str) -> None:
    before = altered(ledger, f"UPDATE faults SET {column} = ?", value)
    with pytest.raises(RegistryFileError, match=r"FAULT_LEDGER=.* not in order: fault 'f1'") as odd:
        FaultLedger.open(str(ledger))
    assert why in str(odd.value)
    assert "\n" not in str(odd.value)
    assert ledger.read_bytes() == before


def test_a_fault_that_was_cleared_while_it_waited_is_in_order(ledger: Path) -> None:
    altered(ledger, "UPDATE faults SET state = 'ended', end = begin - 3600")
    FaultLedger.open(str(ledger)).close()


@pytest.mark.parametrize(("column", "value"), [("time", 1e300), ("effect", b"x")])
def test_a_message_that_is_not_in_order_is_named_when_it_is_read(
    ledger: Path, column: str, value: object
) -> None:
    file = FaultLedger.open(str(ledger))
    file._write_or_raise([Affected("f1", 1_700_000_001.0, "t", "missing")])
    file.close()
    altered(ledger, f"UPDATE messages SET {column} = ?", value)
    file = FaultLedger.open(str(ledger))
    with pytest.raises(OSError, match=f"a message of fault 'f1': {column}: must be"):
        file._find_or_raise(Page())
    file.close()


def test_a_corrupt_ledger_is_left_untouched(ledger: Path) -> None:
    for content in (b"no ledger" * 100, ledger.read_bytes()[:4096] + bytes(8192)):
        ledger.write_bytes(content)
        with pytest.raises(RegistryFileError, match="corrupt"):
            FaultLedger.open(str(ledger))
        assert ledger.read_bytes() == content
