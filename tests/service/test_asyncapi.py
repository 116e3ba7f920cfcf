"""Where a service speaks or listens is in its AsyncAPI document, and nothing else is there."""

import re
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.mosquitto import Mosquitto, running_mosquitto
from tests.rest.document.asyncapi import Described
from tests.service.process import (
    Service,
    Subscriber,
    publish,
    running_service,
    subscribed,
    wait_until,
)

pytestmark = pytest.mark.long(20)

PLANT = str(Path(__file__).parents[1] / "dialects" / "plant.toml")
DEVICE = "mock-hvac-001"
OTHER = {"device_type": "lighting", "name": "Lamp", "location": "Roof"}
FLEET = {
    "name": "z",
    "groups": [{"device_type": "lighting", "count": 1}],
    "dialect": "zigbee2mqtt",
}
LAMP = "zigbee2mqtt/z-lighting-000001"
REPLY = "reply/here"
CALL = {"device": DEVICE, "data": {"id": 7, "method": "set_power", "params": 12}}
_SUBSCRIBED = re.compile(r"^\d+: (?!auto-)\S+ \d (\S+)$", re.MULTILINE)
"""A subscription in the broker's log; mosquitto's own clients are auto-."""
_EMPTY = {"", "(null)"}


@pytest.fixture  # each test its own: what one has retained is not the other's
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    with running_mosquitto(tmp_path_factory.mktemp("broker"), "log_type subscribe") as broker:
        yield broker


def started(folder: Path, broker: Mosquitto, **settings: str) -> Any:
    return running_service(
        folder,
        MQTT_BROKER_PORT=broker.port,
        MQTT_CLIENT_ID="words",
        SIMULATION_INTERVAL=0.5,
        FAULT_TOPIC="on",
        **settings,
    )


def ask(broker: Mosquitto, topic: str, content: Any) -> None:
    """Send a command as an MQTT 5 client that names a response topic."""
    request = ("-V", "5", "-D", "publish", "response-topic", REPLY)
    publish(broker.port, topic, content, *request)


def do_one_of_everything(service: Service, broker: Mosquitto, call: tuple[str, Any]) -> None:
    set_power = {"command": "set_power", "parameters": {"power": 9}}
    service.wait_connected()
    ask(broker, *call)
    assert service.request("POST", "/api/v1/devices", OTHER)[0] == 201
    publish(broker.port, "energy/groups/Roof/commands", set_power)
    announced = {"device_data": {"name": "Office", "type": "lighting"}}
    publish(broker.port, "energy/events/devices/77/device.created", announced)
    faults = f"/api/v1/devices/{DEVICE}/faults"
    status, fault = service.request("POST", faults, {"fault": "stuck"})
    assert status == 201, fault
    assert service.request("DELETE", f"{faults}/{fault['fault_id']}")[0] == 204
    mirrored = "/api/v1/devices/mock-real-77"
    wait_until(lambda: service.request("GET", mirrored)[0] == 200, 10, "it is mirrored")
    assert service.request("DELETE", mirrored)[0] == 204


def check(described: Described, heard: Subscriber) -> None:
    """Hold all that was sent to the document; nothing in that may have stayed unsaid."""
    said = set[str]()
    for topic, payload in heard.messages:
        if topic != REPLY:
            names = described.channels_of("send", topic) + described.channels_of("receive", topic)
            assert names, topic
            said.update(names)
            assert payload in _EMPTY or described.is_right(names, payload), (topic, payload)
    assert {*described.names("send"), *described.names("receive")} - said == set()


def check_subscriptions(described: Described, broker: Mosquitto) -> None:
    log = (broker.folder / "mosquitto.log").read_text()
    filters = set(_SUBSCRIBED.findall(log))
    found = {one: described.channels_of("receive", one) for one in filters}
    assert all(found.values()), found
    assert {name for names in found.values() for name in names} == {*described.names("receive")}


def document_of(service: Service) -> Described:
    return Described(service.request("GET", "/asyncapi.json")[1])


