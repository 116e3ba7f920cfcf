"""Where a client may have the result of its command sent to."""

import re

import pytest

from iotmock.actors.messages import IncomingCommand
from iotmock.dialects.native.dialect import Native
from iotmock.mqtt import Message, Properties
from iotmock.wire.translation import to_incoming


def incoming(topic: str | None = None, correlation: bytes | None = None) -> IncomingCommand:
    asked = Properties(response_topic=topic, correlation_data=correlation)
    message = Message("energy/devices/d/commands", b"{}", 1, properties=asked)
    (command,) = to_incoming(message, Native())
    assert isinstance(command, IncomingCommand)
    return command


@pytest.mark.parametrize(
    "topic",
    [
        "my/inbox",
        "energyx/d",
        "energy/devices/d/commands/result",
        "x" * 256,
        "/".join("x" * 16),
    ],
)
def test_a_response_topic_of_the_clients_own_is_honoured(topic: str) -> None:
    command = incoming(topic, b"7")
    assert (command.reply_topic, command.correlation, command.refusal) == (topic, b"7", None)


@pytest.mark.parametrize(
    ("topic", "why"),
    [
        ("energy/devices/d/data", "below energy/"),
        ("energy/devices/other/commands", "below energy/"),
        ("energy", "below energy/"),
        ("$SYS/broker", "begins with [$]"),
        ("x" * 257, "256 bytes"),
        ("ü" * 129, "256 bytes"),
        ("/".join("x" * 17), "16 levels"),
        ("a/+", "wildcard"),
        ("", "empty"),
    ],
)
def test_any_other_response_topic_is_refused_with_a_reason(topic: str, why: str) -> None:
    command = incoming(topic, b"7")
    assert (command.reply_topic, command.correlation) == (None, b"7")
    assert command.refusal is not None
    assert re.search(why, command.refusal)


def test_correlation_data_has_up_to_a_kibibyte() -> None:
    assert incoming("my/inbox", b"x" * 1024).correlation == b"x" * 1024
    too_much = incoming("my/inbox", b"x" * 1025)
    assert (too_much.reply_topic, too_much.correlation) == (None, None)
    assert too_much.refusal is not None
    assert "1024 bytes" in too_much.refusal
