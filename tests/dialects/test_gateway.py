"""A gateway of ThingsBoard's: devices come and go over one connection, and are called by it."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from iotmock.actors.messages import CommandResult, IncomingCommand
from iotmock.actors.ports.dialect import Heard, Node
from iotmock.actors.ports.pool import number_in_pool
from iotmock.dialects.thingsboard.dialect import Gateway
from iotmock.model.device import Device
from iotmock.model.families import built_in
from iotmock.model.site.sites import Sites
from iotmock.model.spec import DeviceSpec, DeviceState
from tests.mosquitto import Mosquitto, program, running_mosquitto
from tests.patience import SLACK
from tests.service.process import (
    Service,
    Subscriber,
    credentials,
    publish,
    running_service,
    subscribed,
)

pytestmark = pytest.mark.long(15)
RPC = "v1/gateway/rpc"
DEVICE = "mock-hvac-001"
NOON = 1_754_913_600.0
DEEP = b'{"device":"a.1","data":{"id":7,"method":"reboot","params":' + b"[" * 10_000


def device() -> Device:
    spec = DeviceSpec("a.1", "hvac", "Roof", 25.0, 240.0, "Hall")
    return Device.make(spec, built_in().get("hvac"), Sites(1, 0.1), DeviceState(energy_kwh=1.5))


def request(method: str, params: Any = None, number: Any = 7, name: str = "a.1") -> Heard:
    content = {"device": name, "data": {"id": number, "method": method, "params": params}}
    return Heard(RPC, json.dumps(content).encode())


def gateway(of: Device, node: Node | None = None) -> Gateway:
    made = Gateway()
    made.entry(node or Node("gateway"))
    made.voice(of)
    return made


def test_a_reading_is_an_array_under_the_devices_name() -> None:
    of = device()
    said = gateway(of).voice(of).encode(of.reading(NOON))
    (one,) = json.loads(said)["a.1"]
    assert one["ts"] == NOON * 1_000
    assert one["values"].keys() == {"power", "voltage", "current", "energy", "enabled"}


@pytest.mark.parametrize(
    ("heard", "parameters"),
    [
        (request("set_enabled", {"enabled": False}), {"enabled": False}),
        (request("set_enabled", False), {"enabled": False}),
        (request("set_setpoint", 21.5), {"temperature": 21.5}),
        (request("reboot"), {}),
    ],
)
def test_calls_are_commands_and_a_bare_value_the_only_parameter(
    heard: Heard, parameters: object
) -> None:
    of = device()
    (command,) = gateway(of).hear(heard)
    assert isinstance(command, IncomingCommand)
    assert json.loads(command.payload)["parameters"] == parameters


@pytest.mark.parametrize(
    "payload",
    [b"", b"{", b"[]", b'{"device":"a.1","id":7,"data":{"success":true}}', b'{"device":1}', DEEP],
)
def test_what_is_no_call_is_left_alone_as_are_our_own_answers(payload: bytes) -> None:
    assert gateway(device()).hear(Heard(RPC, payload)) == ()


def test_an_answer_has_the_calls_whole_number() -> None:
    of = device()
    words = gateway(of)
    (command,) = words.hear(request("set_power", {"power": -1}, number=0))
    assert isinstance(command, IncomingCommand)
    result = CommandResult(None, "a.1", "set_power", "rejected", "too low", "")
    (answer,) = words.voice(of).result(result, command)
    assert (answer.topic, json.loads(answer.payload)) == (
        RPC,
        {"device": "a.1", "id": 0, "data": {"success": False, "error": "too low"}},
    )


def test_of_a_pool_only_the_connection_that_carries_a_device_is_called() -> None:
    words = gateway(device(), Node("gateway-1", 0, 2))
    heard = request("reboot")
    numbers = [number for number in (0, 1) if words.hear(_over(heard, number))]
    assert numbers == [number_in_pool("a.1", 2)]


def _over(heard: Heard, number: int) -> Heard:
    return Heard(heard.topic, heard.payload, number=number)


# With a broker


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    with running_mosquitto(tmp_path_factory.mktemp("broker")) as broker:
        yield broker


def connected(heard: Subscriber) -> set[str]:
    return {content["device"] for content in heard.at("v1/gateway/connect")}


@pytest.mark.parametrize(
    ("model", "clients"), [("shared", ["gate"]), ("pool:2", ["gate-1", "gate-2"])]
)
def test_all_connect_speak_are_called_and_connect_again_with_each_connection(
    tmp_path: Path, broker: Mosquitto, model: str, clients: list[str]
) -> None:
    with (
        subscribed(broker.port, topic="v1/gateway/#") as heard,
        running_service(
            tmp_path,
            MQTT_BROKER_PORT=broker.port,
            MQTT_CONNECTIONS=model,
            MQTT_CLIENT_ID="gate",
            DIALECT="thingsboard-gateway",
            SIMULATION_INTERVAL=0.5,
        ) as service,
    ):
        ids = {one["device_id"] for one in service.request("GET", "/api/v1/devices")[1]["devices"]}
        heard.wait_for(lambda it: _measured(it) == ids)
        assert connected(heard) == ids
        _calls(heard, broker, service)
        del heard.messages[:]
        for client in clients:
            _takes_its_id(broker, client)
        heard.wait_for(lambda it: connected(it) == ids)
        service.end()
        heard.wait_for(lambda it: gone(it) == ids)


def _calls(heard: Subscriber, broker: Mosquitto, service: Service) -> None:
    called = json.loads(request("set_power", 12.5, name=DEVICE).payload)
    publish(broker.port, RPC, called)
    heard.wait_for(lambda it: len(it.at(RPC)) == 2)
    assert heard.at(RPC) == [called, {"device": DEVICE, "id": 7, "data": {"success": True}}]
    assert service.device(DEVICE)["base_power"] == 12.5
    heard.wait_for(lambda it: _attributes(it)["base_power"] == 12.5)


def _takes_its_id(broker: Mosquitto, client: str) -> None:
    """Whose id another takes is disconnected, and the other too, once it is back."""
    line = [program("mosquitto_pub"), *credentials(broker.port), "-t", "a", "-m", "b", "-i", client]
    subprocess.run(line, check=False, stderr=subprocess.DEVNULL, timeout=20 * SLACK)


def gone(heard: Subscriber) -> set[str]:
    return {content["device"] for content in heard.at("v1/gateway/disconnect")}


def _measured(heard: Subscriber) -> set[str]:
    return {name for one in heard.at("v1/gateway/telemetry") for name in one}


def _attributes(heard: Subscriber) -> Any:
    return [one for one in heard.at("v1/gateway/attributes") if DEVICE in one][-1][DEVICE]
