"""A message as it was recorded."""

from typing import Any

import msgspec

from iotmock.mqtt import NO_PROPERTIES, Message, Properties

_KEPT = (
    "payload_format_indicator",
    "message_expiry_interval",
    "content_type",
    "response_topic",
    "correlation_data",
    "user_properties",
)
"""Of the properties of PUBLISH (MQTT 5.0, 3.3.2.3) those that are the message's own."""


class KeptProperties(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """The properties of MQTT 5 that belong to a message wherever it goes."""

    payload_format_indicator: int | None = None
    message_expiry_interval: int | None = None
    content_type: str | None = None
    response_topic: str | None = None
    correlation_data: bytes | None = None
    user_properties: tuple[tuple[str, str], ...] = ()


class Recorded(msgspec.Struct, frozen=True, gc=False):
    """A message and when it arrived, in µs since 1970 (UTC)."""

    at_us: int
    topic: str
    payload: bytes
    qos: int = 0
    retain: bool = False
    properties: KeptProperties | None = None


def recorded(message: Message, at_us: int) -> Recorded:
    """Return a message that has arrived as it is kept."""
    kept = None if message.properties is NO_PROPERTIES else _kept(message.properties)
    payload = bytes(message.payload)
    return Recorded(at_us, message.topic, payload, message.qos, message.retain, kept)


def _kept(properties: Properties) -> KeptProperties | None:
    kept = KeptProperties(**{name: getattr(properties, name) for name in _KEPT})
    return None if kept == _NOTHING else kept


def sent_properties(kept: KeptProperties | None) -> Properties:
    """Return the properties with which a recorded message is sent again."""
    if kept is None:
        return NO_PROPERTIES
    values: dict[str, Any] = {name: getattr(kept, name) for name in _KEPT}
    return Properties(**values)


_NOTHING = KeptProperties()
