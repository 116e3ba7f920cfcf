"""What the doctor says of the machine: settings, files, ports, limits."""

import os
import re
import socket
import sqlite3
from pathlib import Path

import pytest

from iotmock.doctor.machine.file_limit import FileLimit, open_files
from iotmock.settings.reading import read_settings
from tests.doctor.examined import examined, of
from tests.full_disk import small_disk
from tests.line import Line
from tests.service.process import running_service


def test_where_all_is_well_people_get_a_line_for_each_check(line: Line) -> None:
    told = line.says("doctor").splitlines()
    assert told[-1] == "no problems, no warnings"
    assert all(text.startswith("ok       ") for text in told[:-1])
    checks = [text.split()[1].rstrip(":") for text in told[:-1]]
    assert checks == [
        *("versions", "versions", "settings", "state", "disk", "http", "broker", "open")
    ]


def test_a_setting_that_is_wrong_is_the_finding_and_what_it_hides_is_left(line: Line) -> None:
    findings = examined(line.having(SIMULATION_INTERVAL="0"), code=1)
    assert of("settings", findings).text.startswith("SIMULATION_INTERVAL=0 is not allowed: ")
    assert {one.check for one in findings} == {"versions", "settings"}


def test_the_file_of_settings_can_be_named(line: Line, tmp_path: Path) -> None:
    file = tmp_path / "other.env"
    file.write_text("MQTT_QOS=7\n")
    assert "MQTT_QOS=7" in of("settings", examined(line, "--env-file", str(file), code=1)).text


def test_who_holds_the_port_is_named(line: Line) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        found = of("http port", examined(line.having(PORT=port), code=1))
    assert re.fullmatch(rf"127.0.0.1:{port} is taken by \S+.* \(process \d+\)", found.text)
    assert found.advice == "end that, or set PORT to another one"


def test_an_address_of_another_machine_is_said(line: Line) -> None:
    found = of("http port", examined(line.having(HOST="192.0.2.1"), code=1))
    assert found.text == "192.0.2.1 is no address of this machine"


def test_a_state_file_that_is_not_in_order_is_a_problem_and_stays_as_it_is(
    line: Line, tmp_path: Path
) -> None:
    file = tmp_path / "iotmock.db"
    file.write_bytes(b"no database at all" * 100)
    before = file.read_bytes()
    found = of("state file", examined(line, code=1))
    assert "is corrupt" in found.text
    assert file.read_bytes() == before


@pytest.mark.parametrize(("name", "check"), [("iotmock", "state file"), ("x", "fault ledger")])
def test_a_file_of_another_program_is_a_problem(
    line: Line, tmp_path: Path, name: str, check: str
) -> None:
    with sqlite3.connect(tmp_path / f"{name}.db") as db:
        db.execute("CREATE TABLE theirs (x)")
    db.close()
    found = of(check, examined(line.having(FAULT_LEDGER=tmp_path / "x.db"), code=1))
    assert "no state file of iotmock" in found.text or "not a fault ledger" in found.text


def test_the_state_file_of_another_service_is_a_problem_while_that_runs(
    line: Line, tmp_path: Path
) -> None:
    broker = line.environment["MQTT_BROKER_PORT"]
    with running_service(tmp_path, MQTT_BROKER_PORT=broker, FLEET="hvac=7") as service:
        found = of("state file", examined(line, code=1))
        assert found.text.endswith("is in use by another process")
        service.end()
    assert of("state file", examined(line)).text.endswith("iotmock.db is in order, 7 devices")


def test_a_folder_that_is_not_there_is_a_problem(line: Line, tmp_path: Path) -> None:
    findings = examined(line.having(STATE_FILE=tmp_path / "none" / "x.db"), code=1)
    assert of("disk", findings).text == f"the folder {tmp_path / 'none'} is not there"


def test_a_disk_without_room_is_a_problem(line: Line, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk"):
        found = of("disk", examined(line.having(STATE_FILE=tmp_path / "disk" / "x.db"), code=1))
    assert re.fullmatch(r"\d MB are free in .*/disk", found.text)


def test_a_file_that_can_not_be_written_is_a_problem(
    line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running_service(tmp_path, MQTT_BROKER_PORT=line.environment["MQTT_BROKER_PORT"]) as one:
        one.end()
    # Root may write everything, which a mode does not keep from it.
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path).is_dir())
    found = of("state file", examined(line, code=1))
    assert found.text == "iotmock.db can not be written"


@pytest.mark.parametrize(
    ("connections", "soft", "state"),
    [
        ("shared", 4_096, "ok"),
        ("shared", 1_024, "warning"),
        ("per-device", 1_024, "problem"),
        ("pool:1000", 1_024, "problem"),
    ],
)
def test_the_limit_of_files_is_held_against_what_the_fleet_needs(
    connections: str, soft: int, state: str
) -> None:
    settings = read_settings({"MQTT_CONNECTIONS": connections}, Path(".env"))
    [found] = open_files(settings, FileLimit(soft, soft), devices=2_000)
    assert found.state == state


def test_a_connection_per_device_may_have_the_hard_limit_and_needs_source_ports() -> None:
    settings = read_settings({"MQTT_CONNECTIONS": "per-device"}, Path(".env"))
    found = [*open_files(settings, FileLimit(1_024, 100_000), devices=50_000)]
    assert [(one.check, one.state) for one in found] == [
        ("open files", "ok"),
        ("source ports", "warning"),
    ]
