"""`iotmock watch` against a service and a broker that run."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from iotmock.client.readings.reading import as_text
from tests.line import Line
from tests.mosquitto import running_mosquitto
from tests.patience import SLACK
from tests.service.process import running_service, wait_until

HVAC = "mock-hvac-001"


@pytest.mark.parametrize("via", ["mqtt", "rest"])
def test_json_lines_are_data_messages(line: Line, via: str) -> None:
    output = line.says("watch", HVAC, "--via", via, "--count", "3", "--json")
    readings = [json.loads(text) for text in output.splitlines()]
    assert [one["device_id"] for one in readings] == [HVAC] * 3
    assert all(
        {*one}
        == {
            *("device_id", "timestamp", "power", "voltage", "current", "energy"),
            *("status", "enabled"),
        }
        for one in readings
    )
    energies = [one["energy"] for one in readings]
    assert energies == sorted(energies)


def test_people_get_a_line_with_units(line: Line) -> None:
    [text] = line.says("watch", "mock-h*", "--count", "1").splitlines()
    assert text.split()[1] == HVAC
    assert [word for word in text.split() if word in {"kW", "V", "A", "kWh"}] == [
        *("kW", "V", "A", "kWh")
    ]
    assert len(text) <= 80


def test_the_date_is_told_where_it_is_not_today() -> None:
    reading = {"device_id": HVAC, "timestamp": "2026-11-26T10:00:00Z", "status": "online"}
    assert as_text(reading, "2026-11-26").split()[0] == "10:00:00Z"
    assert as_text(reading, "2026-11-27").split()[0] == "2026-11-26T10:00:00Z"


def test_a_type_narrows_what_is_watched(line: Line) -> None:
    output = line.says("watch", "--type", "server", "--count", "2", "--json")
    assert {json.loads(text)["device_id"] for text in output.splitlines()} == {"mock-server-001"}


def test_a_broker_that_lets_us_not_in_is_told_and_the_service_asked(line: Line) -> None:
    line = line.having(MQTT_PASSWORD="hunter2")
    code, output, error = line("watch", HVAC, "--count", "1")
    assert (code, output.split()[1]) == (0, HVAC)
    assert error == (
        "iotmock: the broker refused user 'iot_user': unknown or wrong password; "
        "asking the service every second instead\n"
    )
    refused = line.refuses("watch", "--via", "mqtt", code=2)
    assert refused.endswith("; --via rest asks the service instead")


def test_who_is_not_there_is_not_waited_for(line: Line) -> None:
    assert "there is no device 'nope'" in line.refuses("watch", "nope", code=1)
    assert "no device is nope*" in line.refuses("watch", "nope*", code=1)


def watching(line: Line, folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen(
        [sys.executable, "-m", "iotmock", "watch", *arguments],
        cwd=folder,
        env=environment | line.environment,
        stdout=subprocess.PIPE,
        stderr=(folder / "said").open("wb"),
    )


@pytest.mark.parametrize("via", ["mqtt", "rest"])
def test_control_c_ends_it_without_a_word(line: Line, tmp_path: Path, via: str) -> None:
    with watching(line, tmp_path, HVAC, "--via", via) as process:
        assert process.stdout is not None
        assert HVAC.encode() in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(20 * SLACK) == 0
    assert (tmp_path / "said").read_text() == ""


@pytest.mark.parametrize("via", ["mqtt", "rest"])
def test_a_reader_that_has_enough_ends_it_without_a_word(
    line: Line, tmp_path: Path, via: str
) -> None:
    with watching(line, tmp_path, HVAC, "--via", via) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.wait(20 * SLACK) == 0
    assert (tmp_path / "said").read_text() == ""


def test_a_service_that_comes_back_is_watched_on(tmp_path: Path, lost_line: Line) -> None:
    with (
        running_mosquitto(tmp_path) as broker,
        running_service(tmp_path, MQTT_BROKER_PORT=broker.port, SIMULATION_INTERVAL=0.5) as service,
    ):
        service.wait_connected()
        line = lost_line.having(IOTMOCK_URL=f"http://127.0.0.1:{service.port}")
        with watching(line, tmp_path, HVAC, "--via", "rest") as process:
            assert process.stdout is not None
            process.stdout.readline()
            service.end()
            said = tmp_path / "said"
            wait_until(lambda: "waiting for it" in said.read_text(), 10, "it says who is away")
            service.start()
            wait_until(lambda: "it is back" in said.read_text(), 10, "it says who is back")
            process.kill()


def test_a_broker_that_comes_back_is_heard_again(tmp_path: Path, lost_line: Line) -> None:
    with (
        running_mosquitto(tmp_path) as broker,
        running_service(tmp_path, MQTT_BROKER_PORT=broker.port, SIMULATION_INTERVAL=0.5) as service,
    ):
        service.wait_connected()
        line = lost_line.having(IOTMOCK_URL=f"http://127.0.0.1:{service.port}")
        with watching(line, tmp_path, HVAC) as process:
            assert process.stdout is not None
            process.stdout.readline()
            broker.end_and_start()
            said = tmp_path / "said"
            wait_until(lambda: "the broker is back" in said.read_text(), 10, "it is heard again")
            assert "; waiting for the broker" in said.read_text()
            process.kill()
