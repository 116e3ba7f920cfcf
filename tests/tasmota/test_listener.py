"""A fleet as hatasmota sees and switches it, over a real broker in each connection model."""

import signal
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from tests.mosquitto import Mosquitto, running_mosquitto
from tests.service.process import Service, running_service, wait_until
from tests.tasmota.listener import Listener, python, running_listener

pytestmark = pytest.mark.long(40)

PLUG, LAMP = "mock-hvac-001", "mock-lighting-001"
TYPES = ("hvac", "lighting", "server", "industrial", "appliance")
BRIGHTNESS = 40
UNITS = {"Power": "W", "Total": "kWh", "Today": "kWh", "Voltage": "V", "Current": "A"}


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    python()
    with running_mosquitto(tmp_path_factory.mktemp("broker")) as broker:
        yield broker


def service_on(folder: Path, broker: Mosquitto, model: str) -> AbstractContextManager[Service]:
    return running_service(
        folder,
        MQTT_BROKER_PORT=broker.port,
        MQTT_CONNECTIONS=model,
        DIALECT="tasmota",
        SIMULATION_INTERVAL=0.5,
        MQTT_CLIENT_ID="plugs",
    )


def has_state(told: dict[str, Any]) -> bool:
    return "state" in told


def has_brightness(told: dict[str, Any]) -> bool:
    return bool(told.get("attributes", {}).get("brightness") == BRIGHTNESS)


@pytest.mark.parametrize("model", ["shared", "pool:2", "per-device"])
def test_plugs_are_found_measured_switched_and_missed(
    tmp_path: Path, broker: Mosquitto, model: str
) -> None:
    with (
        running_listener(tmp_path, broker.port) as listener,
        service_on(tmp_path, broker, model) as service,
    ):
        _finds_all(listener)
        _sees_what_is_measured(listener, service)
        _switches(listener, service)
        _misses(listener, service, model)
        assert listener.ask("complained") == []


def _finds_all(listener: Listener) -> None:
    for kind in TYPES:
        listener.wait(f"mock-{kind}-001/Power", has_state)
    found = listener.ask("devices")
    assert len({one["mac"] for one in found}) == len(TYPES)
    assert {one["manufacturer"] for one in found} == {"Tasmota"}


def _sees_what_is_measured(listener: Listener, service: Service) -> None:
    told = {name: listener.wait(f"{PLUG}/{name}", has_state) for name in UNITS}
    assert {name: one["unit"] for name, one in told.items()} == UNITS
    most = service.device(PLUG)["base_power"] * 10_000  # its compressor's start, in half a second
    assert 0 < float(told["Power"]["state"]) <= most
    assert told["Total"]["last_reset"]
    # polled as it came up: STATUS 11, 2, 1
    assert listener.wait(f"{PLUG}/status_signal", has_state)["state"] == -62
    assert "iotmock" in listener.wait(f"{PLUG}/status_version", has_state)["state"]


def _switches(listener: Listener, service: Service) -> None:
    switch = f"{PLUG}/switch"
    listener.wait(switch, lambda told: told.get("state") is True)
    service.wait_connected()
    listener.ask("turn", name=switch, on=False)
    listener.wait(switch, lambda told: told.get("state") is False)
    assert service.device(PLUG)["enabled"] is False
    listener.wait(f"{PLUG}/Power", lambda told: float(told["state"]) == 0.0)
    listener.ask("turn", name=f"{LAMP}/light", on=True, attributes={"brightness": BRIGHTNESS})
    listener.wait(f"{LAMP}/light", has_brightness)
    assert service.device(LAMP)["enabled"] is True


def _misses(listener: Listener, service: Service, model: str) -> None:
    assert service.request("DELETE", f"/api/v1/devices/{PLUG}")[0] == 204
    wait_until(lambda: f"{PLUG}/Power" not in listener.ask("states"), 20, "a plug is gone")
    # Of those that share a connection no broker can say that they died.
    service.end(signal.SIGKILL if model == "per-device" else signal.SIGTERM)
    listener.wait(f"{LAMP}/Power", lambda told: told["is_there"] is False)


def test_a_broker_that_forgets_all_is_told_again(tmp_path: Path) -> None:
    python()
    with running_mosquitto(tmp_path) as broker, service_on(tmp_path, broker, "shared"):
        with running_listener(tmp_path, broker.port) as listener:
            listener.wait(f"{LAMP}/Power", has_state)
        broker.kill()
        broker.start()
        with running_listener(tmp_path, broker.port) as listener:
            listener.wait(f"{LAMP}/Power", has_state)
            listener.wait(f"{LAMP}/light", lambda told: told.get("state") is True)
