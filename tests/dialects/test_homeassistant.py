"""What Home Assistant is told; that it understands it is shown in `tests/homeassistant`."""

import json
import time
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iotmock.actors.messages import IncomingBirths, IncomingCommand, Outgoing
from iotmock.actors.ports.dialect import Heard, Node
from iotmock.dialects.homeassistant.dialect import HomeAssistant
from iotmock.dialects.homeassistant.discovery import Discovery, Style
from iotmock.dialects.homeassistant.entities import entities
from iotmock.dialects.homeassistant.ids import uid_of
from iotmock.dialects.homeassistant.topics import Topics
from iotmock.model.commands import ClearFault, InjectFault, SetPower
from iotmock.model.device import Device
from iotmock.model.families import built_in
from iotmock.model.site.sites import Sites
from iotmock.model.spec import ID_PATTERN, DeviceSpec, DeviceState

KINDS = tuple(built_in())
SHARED = Node("ha")


def device(name: str = "d", kind: str = "hvac", **more: Any) -> Device:
    spec = DeviceSpec(name, kind, "A device", 10.0, 240.0, **more)
    return Device.make(spec, built_in().get(kind), Sites(1, 0.1), DeviceState())


def dialect(style: Style = "device", limit: int = 1_000, node: Node = SHARED) -> HomeAssistant:
    made = HomeAssistant(Discovery(Topics("ha"), style), limit)
    made.entry(node)
    return made


def births(words: HomeAssistant, one: Device) -> list[Outgoing]:
    return [*words.voice(one).births(one.status_message(time.time(), "online"))]


def configs(messages: Iterable[Outgoing]) -> list[str]:
    return [one.topic for one in messages if one.topic.endswith("/config")]


@given(st.from_regex(ID_PATTERN, fullmatch=True), st.from_regex(ID_PATTERN, fullmatch=True))
def test_no_two_devices_have_one_id(one: str, other: str) -> None:
    assert (uid_of(one) == uid_of(other)) is (one == other)
    assert "." not in uid_of(one)


def test_ids_that_could_be_taken_for_each_other_are_different() -> None:
    assert len({uid_of(name) for name in ("a.b", "a_b", "a_-b", "a-b", "a__b")}) == 5
    assert uid_of("mock-hvac-001") == "mock-hvac-001"


@pytest.mark.parametrize("kind", [kind.device_type for kind in KINDS])
def test_every_command_can_be_given(kind: str) -> None:
    one = device(kind=kind)
    text = json.dumps(dict(entities(one)))
    together = {SetPower.name: "set_base_power"}
    for name in one.kind.commands:
        assert f'\\"command\\":\\"{together.get(name, name)}\\"' in text
    assert {InjectFault.name, ClearFault.name} <= one.kind.commands.keys()


@pytest.mark.parametrize("kind", [kind.device_type for kind in KINDS])
def test_keys_are_different(kind: str) -> None:
    keys = [key for key, _ in entities(device(kind=kind))]
    assert len(keys) == len(set(keys))


def test_a_device_is_described_before_its_status_and_retained() -> None:
    found = births(dialect(), device("a.b", location="Roof"))
    assert [one.topic for one in found] == [
        "ha/device/a_-b/config",
        "energy/devices/a.b/status",
    ]
    assert found[0].manner is not None
    assert found[0].manner.retain
    content = json.loads(found[0].payload)
    assert content["availability"][0] == {"topic": "energy/mock/ha/status"}
    assert content["device"]["suggested_area"] == "Roof"
    assert {one["qos"] for one in content["components"].values()} == {1}


def test_each_entity_can_be_described_by_itself() -> None:
    found = configs(births(dialect("component"), device()))
    assert "ha/sensor/d/energy/config" in found
    assert "ha/climate/d/climate/config" in found
    assert len(found) == len(dict(entities(device())))


@pytest.mark.parametrize("style", ["device", "component"])
def test_what_was_described_is_removed_first(style: Style) -> None:
    words, one = dialect(style), device()
    described = configs(births(words, one))
    gone = [*words.gone("d", one)]
    assert configs(gone) == described
    assert [message.topic for message in gone[-2:]] == [
        "energy/devices/d/status",
        "energy/devices/d/settings",
    ]
    assert not any(message.payload for message in gone)


def test_beyond_the_limit_devices_are_there_and_not_described() -> None:
    words = dialect(limit=2)
    found = [configs(births(words, device(name))) for name in ("a", "b", "c")]
    assert [bool(one) for one in found] == [True, True, False]
    assert not configs(words.gone("c", device("c")))
    assert configs(words.gone("a", device("a")))
    assert configs(births(words, device("c")))


def test_only_what_has_changed_is_described_again() -> None:
    words, one = dialect(), device()
    births(words, one)
    assert not configs(words.voice(one).settings({"energy": 0.0}))
    one.change(name="Another")
    assert configs(words.voice(one).settings({"energy": 0.0}))
    assert not configs(words.voice(one).settings({"energy": 0.0}))


def test_nobody_is_told_of_a_device_whose_connection_is_not_known_yet() -> None:
    words = HomeAssistant(Discovery(Topics("ha")), 10)
    assert not configs(births(words, device()))
    words.entry(Node("ha-1", 0, 2))
    assert not configs(births(words, device("a")))  # the other one carries it
    words.entry(Node("ha-2", 1, 2))
    (said,) = (one for one in births(words, device("a")) if one.topic.endswith("/config"))
    assert b"energy/mock/ha-2/status" in said.payload


def test_a_connection_of_its_own_says_itself_whether_a_device_lives() -> None:
    words = dialect(node=Node("ha", carries=False))
    (said, _) = births(words, device())
    assert b"energy/mock" not in said.payload


def test_the_first_connection_hears_of_home_assistant() -> None:
    words = dialect()
    assert "ha/status" in words.entry(Node("ha", 0, 2)).filters
    assert "ha/status" not in words.entry(Node("ha", 1, 2)).filters
    assert words.entry(Node("ha", carries=False)).filters == ("ha/status",)


@pytest.mark.parametrize(
    ("payload", "retained", "asks"),
    [(b"online", False, True), (b"online", True, False), (b"offline", False, False)],
)
def test_births_are_asked_for_when_it_comes_up(payload: bytes, retained: bool, asks: bool) -> None:
    found = dialect().hear(Heard("ha/status", payload, retained))
    assert [type(one) for one in found] == [IncomingBirths] * asks


def test_commands_are_native() -> None:
    topic = "energy/devices/d/commands"
    (found,) = dialect().hear(Heard(topic, b"{}"))
    assert isinstance(found, IncomingCommand)