@pytest.mark.parametrize(
    "settings",
    [{"MQTT_SETTINGS_TOPIC": "on", "MQTT_STAMP": "json"}, {"DIALECT": "homeassistant"}],
    ids=["native", "homeassistant"],
)
def test_native_words_are_in_the_document(
    tmp_path: Path, broker: Mosquitto, settings: dict[str, str]
) -> None:
    call = {"command": "set_power", "parameters": {"power": 12}, "id": "7"}
    with (
        subscribed(broker.port, topic="#") as heard,
        started(tmp_path, broker, **settings) as service,
    ):
        service.wait_connected()
        described = document_of(service)
        if "DIALECT" in settings:
            publish(broker.port, "homeassistant/status", "online")
        do_one_of_everything(service, broker, (f"energy/devices/{DEVICE}/commands", call))
        heard.wait_for(lambda it: it.at(REPLY) and it.data(DEVICE))
        service.end()
        heard.wait_for(lambda it: it.mock_statuses()[-1] == "offline")
        check(described, heard)
        check_subscriptions(described, broker)
        (answer, *_) = heard.at(REPLY)
        assert described.complaints("response", answer) == []


def test_words_and_wills_of_templates_and_of_a_fleet_are_in_the_document(
    tmp_path: Path, broker: Mosquitto
) -> None:
    with (
        subscribed(broker.port, topic="#") as heard,
        started(tmp_path, broker, DIALECT=PLANT, MQTT_CONNECTIONS="per-device") as service,
    ):
        assert service.request("POST", "/api/v1/fleets", FLEET)[0] == 202
        heard.wait_for(lambda it: [topic for topic, _ in it.messages if topic == LAMP])
        service.wait_connected()
        described = document_of(service)
        publish(broker.port, f"{LAMP}/set", {"state": "ON"})
        call = (f"plant/{DEVICE}/call/power", {"number": 7, "value": 12_500})
        do_one_of_everything(service, broker, call)
        heard.wait_for(lambda it: it.at(f"plant/{DEVICE}/answer/7") and it.at(REPLY))
        service.end(signal.SIGKILL)
        heard.wait_for(lambda it: [t for t, p in it.messages if p == "false"])
        check(described, heard)
        check_subscriptions(described, broker)


def test_topics_of_sparkplug_are_in_the_document(tmp_path: Path, broker: Mosquitto) -> None:
    only_topics = ("-F", "%t")  # its payloads are no text
    with (
        subscribed(broker.port, *only_topics, topic="#") as heard,
        started(tmp_path, broker, DIALECT="sparkplug") as service,
    ):
        service.wait_connected()
        described = document_of(service)
        below = described.address("nodeBirth").partition("/NBIRTH/")[0]
        node = edge_node(heard, f"{below}/NBIRTH/")
        publish(broker.port, f"{below}/NCMD/{node}", "none")
        do_one_of_everything(service, broker, (f"{below}/DCMD/{node}/{DEVICE}", "none"))
        heard.wait_for(lambda it: [topic for topic, _ in it.messages if topic == REPLY])
        service.end()
        heard.wait_for(lambda it: [topic for topic, _ in it.messages if "/NDEATH/" in topic])
        check(described, heard)
        check_subscriptions(described, broker)


def edge_node(heard: Subscriber, below: str) -> str:
    def found(heard: Subscriber) -> list[str]:
        return [topic for topic, _ in heard.messages if topic.startswith(below)]

    return str(heard.wait_for(found)[0]).removeprefix(below)


@pytest.mark.parametrize(
    ("dialect", "call", "question"),
    [
        ("tasmota", (f"cmnd/{DEVICE}/POWER", "OFF"), (f"cmnd/{DEVICE}/STATUS", "0")),
        ("thingsboard-gateway", ("v1/gateway/rpc", CALL), ("v1/gateway/rpc", CALL)),
    ],
)
def test_what_plugs_and_gateways_say_and_hear_is_in_the_document(
    tmp_path: Path,
    broker: Mosquitto,
    dialect: str,
    call: tuple[str, Any],
    question: tuple[str, Any],
) -> None:
    with (
        subscribed(broker.port, topic="#") as heard,
        started(tmp_path, broker, DIALECT=dialect) as service,
    ):
        service.wait_connected()
        described = document_of(service)
        publish(broker.port, *question)
        if dialect == "tasmota":
            do_one_of_everything(service, broker, call)
        else:  # which neither says nor hears what is not of its API
            ask(broker, *call)
        readings = ("v1/gateway/telemetry", f"tele/{DEVICE}/SENSOR")
        heard.wait_for(lambda it: it.at(REPLY) and any(it.at(topic) for topic in readings))
        service.end()
        if dialect != "tasmota":
            heard.wait_for(lambda it: it.at("v1/gateway/disconnect"))
        check(described, heard)
        check_subscriptions(described, broker)
