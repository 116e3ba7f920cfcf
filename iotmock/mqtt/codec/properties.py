"""The properties of MQTT 5 packets (MQTT 5.0, 2.2.2.2), driven by one table."""

from collections.abc import Callable
from typing import Any

from attrs import frozen

from iotmock.mqtt.codec.topics import validate_topic_name
from iotmock.mqtt.codec.wire_types import (
    Reader,
    write_binary,
    write_byte,
    write_four,
    write_length,
    write_string,
    write_two,
)
from iotmock.mqtt.errors import InvalidMessage, ProtocolError


@frozen
class Properties:
    """Properties of a packet, by the specification's names; None is absent. Intervals in s."""

    payload_format_indicator: int | None = None
    message_expiry_interval: int | None = None
    content_type: str | None = None
    response_topic: str | None = None
    correlation_data: bytes | None = None
    subscription_identifiers: tuple[int, ...] = ()
    session_expiry_interval: int | None = None
    assigned_client_identifier: str | None = None
    server_keep_alive: int | None = None
    authentication_method: str | None = None
    authentication_data: bytes | None = None
    request_problem_information: int | None = None
    will_delay_interval: int | None = None
    request_response_information: int | None = None
    response_information: str | None = None
    server_reference: str | None = None
    reason_string: str | None = None
    receive_maximum: int | None = None
    topic_alias_maximum: int | None = None
    topic_alias: int | None = None
    maximum_qos: int | None = None
    retain_available: int | None = None
    user_properties: tuple[tuple[str, str], ...] = ()
    maximum_packet_size: int | None = None
    wildcard_subscription_available: int | None = None
    subscription_identifier_available: int | None = None
    shared_subscription_available: int | None = None

    @property
    def held(self) -> int:
        """About how many bytes of memory they take, where they may be large."""
        pairs, data = self.user_properties, self.correlation_data or b""
        texts = sum(len(name) + len(value) for name, value in pairs)
        return len(data) + len(self.content_type or "") + texts + _HELD_BY_A_PAIR * len(pairs)


_HELD_BY_A_PAIR = 200
NO_PROPERTIES = Properties()


@frozen
class _Kind:
    write: Callable[[Any], bytes]
    read: Callable[[Reader], Any]


def _write_pair(pair: tuple[str, str]) -> bytes:
    return write_string(pair[0]) + write_string(pair[1])


def _write_topic(topic: str) -> bytes:
    validate_topic_name(topic)
    return write_string(topic)


def _read_pair(reader: Reader) -> tuple[str, str]:
    return reader.string(), reader.string()


_BYTE = _Kind(write_byte, Reader.byte)
_TWO = _Kind(write_two, Reader.two)
_FOUR = _Kind(write_four, Reader.four)
_LENGTH = _Kind(write_length, Reader.length)
_STRING = _Kind(write_string, Reader.string)
_BINARY = _Kind(write_binary, Reader.binary)
_PAIR = _Kind(_write_pair, _read_pair)
_TOPIC = _Kind(_write_topic, Reader.string)

_REPEATABLE = {"subscription_identifiers", "user_properties"}

_ANSWERS = "PUBACK PUBREC PUBREL PUBCOMP SUBACK UNSUBACK DISCONNECT AUTH"
_EVERYWHERE = f"CONNECT CONNACK PUBLISH WILL SUBSCRIBE UNSUBSCRIBE {_ANSWERS}"

