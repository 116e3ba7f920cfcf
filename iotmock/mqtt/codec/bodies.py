"""What is in a packet, by its type: the body of each to its value, for both versions."""

from collections.abc import Callable

from iotmock.mqtt.codec.packets import (
    V5,
    V311,
    Auth,
    ConnAck,
    Connect,
    Disconnect,
    Message,
    Packet,
    PingReq,
    PingResp,
    Protocol,
    PubAck,
    PubComp,
    Publish,
    PubRec,
    PubRel,
    SubAck,
    Subscribe,
    Subscription,
    UnsubAck,
    Unsubscribe,
    Will,
)
from iotmock.mqtt.codec.properties import NO_PROPERTIES, Properties, read_properties
from iotmock.mqtt.codec.topics import validate_topic_filter, validate_topic_name
from iotmock.mqtt.codec.wire_types import Reader
from iotmock.mqtt.errors import InvalidMessage, MalformedPacket, ProtocolError

_ZERO_ID = "a packet identifier is zero"


def decode_body(kind: int, flags: int, reader: Reader, protocol: Protocol) -> Packet:
    """Return the packet of a type whose body is in `reader`.

    Raises:
        ProtocolError: there is no such type, or the body is none of it.
    """
    if kind == 3:
        return _publish(flags, reader, protocol)
    if kind == 1:
        return _connect(reader)
    if kind not in _DECODERS or (kind == 15 and protocol != V5):
        raise MalformedPacket(f"packet type {kind} does not exist")
    return _DECODERS[kind](reader, protocol)


def short_puback(packet_id: int, reason_code: int = 0) -> PubAck:
    """Return a PUBACK without properties."""
    if packet_id == 0:
        raise ProtocolError(_ZERO_ID)
    return PubAck(packet_id, reason_code)


def _packet_id(reader: Reader) -> int:
    packet_id = reader.two()
    if packet_id == 0:
        raise ProtocolError(_ZERO_ID)
    return packet_id


def _read_topic(reader: Reader) -> str:
    topic = reader.string()
    try:
        validate_topic_name(topic)
    except InvalidMessage as error:
        raise ProtocolError(f"a topic name is wrong: {error}") from error
    return topic


def _properties(reader: Reader, protocol: Protocol, packet: str) -> Properties:
    return read_properties(reader, packet) if protocol == V5 else NO_PROPERTIES


def _publish(flags: int, reader: Reader, protocol: Protocol) -> Publish:
    qos, dup = flags >> 1 & 3, bool(flags & 8)
    if qos == 3 or (dup and qos == 0):
        raise MalformedPacket(f"PUBLISH with flags 0x{flags:x}")
    aliased = protocol == V5 and reader.data[:2] == b"\x00\x00"
    topic = reader.string() if aliased else _read_topic(reader)
    packet_id = _packet_id(reader) if qos else None
    properties = _properties(reader, protocol, "PUBLISH")
    if aliased and properties.topic_alias is None:
        raise ProtocolError("PUBLISH with neither a topic nor an alias")
    message = Message(topic, reader.rest(), qos, bool(flags & 1), properties, dup)
    return Publish(message, packet_id)


def skipped(flags: int, reader: Reader, size: int) -> Publish:
    """Return a PUBLISH of `size` bytes of which only the head is there."""
    qos = flags >> 1 & 3
    if qos == 3:
        raise MalformedPacket(f"PUBLISH with flags 0x{flags:x}")
    topic = _read_topic(reader)
    return Publish(Message(topic, b"", qos), _packet_id(reader) if qos else None, size)


def _connect(reader: Reader) -> Connect:
    protocol = _protocol(reader)
    flags, keep_alive = reader.byte(), reader.two()
    if flags & 1:
        raise MalformedPacket("the reserved flag of CONNECT is set")
    properties = _properties(reader, protocol, "CONNECT")
    return Connect(
        client_id=reader.string(),
        protocol=protocol,
        clean_start=bool(flags & 0x02),
        keep_alive=keep_alive,
        will=_will(flags, reader, protocol),
        username=reader.string() if flags & 0x80 else None,
        password=reader.binary() if flags & 0x40 else None,
        properties=properties,
    )


def _protocol(reader: Reader) -> Protocol:
    name, level = reader.string(), reader.byte()
    if name != "MQTT" or level not in {4, 5}:
        raise ProtocolError(f"protocol {name[:8]!r} level {level} is not known")
    return V5 if level == 5 else V311


def _will(flags: int, reader: Reader, protocol: Protocol) -> Will | None:
    qos, retain = flags >> 3 & 3, bool(flags & 0x20)
    if not flags & 0x04:
        if qos or retain:
            raise MalformedPacket("CONNECT has will flags and no will")
        return None
    if qos == 3:
        raise MalformedPacket("the will has QoS 3")
    properties = _properties(reader, protocol, "WILL")
    return Will(_read_topic(reader), reader.binary(), qos, retain, properties)


