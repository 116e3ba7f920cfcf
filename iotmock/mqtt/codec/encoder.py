"""Packets to bytes, for both versions."""

from functools import lru_cache

from iotmock.mqtt.codec.packets import (
    V5,
    Ack,
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
from iotmock.mqtt.codec.properties import NO_PROPERTIES, Properties, write_properties
from iotmock.mqtt.codec.topics import is_shared, validate_topic_filter
from iotmock.mqtt.codec.wire_types import (
    MAXIMUM_LENGTH,
    write_binary,
    write_length,
    write_string,
    write_two,
)
from iotmock.mqtt.codec.written_topics import WrittenTopics, write_topic
from iotmock.mqtt.errors import InvalidMessage

_ACK_HEADERS = {PubAck: 0x40, PubRec: 0x50, PubRel: 0x62, PubComp: 0x70}
_LEVELS = {"3.1.1": 4, "5": 5}
_TOPICS = WrittenTopics()
_QOS = (0, 1, 2)
_RETAIN_HANDLING = (0, 1, 2)


def encode(packet: Packet, protocol: Protocol) -> bytes:
    """Return a packet's bytes.

    Raises:
        InvalidMessage: a field can not be sent.
    """
    match packet:
        case Publish(message=message, packet_id=packet_id):
            return encode_publish(message, packet_id, protocol)
        case PubAck() | PubRec() | PubRel() | PubComp():
            return _encode_ack(packet, protocol)
        case Subscribe() | Unsubscribe() | SubAck() | UnsubAck():
            return _encode_subscribing(packet, protocol)
        case _:
            return _encode_connecting(packet, protocol)


_Connecting = Connect | ConnAck | PingReq | PingResp | Disconnect | Auth


def _encode_connecting(packet: _Connecting, protocol: Protocol) -> bytes:
    match packet:
        case Connect():
            return _packet(0x10, _connect(packet))
        case ConnAck():
            return _packet(0x20, _connack(packet, protocol))
        case PingReq() | PingResp():
            return _packet(0xC0 if isinstance(packet, PingReq) else 0xD0, b"")
        case Disconnect() | Auth():
            return _packet(
                0xE0 if isinstance(packet, Disconnect) else 0xF0, _reason(packet, protocol)
            )


def encode_publish(message: Message, packet_id: int | None, protocol: Protocol) -> bytes:
    """Return a PUBLISH; the path that every message of a fleet takes."""
    qos, properties, payload = message.qos, message.properties, message.payload
    if qos not in _QOS:
        raise InvalidMessage(f"QoS {qos} does not exist: 0, 1 or 2")
    if not message.topic:
        topic = _no_topic(properties)
    else:
        topic = write_topic(message.topic) if message.retain else _TOPICS[message.topic]
    said = b"" if packet_id is None else packet_id.to_bytes(2, "big")
    if protocol == V5:
        written = message.written
        if written or properties is not NO_PROPERTIES:
            said += write_properties(properties, "PUBLISH", written)
        else:
            said += b"\x00"
    first = 0x30 | message.dup << 3 | qos << 1 | message.retain
    header = _header(first, len(topic) + len(said) + len(payload))
    return b"".join((header, topic, said, payload))


@lru_cache(maxsize=4_096)
def _header(first: int, length: int) -> bytes:
    if length > MAXIMUM_LENGTH:
        raise InvalidMessage(f"a packet of {length} bytes is over {MAXIMUM_LENGTH}")
    return bytes((first,)) + write_length(length)


def _no_topic(properties: Properties) -> bytes:
    if properties.topic_alias is None:
        raise InvalidMessage("a message needs a topic, or a topic alias that stands for one")
    return b"\x00\x00"


def _packet(first: int, body: bytes) -> bytes:
    return _header(first, len(body)) + body


def _encode_ack(packet: Ack, protocol: Protocol) -> bytes:
    first, packet_id = _ACK_HEADERS[type(packet)], write_two(packet.packet_id)
    if protocol != V5 or (packet.reason_code == 0 and packet.properties is NO_PROPERTIES):
        return bytes((first, 2)) + packet_id
    return _packet(first, packet_id + _reason(packet, protocol))


def _reason(packet: Ack | Disconnect | Auth, protocol: Protocol) -> bytes:
    if protocol != V5:
        return b""
    if packet.properties is NO_PROPERTIES:
        return bytes((packet.reason_code,)) if packet.reason_code else b""
    name = type(packet).__name__.upper()
    return bytes((packet.reason_code,)) + write_properties(packet.properties, name)


def _properties(properties: Properties, protocol: Protocol, packet: str) -> bytes:
    return write_properties(properties, packet) if protocol == V5 else b""


def _connect(packet: Connect) -> bytes:
    will, protocol = packet.will, packet.protocol
    flags = packet.clean_start << 1
    if protocol != V5 and packet.username is None and packet.password is not None:
        raise InvalidMessage("MQTT 3.1.1 knows no password without a user name")
    if protocol != V5 and not packet.client_id and not packet.clean_start:
        raise InvalidMessage("MQTT 3.1.1 knows no session of a client without an id")
    if will is not None and will.qos not in _QOS:
        raise InvalidMessage(f"QoS {will.qos} does not exist: 0, 1 or 2")
    if will is not None:
        flags |= 0x04 | will.qos << 3 | will.retain << 5
    flags |= (packet.password is not None) << 6 | (packet.username is not None) << 7
    return b"".join(
        (
            b"\x00\x04MQTT",
            bytes((_LEVELS[protocol], flags)),
            write_two(packet.keep_alive),
            _properties(packet.properties, protocol, "CONNECT"),
            write_string(packet.client_id),
            b"" if will is None else _will(will, protocol),
            b"" if packet.username is None else write_string(packet.username),
            b"" if packet.password is None else write_binary(packet.password),
        )
    )


def _will(will: Will, protocol: Protocol) -> bytes:
    topic, properties = write_topic(will.topic), _properties(will.properties, protocol, "WILL")
    return properties + topic + write_binary(will.payload)


def _connack(packet: ConnAck, protocol: Protocol) -> bytes:
    flags = bytes((packet.session_present, packet.reason_code))
    return flags + _properties(packet.properties, protocol, "CONNACK")


def _encode_subscribing(
    packet: Subscribe | Unsubscribe | SubAck | UnsubAck, protocol: Protocol
) -> bytes:
    name = type(packet).__name__.upper()
    head = write_two(packet.packet_id) + _properties(packet.properties, protocol, name)
    match packet:
        case Subscribe(subscriptions=subscriptions):
            return _packet(0x82, head + b"".join(_subscription(s, protocol) for s in subscriptions))
        case Unsubscribe(topic_filters=filters):
            return _packet(0xA2, head + b"".join(_filter(name) for name in filters))
        case SubAck(reason_codes=codes):
            return _packet(0x90, head + bytes(codes))
        case UnsubAck(reason_codes=codes):
            return _packet(0xB0, head + (bytes(codes) if protocol == V5 else b""))


def _filter(topic_filter: str) -> bytes:
    validate_topic_filter(topic_filter)
    return write_string(topic_filter)


def _subscription(subscription: Subscription, protocol: Protocol) -> bytes:
    _check_subscription(subscription)
    options = subscription.qos
    if protocol == V5:
        options |= subscription.no_local << 2 | subscription.retain_as_published << 3
        options |= subscription.retain_handling << 4
    return _filter(subscription.topic_filter) + bytes((options,))


def _check_subscription(subscription: Subscription) -> None:
    if subscription.qos not in _QOS or subscription.retain_handling not in _RETAIN_HANDLING:
        raise InvalidMessage("a subscription's QoS and retain handling are 0, 1 or 2")
    if subscription.no_local and is_shared(subscription.topic_filter):
        raise InvalidMessage("a shared subscription can not be without one's own messages")