# Identifier: name, type, and the packets that may carry it; "WILL" is the will's own list.
_TABLE: dict[int, tuple[str, _Kind, str]] = {
    0x01: ("payload_format_indicator", _BYTE, "PUBLISH WILL"),
    0x02: ("message_expiry_interval", _FOUR, "PUBLISH WILL"),
    0x03: ("content_type", _STRING, "PUBLISH WILL"),
    0x08: ("response_topic", _TOPIC, "PUBLISH WILL"),
    0x09: ("correlation_data", _BINARY, "PUBLISH WILL"),
    0x0B: ("subscription_identifiers", _LENGTH, "PUBLISH SUBSCRIBE"),
    0x11: ("session_expiry_interval", _FOUR, "CONNECT CONNACK DISCONNECT"),
    0x12: ("assigned_client_identifier", _STRING, "CONNACK"),
    0x13: ("server_keep_alive", _TWO, "CONNACK"),
    0x15: ("authentication_method", _STRING, "CONNECT CONNACK AUTH"),
    0x16: ("authentication_data", _BINARY, "CONNECT CONNACK AUTH"),
    0x17: ("request_problem_information", _BYTE, "CONNECT"),
    0x18: ("will_delay_interval", _FOUR, "WILL"),
    0x19: ("request_response_information", _BYTE, "CONNECT"),
    0x1A: ("response_information", _STRING, "CONNACK"),
    0x1C: ("server_reference", _STRING, "CONNACK DISCONNECT"),
    0x1F: ("reason_string", _STRING, f"CONNACK {_ANSWERS}"),
    0x21: ("receive_maximum", _TWO, "CONNECT CONNACK"),
    0x22: ("topic_alias_maximum", _TWO, "CONNECT CONNACK"),
    0x23: ("topic_alias", _TWO, "PUBLISH"),
    0x24: ("maximum_qos", _BYTE, "CONNACK"),
    0x25: ("retain_available", _BYTE, "CONNACK"),
    0x26: ("user_properties", _PAIR, _EVERYWHERE),
    0x27: ("maximum_packet_size", _FOUR, "CONNECT CONNACK"),
    0x28: ("wildcard_subscription_available", _BYTE, "CONNACK"),
    0x29: ("subscription_identifier_available", _BYTE, "CONNACK"),
    0x2A: ("shared_subscription_available", _BYTE, "CONNACK"),
}
_IDENTIFIERS = {name: (bytes((key,)), kind) for key, (name, kind, _) in _TABLE.items()}
_ALLOWED = {key: frozenset(packets.split()) for key, (_, _, packets) in _TABLE.items()}
_LENGTHS = [write_length(size) for size in range(0x80)]
_MUST_NOT_BE_ZERO = {"receive_maximum", "maximum_packet_size", "topic_alias"}


def user_property(name: str) -> bytes:
    """Return how a user property begins; `write_string(value)` completes it.

    For what stands on every message of a fleet and must cost little.
    """
    return b"\x26" + write_string(name)


def write_properties(properties: Properties, packet: str, written: bytes = b"") -> bytes:
    """Return the property length and the properties of a packet, named as in `read_properties`.

    `written` are more of them, in bytes.

    Raises:
        InvalidMessage: one does not belong there, or has a value that does not fit.
    """
    if properties is NO_PROPERTIES:
        size = len(written)
        return (_LENGTHS[size] if size < 0x80 else write_length(size)) + written
    parts: list[bytes] = [written]
    for name, (identifier, kind) in _IDENTIFIERS.items():
        value = getattr(properties, name)
        present = () if value is None else value if name in _REPEATABLE else (value,)
        if present and packet not in _ALLOWED[identifier[0]]:
            raise InvalidMessage(f"property {name} does not belong in {packet}")
        parts.extend(identifier + kind.write(one) for one in present)
    content = b"".join(parts)
    return write_length(len(content)) + content


def read_properties(reader: Reader, packet: str) -> Properties:
    """Return the properties of a packet named as in the specification, for instance `CONNACK`.

    Raises:
        ProtocolError: one is unknown, does not belong there, or stands twice (2.2.2.2).
    """
    length = reader.length()
    if length == 0:
        return NO_PROPERTIES
    content = Reader(reader.take(length))
    values: dict[str, Any] = {}
    while not content.at_end:
        identifier = content.length()
        if packet not in _ALLOWED.get(identifier, ()):
            raise ProtocolError(f"property 0x{identifier:02x} does not belong in {packet}")
        name, kind, _ = _TABLE[identifier]
        _collect(values, name, kind.read(content))
    for name in _REPEATABLE & values.keys():
        values[name] = tuple(values[name])
    return Properties(**values)


def _collect(values: dict[str, Any], name: str, value: Any) -> None:
    if name in _REPEATABLE:
        values.setdefault(name, []).append(value)
    elif name in values:
        raise ProtocolError(f"property {name} stands twice")
    elif name in _MUST_NOT_BE_ZERO and value == 0:
        raise ProtocolError(f"property {name} is zero")
    else:
        values[name] = value