def _connack(reader: Reader, protocol: Protocol) -> ConnAck:
    flags, code = reader.byte(), reader.byte()
    if flags > 1:
        raise MalformedPacket(f"CONNACK with flags 0x{flags:x}")
    if code and reader.at_end:  # a broker that knows only 3.1.1 refuses in its own form
        return ConnAck(bool(flags), code)
    return ConnAck(bool(flags), code, _properties(reader, protocol, "CONNACK"))


def _reason(reader: Reader, protocol: Protocol, packet: str) -> tuple[int, Properties]:
    if protocol != V5 or reader.at_end:
        return 0, NO_PROPERTIES
    code = reader.byte()
    return code, NO_PROPERTIES if reader.at_end else read_properties(reader, packet)


def _puback(reader: Reader, protocol: Protocol) -> PubAck:
    return PubAck(_packet_id(reader), *_reason(reader, protocol, "PUBACK"))


def _pubrec(reader: Reader, protocol: Protocol) -> PubRec:
    return PubRec(_packet_id(reader), *_reason(reader, protocol, "PUBREC"))


def _pubrel(reader: Reader, protocol: Protocol) -> PubRel:
    return PubRel(_packet_id(reader), *_reason(reader, protocol, "PUBREL"))


def _pubcomp(reader: Reader, protocol: Protocol) -> PubComp:
    return PubComp(_packet_id(reader), *_reason(reader, protocol, "PUBCOMP"))


def _subscribe(reader: Reader, protocol: Protocol) -> Subscribe:
    packet_id = _packet_id(reader)
    properties = _properties(reader, protocol, "SUBSCRIBE")
    subscriptions = []
    while not reader.at_end:
        subscriptions.append(_subscription(reader, protocol))
    if not subscriptions:
        raise ProtocolError("SUBSCRIBE without a topic filter")
    return Subscribe(packet_id, tuple(subscriptions), properties)


def _subscription(reader: Reader, protocol: Protocol) -> Subscription:
    topic_filter, options = _read_filter(reader), reader.byte()
    qos, retain_handling = options & 3, options >> 4 & 3
    reserved = options >> 6 if protocol == V5 else options >> 2
    if reserved or qos == 3 or retain_handling == 3:
        raise MalformedPacket(f"subscription options 0x{options:x}")
    no_local, as_published = bool(options & 4), bool(options & 8)
    return Subscription(topic_filter, qos, no_local, as_published, retain_handling)


def _read_filter(reader: Reader) -> str:
    topic_filter = reader.string()
    try:
        validate_topic_filter(topic_filter)
    except InvalidMessage as error:
        raise ProtocolError(f"a topic filter is wrong: {error}") from error
    return topic_filter


def _suback(reader: Reader, protocol: Protocol) -> SubAck:
    packet_id = _packet_id(reader)
    properties = _properties(reader, protocol, "SUBACK")
    return SubAck(packet_id, tuple(reader.rest()), properties)


def _unsubscribe(reader: Reader, protocol: Protocol) -> Unsubscribe:
    packet_id = _packet_id(reader)
    properties = _properties(reader, protocol, "UNSUBSCRIBE")
    filters = []
    while not reader.at_end:
        filters.append(_read_filter(reader))
    if not filters:
        raise ProtocolError("UNSUBSCRIBE without a topic filter")
    return Unsubscribe(packet_id, tuple(filters), properties)


def _unsuback(reader: Reader, protocol: Protocol) -> UnsubAck:
    packet_id = _packet_id(reader)
    properties = _properties(reader, protocol, "UNSUBACK")
    return UnsubAck(packet_id, tuple(reader.rest()) if protocol == V5 else (), properties)


def _pingreq(_: Reader, __: Protocol) -> PingReq:
    return PingReq()


def _pingresp(_: Reader, __: Protocol) -> PingResp:
    return PingResp()


def _disconnect(reader: Reader, protocol: Protocol) -> Disconnect:
    return Disconnect(*_reason(reader, protocol, "DISCONNECT"))


def _auth(reader: Reader, protocol: Protocol) -> Auth:
    return Auth(*_reason(reader, protocol, "AUTH"))


_DECODERS: dict[int, Callable[[Reader, Protocol], Packet]] = {
    2: _connack,
    4: _puback,
    5: _pubrec,
    6: _pubrel,
    7: _pubcomp,
    8: _subscribe,
    9: _suback,
    10: _unsubscribe,
    11: _unsuback,
    12: _pingreq,
    13: _pingresp,
    14: _disconnect,
    15: _auth,
}
