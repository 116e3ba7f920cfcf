"""Fleets of a whole service: from the command line, and over kill -9."""

import signal
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.mosquitto import running_mosquitto
from tests.patience import SLACK
from tests.service.process import Service, running_service, subscribed, wait_until

pytestmark = pytest.mark.long(20)
ALONE = {"MQTT_EMBEDDED_BROKER": "off", "MQTT_BROKER_PORT": 1, "DEFAULT_DEVICES": "false"}
FLEETS = "/api/v1/fleets"


def fleet(service: Service, name: str = "cli") -> Any:
    return service.request("GET", f"{FLEETS}/{name}")[1]


def stands(service: Service, name: str = "cli") -> None:
    wait_until(lambda: fleet(service, name)["state"] == "ready", 30, f"{name} stands")


def energies(service: Service, ids: list[str]) -> dict[str, float]:
    return {name: service.device(name)["readings"]["energy"] for name in ids}


def has_more(service: Service, shown: dict[str, float]) -> bool:
    now = energies(service, list(shown))
    return all(now[name] > energy for name, energy in shown.items())


def test_a_fleet_of_the_command_line(tmp_path: Path) -> None:
    service = Service(tmp_path, {name: str(value) for name, value in ALONE.items()})
    service.environment["FLEET"] = "server=9"
    service.arguments = ("--fleet", "hvac/split=30,lighting=20")
    try:
        service.environment.pop("DEFAULT_DEVICES")
        service.start()
        stands(service)
        assert service.total() == 50
        assert service.device("cli-hvac-split-000030")["profile"] == "split"
        service.end()
        service.arguments = ("--fleet", "hvac/split=10")
        service.start()
        stands(service)
        assert service.total() == 10
        service.end()
        service.arguments = ("--fleet", "")
        service.start()  # without the flag it is a fleet like another
        stands(service)
        assert service.total() == 10
    finally:
        if service.process is not None:
            service.process.kill()
            service.process.wait()


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("hvac", "FLEET=hvac is not allowed: type=count"),
        ("hvac=3,hvac=4", "each once"),
        ("hvac=99999999", "type=count"),
        ("nonsense=3", "unknown device type 'nonsense'"),
        ("hvac/fridge=3", "unknown profile 'fridge'"),
        ("hvac=2000000", "too many"),
    ],
)
def test_a_fleet_that_can_not_be_is_one_line(tmp_path: Path, value: str, says: str) -> None:
    command = [sys.executable, "-m", "iotmock", "serve", "--fleet", value]
    environment = {**{name: str(value) for name, value in ALONE.items()}, "PORT": "0"}
    ended = subprocess.run(
        command,
        cwd=tmp_path,
        env={"PYTHONPATH": ":".join(sys.path), **environment},
        capture_output=True,
        text=True,
        timeout=30 * SLACK,
        check=False,
    )
    last = ended.stderr.strip().splitlines()[-1]
    assert (ended.returncode, "Traceback" in ended.stderr) == (2, False)
    assert last.startswith("iotmock: FLEET")
    assert says in last


def test_a_fleet_outlives_kills_and_no_counter_goes_back(tmp_path: Path) -> None:
    environment = ALONE | {"SIMULATION_INTERVAL": 0.5}
    sample = [f"soak-hvac-{number:06d}" for number in (1, 2, 1_500, 2_999, 3_000)]
    with running_service(tmp_path, **environment) as service:
        groups = [{"device_type": "hvac", "count": 3_000, "base_power": 9_000.0}]
        service.request("POST", FLEETS, {"name": "soak", "groups": groups})
        service.end(signal.SIGKILL)  # while it is being made
        service.start()
        stands(service, "soak")
        assert service.request("DELETE", "/api/v1/devices/soak-hvac-000007")[0] == 204
        shown = dict.fromkeys(sample, 0.0)
        for _ in range(2):
            wait_until(partial(has_more, service, shown), 30, "the meters count")
            shown = energies(service, sample)
            service.end(signal.SIGKILL)
            service.start()
            stands(service, "soak")
            assert all(energies(service, [name])[name] >= shown[name] for name in sample)
        assert fleet(service, "soak")["devices"] == {"wanted": 2_999, "present": 2_999}
        assert service.request("GET", "/api/v1/devices/soak-hvac-000007")[0] == 404


def test_a_kill_while_it_goes_leaves_no_status_at_the_broker(tmp_path: Path) -> None:
    (tmp_path / "broker").mkdir()
    with running_mosquitto(tmp_path / "broker") as broker:
        environment = {"MQTT_BROKER_HOST": broker.host, "MQTT_BROKER_PORT": broker.port}
        with running_service(tmp_path, FLEET="lighting=3000", **environment) as service:
            stands(service)
            wait_until(lambda: service.status()["messages"]["waiting"] == 0, 20, "all is sent")
            service.environment["FLEET"] = ""
            assert service.request("DELETE", f"{FLEETS}/cli")[0] == 202
            service.end(signal.SIGKILL)
            service.start()
            wait_until(lambda: service.request("GET", f"{FLEETS}/cli")[0] == 404, 20, "gone")
            wait_until(lambda: service.status()["messages"]["waiting"] == 0, 20, "all is sent")
            with subscribed(broker.port, topic="energy/+/+/status") as heard:
                heard.wait_for(lambda s: s.messages)
        assert not [topic for topic, _ in heard.messages if "cli-lighting" in topic]
