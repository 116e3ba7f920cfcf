"""A newcomer: a copy of the repository, the README's first command, then curl and mosquitto."""

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from attrs import define

from tests.asked import only_if_installs_are_asked_for
from tests.mosquitto import free_port
from tests.patience import SLACK
from tests.repository import copy_to
from tests.service.process import Subscriber, publish, subscribed, wait_until

pytestmark = [
    pytest.mark.long(40),
    pytest.mark.timeout(120 * SLACK),  # the first makes a virtual environment
]
TYPES = ("hvac", "lighting", "server", "industrial", "appliance")
FIVE = [f"mock-{name}-001" for name in TYPES]
PARAMETERS: dict[str, dict[str, object]] = {
    "inject_fault": {"fault": "stuck", "duration": 0.001},
    "set_power": {"power": 12.5},
    "set_base_power": {"power": 12.5},
    "set_voltage": {"voltage": 230.0},
    "set_enabled": {"enabled": True},
    "set_online": {"online": True},
    "set_interval": {"interval": 1.0},
    "set_setpoint": {"temperature": 21.0},
    "set_brightness": {"percent": 50.0},
    "set_load": {"percent": 80.0},
    "start_cycle": {"program": "dishwasher"},
}

OVER_MQTT = {"start_cycle": {"program": "kettle"}}  # what runs already can not be started
ONLINE = {"command": "set_online", "parameters": {"online": True}}


@define(eq=False)
class Newcomer:
    """Somebody with curl."""

    port: int
    mqtt_port: int
    curl_path: str

    def curl(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        line = [self.curl_path, "-s", "-X", method, f"http://localhost:{self.port}{path}"]
        line += ["-w", "\n%{http_code}"]
        if body is not None:
            line += ["-H", "Content-Type: application/json", "-d", json.dumps(body)]
        done = subprocess.run(line, capture_output=True, text=True, timeout=20 * SLACK, check=False)
        content, _, status = done.stdout.rpartition("\n")
        return int(status), json.loads(content) if content else None


def serves(log: Path) -> bool:
    return "serving" in log.read_text()


@pytest.fixture(scope="module")
def newcomer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newcomer]:
    only_if_installs_are_asked_for()
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("curl is not installed")
    folder = copy_to(tmp_path_factory.mktemp("copy"))
    someone = Newcomer(free_port(), free_port(), curl)
    environment = os.environ | {
        "PORT": str(someone.port),
        "MQTT_BROKER_PORT": str(someone.mqtt_port),
        "SIMULATION_INTERVAL": "2",
        # A Sunday night: nobody in the kitchen starts what the tests start.
        "SIMULATION_NOW": "2026-06-07T02:00",
    }
    with (folder / "make.log").open("wb") as log:
        process = subprocess.Popen(
            ["make", "run"], cwd=folder, env=environment, stdout=log, stderr=log, process_group=0
        )
        try:
            wait_until(
                lambda: (
                    "serving" in (folder / "make.log").read_text() or process.poll() is not None
                ),
                110,
                "make run serves",
            )
            assert process.poll() is None, (folder / "make.log").read_text()[-2000:]
            yield someone
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(20 * SLACK)


def test_each_of_the_five_streams_within_two_intervals(newcomer: Newcomer) -> None:
    with subscribed(newcomer.mqtt_port) as heard:
        heard.wait_for(lambda s: all(s.data(name) for name in FIVE), 4.5)


def test_every_row_of_the_rest_table(newcomer: Newcomer) -> None:
    curl = newcomer.curl
    devices = "/api/v1/devices"
    assert curl("GET", f"{devices}?limit=2&offset=1&device_type=hvac&status=online")[0] == 200
    assert curl("GET", f"{devices}/mock-hvac-001")[1]["base_power"] > 0
    status, made = curl("POST", devices, {"device_type": "hvac", "name": "Mine"})
    assert (status, made["device_id"]) == (201, "mock-hvac-002")
    mine = f"{devices}/mock-hvac-002"
    assert curl("PUT", mine, {"name": "Yours", "base_power": 3})[1]["name"] == "Yours"
    assert curl("GET", f"{mine}/readings")[1]["device_id"] == "mock-hvac-002"
    assert curl("POST", f"{mine}/simulate")[1]["power"] > 0
    assert curl("DELETE", mine) == (204, None)
    assert curl("GET", mine)[0] == 404
    simulation = "/api/v1/simulation"
    assert curl("POST", f"{simulation}/stop")[1]["running"] is False
    assert curl("POST", f"{simulation}/start")[1]["running"] is True
    assert curl("GET", f"{simulation}/status")[1]["devices"]["total"] == 5
    listed = curl("GET", "/api/v1/device-types")[1]["device_types"]
    assert [kind["device_type"] for kind in listed][: len(TYPES)] == list(TYPES)
    wait_until(lambda: bool(curl("GET", "/health")[1]["status"] == "healthy"), 20, "it is healthy")
    assert curl("GET", "/openapi.json")[1]["openapi"].startswith("3.1")


@pytest.mark.parametrize("device_type", TYPES)
def test_every_command_over_rest_and_over_mqtt(newcomer: Newcomer, device_type: str) -> None:
    name = f"mock-{device_type}-001"
    listed = newcomer.curl("GET", "/api/v1/device-types")[1]["device_types"]
    (kind,) = [entry for entry in listed if entry["device_type"] == device_type]
    commands = [entry["command"] for entry in kind["commands"]]
    with subscribed(newcomer.mqtt_port) as heard:
        heard.wait_for(lambda s: s.statuses(name))
        for one in sorted(commands, key="reboot".__eq__):
            body = {"command": one, "parameters": PARAMETERS.get(one, {})}
            status, result = newcomer.curl("POST", f"/api/v1/devices/{name}/command", body)
            assert (status, result["status"]) == (200, "applied"), result
            newcomer.curl("POST", f"/api/v1/devices/{name}/command", ONLINE)
            count = len(heard.results(name))
            body |= {"parameters": OVER_MQTT.get(one, PARAMETERS.get(one, {}))}
            publish(newcomer.mqtt_port, f"energy/devices/{name}/commands", body)
            heard.wait_for(partial(has_more_results, name, count))
            assert heard.results(name)[-1]["status"] == "applied"
    # The other tests, in whatever order, meet it online.
    assert newcomer.curl("POST", f"/api/v1/devices/{name}/command", ONLINE)[0] == 200


def has_more_results(name: str, count: int, heard: Subscriber) -> bool:
    return len(heard.results(name)) > count


def test_readings_follow_set_power(newcomer: Newcomer) -> None:
    path = "/api/v1/devices/mock-server-001"
    powers = []
    for power in (10.0, 100.0):
        body = {"command": "set_power", "parameters": {"power": power}}
        assert newcomer.curl("POST", f"{path}/command", body)[0] == 200
        powers.append(newcomer.curl("POST", f"{path}/simulate")[1]["power"])
    assert powers[1] / powers[0] == pytest.approx(10, rel=0.3)
