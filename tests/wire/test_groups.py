"""Which locations a topic reaches, and what is made of what arrives there."""

import pytest

from iotmock.actors.messages import IncomingCommand, IncomingGroupCommand
from iotmock.dialects.native.dialect import Native
from iotmock.mqtt import Message, Properties
from iotmock.wire.translation import to_incoming
from iotmock.wording.topics import can_be_level


@pytest.mark.parametrize("location", ["Roof", "Dach Süd", "a b.c-d_e", "50%", "$x", "été 🏠"])
def test_a_location_that_can_be_a_level_of_a_topic_is_reached(location: str) -> None:
    message = Message(f"energy/groups/{location}/commands", b"{}", 1)
    assert to_incoming(message, Native()) == (IncomingGroupCommand(location, b"{}"),)
    assert can_be_level(location)


@pytest.mark.parametrize("location", ["", "a/b", "a+", "#", "a\0", "a\n", "\uffff"])
def test_one_that_can_not_is_left_to_rest(location: str) -> None:
    assert not can_be_level(location)


def test_a_retained_command_for_a_location_is_ignored() -> None:
    message = Message("energy/groups/Roof/commands", b"{}", 1, retain=True)
    assert to_incoming(message, Native()) == ()


def test_a_response_topic_has_the_rules_of_a_devices_command() -> None:
    asked = Properties(response_topic="energy/x", correlation_data=b"7")
    message = Message("energy/groups/Roof/commands", b"{}", 1, properties=asked)
    (incoming,) = to_incoming(message, Native())
    assert isinstance(incoming, IncomingGroupCommand)
    assert incoming.refusal is not None
    assert incoming.to("a") == IncomingCommand("a", b"{}", None, b"7", incoming.refusal)


@pytest.mark.parametrize("topic", ["energy/groups//commands", "energy/groups/a/b/commands"])
def test_no_topic_reaches_devices_without_a_location_or_with_a_slash_in_it(topic: str) -> None:
    assert to_incoming(Message(topic, b"{}", 1), Native()) == ()
