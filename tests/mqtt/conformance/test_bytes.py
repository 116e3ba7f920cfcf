"""The data types, and the first byte of every packet (MQTT 5.0, 1.5 and 2)."""

import pytest

from iotmock.mqtt import V5, V311, InvalidMessage, MalformedPacket, Protocol, ProtocolError
from iotmock.mqtt.codec.decoder import Decoder
from iotmock.mqtt.codec.encoder import encode
from iotmock.mqtt.codec.packets import (
    Connect,
    Disconnect,
    Message,
    Packet,
    PingReq,
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
)
from iotmock.mqtt.codec.properties import Properties
from iotmock.mqtt.codec.wire_types import write_length

both = pytest.mark.parametrize("protocol", [V311, V5])
BAD_TEXTS = ["\ud800", "\udfff", "a\x00b"]
BAD_BYTES = [b"\xed\xa0\x80", b"\xed\xbf\xbf", b"\xc0\x80", b"\xff", b"\x00"]
FIRST_BYTES: list[tuple[Packet, int]] = [
    (Connect("c"), 0x10),
    (PubAck(1), 0x40),
    (PubRec(1), 0x50),
    (PubRel(1), 0x62),
    (PubComp(1), 0x70),
    (Subscribe(1, (Subscription("t"),)), 0x82),
    (Unsubscribe(1, ("t",)), 0xA2),
    (PingReq(), 0xC0),
    (Disconnect(), 0xE0),
]


@both
@pytest.mark.parametrize("text", BAD_TEXTS)
def test_a_text_that_is_none_is_not_sent(protocol: Protocol, text: str) -> None:
    for packet in (
        Connect(text, protocol),
        Connect("c", protocol, username=text),
        Publish(Message(text, b"")),
        Subscribe(1, (Subscription(text),)),
        Unsubscribe(1, (text,)),
    ):
        with pytest.raises(InvalidMessage):
            encode(packet, protocol)


@both
@pytest.mark.parametrize("text", BAD_BYTES)
def test_a_text_that_is_none_is_not_read(protocol: Protocol, text: bytes) -> None:
    body = len(text).to_bytes(2, "big") + text + b"\x00"
    with pytest.raises(ProtocolError):
        list(Decoder(protocol).feed(bytes((0x30, len(body))) + body))


@both
def test_a_byte_order_mark_is_a_character_like_others(protocol: Protocol) -> None:
    message = Publish(Message("\ufefft\ufeff", b""))
    data = encode(message, protocol)
    assert b"\xef\xbb\xbft\xef\xbb\xbf" in data
    assert list(Decoder(protocol).feed(data)) == [message]


@pytest.mark.parametrize(
    ("value", "size"),
    [(0, 1), (127, 1), (128, 2), (16_383, 2), (16_384, 3), (2_097_151, 3), (2_097_152, 4)],
)
def test_a_length_has_as_few_bytes_as_it_needs(value: int, size: int) -> None:
    assert len(write_length(value)) == size


@pytest.mark.parametrize("pair", [("\ud800", "value"), ("name", "\ud800"), ("a\x00", "b")])
def test_both_texts_of_a_user_property_are_texts(pair: tuple[str, str]) -> None:
    with pytest.raises(InvalidMessage):
        encode(Publish(Message("t", b"", properties=Properties(user_properties=(pair,)))), V5)


def test_a_user_property_that_is_no_text_is_not_read() -> None:
    for pair in (b"\x00\x01\xff\x00\x01b", b"\x00\x01a\x00\x01\xff"):
        body = b"\x00\x01t" + bytes((len(pair) + 1, 0x26)) + pair
        with pytest.raises(MalformedPacket):
            list(Decoder(V5).feed(bytes((0x30, len(body))) + body))


@both
@pytest.mark.parametrize(("packet", "first"), FIRST_BYTES)
def test_reserved_flags_are_sent_as_the_standard_has_them(
    packet: Packet, first: int, protocol: Protocol
) -> None:
    assert encode(packet, protocol)[0] == first


@both
def test_reserved_flags_that_are_otherwise_are_refused(protocol: Protocol) -> None:
    for packet, first in [*FIRST_BYTES, (SubAck(1, (0,)), 0x90), (UnsubAck(1, ()), 0xB0)]:
        body = encode(packet, protocol)[1:]
        for flags in set(range(16)) - {first & 0x0F}:
            with pytest.raises(MalformedPacket, match="flags"):
                list(Decoder(protocol).feed(bytes((first & 0xF0 | flags,)) + body))


def test_reserved_flags_of_auth_that_are_not_zero_are_refused() -> None:
    for flags in range(1, 16):
        with pytest.raises(MalformedPacket, match="flags"):
            list(Decoder(V5).feed(bytes((0xF0 | flags, 0))))


def test_no_properties_are_a_length_of_zero() -> None:
    assert encode(Publish(Message("t", b"x")), V5) == b"\x30\x05\x00\x01t\x00x"
    assert encode(Subscribe(1, (Subscription("t"),)), V5)[2:5] == b"\x00\x01\x00"
    assert encode(Unsubscribe(1, ("t",)), V5)[2:5] == b"\x00\x01\x00"
    assert encode(Connect("c"), V5)[12:13] == b"\x00"
