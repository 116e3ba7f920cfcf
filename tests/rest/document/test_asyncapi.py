"""The AsyncAPI document of each dialect: right by AsyncAPI's own rules, and by its own schemas."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import trio

from iotmock.actors.ports.dialect import Dialect
from iotmock.dialects.native.dialect import Native
from iotmock.dialects.template.dialect import Template
from iotmock.model.families import installed
from iotmock.rest.document.asyncapi.document import Traffic, build_asyncapi
from iotmock.rest.document.asyncapi.servers import Broker
from iotmock.rest.gate.gate import Gate
from iotmock.rest.gate.token import Token
from iotmock.service.ground.traffic import asyncapi_of
from iotmock.service.ground.words import read_named, shipped
from iotmock.settings.reading import read_settings
from tests.chromium import page_of
from tests.rest.client import Client
from tests.rest.document.asyncapi import Described, understood
from tests.rest.rig import Served
from tests.simulated_time import simulated_time

pytestmark = pytest.mark.long(10)

PLANT = str(Path(__file__).parents[2] / "dialects" / "plant.toml")
ALL = {"FAULT_TOPIC": "on", "MQTT_SETTINGS_TOPIC": "on"}
CASES: dict[str, dict[str, str]] = {
    "homeassistant": {"DIALECT": "homeassistant"},
    "homeassistant, older": {"DIALECT": "homeassistant", "HA_DISCOVERY": "component"},
    "native": {},
    "native, all": ALL,
    "native, per-device": ALL | {"MQTT_CONNECTIONS": "per-device", "MQTT_STAMP": "properties"},
    "native, stamped": {"MQTT_STAMP": "json", "MQTT_TRANSPORT": "websocket", "MQTT_TLS": "on"},
    "sparkplug": {"DIALECT": "sparkplug", "SPARKPLUG_PRIMARY_HOST": "scada"},
    "sparkplug, per-device": {"DIALECT": "sparkplug", "MQTT_CONNECTIONS": "per-device"},
    "tasmota": {"DIALECT": "tasmota"},
    "tasmota, per-device": {"DIALECT": "tasmota", "MQTT_CONNECTIONS": "per-device"},
    "thingsboard-gateway": {"DIALECT": "thingsboard-gateway", "MQTT_CONNECTIONS": "pool:2"},
    "plant": {"DIALECT": PLANT},
    **{
        name: {
            "DIALECT": name,
            "MQTT_CONNECTIONS": "per-device",
            "MQTT_PROTOCOL": "3.1.1" if name == "azure-iot" else "5",
            "MQTT_TLS": "on" if name in {"aws-iot", "azure-iot"} else "off",
            "FAULT_TOPIC": "on",
        }
        for name in shipped()
    },
}


@cache
def of_case(case: str) -> Described:
    return of(**CASES[case])


def of(**settings: str) -> Described:
    read = read_settings(settings, file=None)
    return Described(asyncapi_of(read, installed(), 8090, embedded=False)())


def test_asyncapis_own_parser_finds_nothing_wrong() -> None:
    documents = [of_case(case).document for case in CASES]
    for document, found in zip(documents, understood(documents), strict=True):
        # That there is a newer AsyncAPI than 3.0 is no fault.
        wrong = [one for one in found["diagnostics"] if one["code"] != "asyncapi-latest-version"]
        assert wrong == []
        assert found["operations"] == list(document["operations"])


def test_the_parser_would_find_what_is_wrong() -> None:
    wrong: Any = {**of_case("native").document, "operations": {"a": {"action": "shout"}}}
    (found,) = understood([wrong])
    assert found["operations"] == []
    assert {one["code"] for one in found["diagnostics"]} & {"asyncapi-document-resolved"}


@pytest.mark.parametrize("case", CASES)
def test_every_example_is_as_its_schema_says(case: str) -> None:
    described = of_case(case)
    for name in [*described.names("send"), *described.names("receive")]:
        for example in described.message(name).get("examples", ()):
            assert described.complaints(name, example["payload"]) == []


@pytest.mark.parametrize("case", CASES)
def test_whatever_is_sent_has_an_example(case: str) -> None:
    described = of_case(case)
    assert all(described.message(name)["examples"] for name in described.names("send"))


def test_native_words_are_those_of_the_contract() -> None:
    described, devices = of_case("native, all"), "energy/devices/{device_id}"
    addresses = {name: described.address(name) for name in described.names("send")}
    assert addresses == {
        "data": f"{devices}/data",
        "status": f"{devices}/status",
        "settings": f"{devices}/settings",
        "result": f"{devices}/commands/result",
        "serviceStatus": "energy/mock/{client_id}/status",
        "faults": f"{devices}/faults",
    }
    bindings = {
        name: (one["bindings"]["mqtt"]["qos"], one["bindings"]["mqtt"].get("retain"))
        for name, one in described.document["operations"].items()
    }
    assert bindings["sendData"] == (1, False)
    assert bindings["sendStatus"] == bindings["sendSettings"] == (1, True)
    assert bindings["sendServiceStatus"] == (0, True)
    assert bindings["receiveCommands"] == (1, None)


def test_settings_decide_what_there_is() -> None:
    assert {"settings", "faults"} & set(of_case("native").names("send")) == set()
    assert "platformEvents" in of_case("native").names("receive")
    assert "platformEvents" not in of(PLATFORM_SYNC="off").names("receive")
    assert of(MQTT_QOS="0").document["operations"]["sendData"]["bindings"]["mqtt"]["qos"] == 0


def test_a_command_is_answered_at_the_topic_of_results_and_at_the_response_topic() -> None:
    operations = of_case("native").document["operations"]
    reply = operations["receiveCommands"]["reply"]
    assert reply["channel"] == {"$ref": "#/channels/result"}
    second = operations["receiveCommands2"]["reply"]
    assert second["address"]["location"] == "$message.header#/responseTopic"
    assert operations["receiveGroupCommands"]["reply"] == reply
    older = of(MQTT_PROTOCOL="3.1.1").document
    assert "receiveCommands2" not in older["operations"]
    assert "response" not in older["channels"]


def test_every_command_of_every_type_is_described() -> None:
    described = of_case("native")
    commands = {name for kind in installed() for name in kind.commands}
    examples = described.message("commands")["examples"]
    assert {one["payload"]["command"] for one in examples} == commands
    assert described.complaints("commands", {"command": "set_power", "parameters": {}})
    assert described.complaints("commands", {"command": "fly"})


def test_a_connection_says_what_its_will_is() -> None:
    servers = of_case("native, per-device").document["servers"]
    will = servers["devices"]["bindings"]["mqtt"]["lastWill"]
    assert (will["topic"], will["qos"], will["retain"]) == (
        "energy/devices/{device_id}/status",
        1,
        True,
    )
    assert servers["service"]["bindings"]["mqtt"]["lastWill"]["message"] == "offline"
    assert list(of_case("native").document["servers"]) == ["broker"]


def test_stamps_are_described_where_they_are() -> None:
    as_json = of_case("native, stamped")
    (example, *_) = as_json.message("data")["examples"]
    assert as_json.complaints("data", example["payload"] | {"stamp": "none"})
    beside = of_case("native, per-device").message("data")
    assert "stamp" in beside["headers"]["properties"]
    assert all("stamp" in one["headers"] for one in beside["examples"])
    assert "headers" not in of_case("native").message("data")


class Undescribed:
    """A dialect that another distribution brings, and that does not describe itself."""

    name = "other"

    qos = None

    def __init__(self, of: Native | Template) -> None:
        self.entry, self.voice = of.entry, of.voice
        self.gone, self.hear = of.gone, of.hear


@pytest.mark.parametrize("dialect", [Native(), read_named("zigbee2mqtt")])
def test_a_dialect_that_does_not_describe_itself_is_seen(dialect: Native | Template) -> None:
    traffic = Traffic(Broker("localhost:1883"))
    documents = [
        Described(build_asyncapi([one], installed(), traffic, "1"))
        for one in (dialect, Undescribed(dialect))
    ]
    for action in ("send", "receive"):
        addresses = [{one.address(name) for name in one.names(action)} for one in documents]
        assert addresses[0] == addresses[1]


def test_several_dialects_are_described_together() -> None:
    dialects: list[Dialect] = [Native(), read_named("shelly-status"), read_named("zigbee2mqtt")]
    traffic = Traffic(Broker("localhost:1883"))
    together = Described(build_asyncapi(dialects, installed(), traffic, "1"))
    alone = [Described(build_asyncapi([one], installed(), traffic, "1")) for one in dialects]
    for action in ("send", "receive"):
        addresses = [together.address(name) for name in together.names(action)]
        assert set(addresses) == {one.address(name) for one in alone for name in one.names(action)}
        assert len(set(addresses)) == len(addresses)
    reply = together.document["operations"]["receiveRpc"]["reply"]
    assert reply["channel"] == {"$ref": "#/channels/rpcResult"}


def test_the_dialect_of_a_new_fleet_comes_in() -> None:
    names = list[str]()
    make = asyncapi_of(read_settings({}, None), installed(), 8090, names, embedded=False)
    before = Described(make())
    names.append("zigbee2mqtt")
    assert {*Described(make()).names("send")} - {*before.names("send")} >= {"zigbee2mqtt"}


@simulated_time
async def test_it_is_served(client: Client) -> None:
    document = (await client.get("/asyncapi.json")).content
    assert document["asyncapi"] == "3.0.0"
    assert document["info"]["version"] == "1.2.3"


@pytest.fixture
def gate() -> Gate:
    return Gate(token=Token("s3cret"))


def look(url: str) -> list[str]:
    """Return what the browser complains of, but that a token was wanted."""
    with page_of("about:blank") as page:
        complaints = list[str]()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: dialog.accept("s3cret"))
        page.goto(f"{url}/docs")
        page.get_by_role("link", name="MQTT").click()
        for address in ("energy/devices/{device_id}/data", "energy/groups/{location}/commands"):
            page.get_by_text(address).first.wait_for()
        return [one for one in complaints if "401" not in one]


@pytest.mark.trio
async def test_a_page_shows_it_with_the_token_and_without_inline_scripts(served: Served) -> None:
    assert await trio.to_thread.run_sync(look, served.url) == []
