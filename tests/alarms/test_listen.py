"""`iotmock alarms listen` beside a service that has faults."""

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from attrs import define

from tests.docs.snippets import ROOT
from tests.mosquitto import PASSWORD, USERNAME, Mosquitto, running_mosquitto
from tests.patience import SLACK
from tests.service.process import Service, publish, running_service, subscribed, wait_until
from tests.traffic.commands import done, ended, started

MISSED, BAD_INPUT = 1, 2


@define(eq=False)
class Stand:
    """A service that keeps a ledger, and its broker."""

    broker: Mosquitto
    service: Service

    def inject(self, device_id: str) -> None:
        path = f"/api/v1/devices/{device_id}/faults"
        assert self.service.request("POST", path, {"fault": "gap", "duration": 600})[0] == 201
        wait_until(lambda: self.touched(device_id), 20, "the fault has touched messages")

    def clear(self, device_id: str) -> None:
        path = f"/api/v1/devices/{device_id}/faults"
        for fault in self.service.request("GET", path)[1]["faults"]:
            assert self.service.request("DELETE", f"{path}/{fault['fault_id']}")[0] == 204

    def touched(self, device_id: str) -> bool:
        faults = self.service.request("GET", f"/api/v1/faults?device_id={device_id}")[1]
        return bool(faults["faults"] and faults["faults"][0]["affected"])


@pytest.fixture(scope="module")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    folder = tmp_path_factory.mktemp("alarms")
    with running_mosquitto(folder, "log_type subscribe") as broker:
        settings = {
            "MQTT_BROKER_PORT": broker.port,
            "MQTT_EMBEDDED_BROKER": "off",
            "SIMULATION_INTERVAL": 0.2,
            "STATE_FILE": "state.db",
        }
        with running_service(folder, **settings) as service:
            yield Stand(broker, service)


def alarm(device_id: str, **more: str) -> str:
    now = datetime.now(UTC).isoformat()
    return json.dumps({"device_id": device_id, "timestamp": now, **more})


@contextmanager
def listening(stand: Stand, folder: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    ledger = str(stand.service.folder / "state-faults.db")
    arguments = ("alarms", "listen", "--ledger", ledger, *options)
    process = started(folder, stand.broker.port, *arguments)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def told(process: subprocess.Popen[str]) -> str:
    assert process.stderr is not None
    return process.stderr.readline()


def post(address: str, body: str) -> int:
    request = urllib.request.Request(f"{address}hook", body.encode(), method="POST")
    try:
        with urllib.request.urlopen(request, timeout=10 * SLACK) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_alarms_of_both_ways_are_scored_and_a_missed_threshold_is_exit_code_1(
    stand: Stand, tmp_path: Path
) -> None:
    first, second, third = ids(stand)[:3]
    stand.inject(third)
    stand.clear(third)
    wait_until(lambda: are_over(stand), 20, "the faults of before have ended")
    options = ("--topic", "alarms/#", "--http", "0", "-o", "got.csv", "--min-recall", "0.9")
    with listening(stand, tmp_path, *options, "--json") as process:
        address = told(process).split()[-1]
        assert "alarms/#" in told(process)
        stand.inject(first)
        stand.inject(second)
        publish(stand.broker.port, "alarms/x", alarm(first, kind="gap"))
        publish(stand.broker.port, "alarms/x", "no alarm")
        assert "alarms/x: no alarm: it is not JSON" in told(process)
        assert post(address, alarm("somebody", kind="stuck")) == 204
        assert post(address, "{}") == 400
        process.send_signal(signal.SIGTERM)
        code, output, _ = ended(process)
    stand.clear(first)
    stand.clear(second)
    found: dict[str, Any] = json.loads(output)
    assert (code, found["passed"]) == (MISSED, False)
    assert (found["alarms"], found["unreadable"]) == (2, 2)
    total = found["all"]
    assert (total["faults"], total["detected"], total["missed"]) == (2, 1, 1)
    assert (total["false_alarms"], total["precision"]) == (1, 0.5)
    assert found["faults"]["gap"]["delay_median_s"] >= 0
    assert found["misses"] == ["recall: 0.500, at least 0.9 is asked for"]
    assert len((tmp_path / "got.csv").read_text().splitlines()) == 3


def ids(stand: Stand) -> list[str]:
    devices = stand.service.request("GET", "/api/v1/devices")[1]["devices"]
    return [device["device_id"] for device in devices]


def are_over(stand: Stand) -> bool:
    """Say whether no fault is left, of other tests neither."""
    faults = stand.service.request("GET", "/api/v1/faults")[1]["faults"]
    return all(fault["state"] == "ended" for fault in faults)


def test_a_quiet_time_passes_and_prints_a_table(stand: Stand, tmp_path: Path) -> None:
    with listening(stand, tmp_path, "--http", "0", "--duration", "0.2") as process:
        code, output, _ = ended(process)
    assert code == 0
    assert output.startswith("0 alarms\n")
    assert "false alarms" in output


def test_one_line_says_what_is_lacking(stand: Stand, tmp_path: Path) -> None:
    port = stand.broker.port
    for options, why in {
        ("--ledger", "none.db", "--http", "0"): "none.db",
        ("--ledger", "none.db"): "say where alarms come from",
        ("--http", "http"): "--http must be PORT or HOST:PORT",
    }.items():
        code, output, error = done(tmp_path, port, "alarms", "listen", *options)
        assert (code, output) == (BAD_INPUT, "")
        assert why in error
        assert error.count("\n") == 1


@contextmanager
def detecting(stand: Stand) -> Iterator[None]:
    """Run the example's detector, until it has heard every device at least once."""
    command = [sys.executable, str(ROOT / "examples" / "detector.py"), "--patience", "10"]
    command += ["--host", "127.0.0.1", "--port", str(stand.broker.port)]
    variables = {"PYTHONPATH": os.pathsep.join(sys.path), "PATH": os.environ["PATH"]}
    variables |= {"MQTT_USERNAME": USERNAME, "MQTT_PASSWORD": PASSWORD}
    process = subprocess.Popen(command, env=variables)
    log = stand.broker.folder / "mosquitto.log"
    try:
        wait_until(lambda: " 0 energy/devices/+/data" in log.read_text(), 20, "it has subscribed")
        yield
    finally:
        process.kill()
        process.wait()


def test_the_detector_of_the_examples_finds_a_gap(stand: Stand, tmp_path: Path) -> None:
    device_id = ids(stand)[3]
    with listening(stand, tmp_path, "--topic", "alarms/#", "-o", "got.csv", "--json") as process:
        assert "alarms/#" in told(process)
        with detecting(stand):
            wait_heard(stand, device_id)
            stand.inject(device_id)
            alarms = tmp_path / "got.csv"
            wait_until(lambda: f"{device_id}," in alarms.read_text(), 40, "it raises an alarm")
            stand.clear(device_id)
        process.send_signal(signal.SIGINT)
        _, output, _ = ended(process)
    assert json.loads(output)["faults"]["gap"]["detected"] == 1


def wait_heard(stand: Stand, device_id: str) -> None:
    """Return once a message of the device, later than the detector's subscription, has come."""
    with subscribed(stand.broker.port) as subscriber:
        subscriber.wait_for(lambda s: len(s.data(device_id)) >= 2)
