"""PUBLISH: what goes out and what may come in (MQTT 5.0, 3.3)."""

import pytest
from msgspec.structs import replace

from iotmock.mqtt import (
    V5,
    V311,
    InvalidMessage,
    MalformedPacket,
    Message,
    Properties,
    Protocol,
    ProtocolError,
    Session,
    Will,
)
from iotmock.mqtt.codec.decoder import Decoder
from iotmock.mqtt.codec.encoder import encode
from iotmock.mqtt.codec.packets import Connect, PubAck, Publish, PubRec
from tests.mqtt.connection.wired import message, wire

both = pytest.mark.parametrize("protocol", [V311, V5])
ROOMY = Properties(topic_alias_maximum=5)


@both
@pytest.mark.parametrize("qos", [0, 1, 2])
def test_what_goes_out_for_the_first_time_has_no_dup(protocol: Protocol, qos: int) -> None:
    """Whatever the message had when it arrived from somewhere."""
    wired = wire(protocol=protocol)
    wired.tell(Publish(Message("t", b"", 1, dup=True), 7))
    arrived = wired.connection.take()
    wired.sent()
    wired.connection.publish([replace(arrived, qos=qos)])
    assert wired.sent() == [Publish(Message("t", b"", qos), 1 if qos else None)]


@both
def test_qos_0_has_no_packet_identifier_and_the_others_have_one(protocol: Protocol) -> None:
    wired = wire(protocol=protocol)
    wired.connection.publish([message(n, qos=n) for n in range(3)])
    sent = [packet.packet_id for packet in wired.sent() if isinstance(packet, Publish)]
    assert sent == [None, 1, 2]


@both
def test_a_packet_identifier_is_not_given_twice_while_it_is_in_use(protocol: Protocol) -> None:
    session = Session(window=3)
    wired = wire(session, protocol=protocol)
    wired.connection.publish([message(1), message(2, qos=2)])
    request = wired.connection.unsubscribe(("t",))
    session._last_id = 0
    wired.connection.publish([message(3)])
    assert sorted(session._outgoing) == [1, 2, 4]
    assert request == 3


@both
def test_both_bits_of_qos_are_not_sent_and_not_read(protocol: Protocol) -> None:
    with pytest.raises(InvalidMessage):
        encode(Publish(Message("t", b"", 3), 1), protocol)
    with pytest.raises(MalformedPacket):
        list(Decoder(protocol).feed(b"\x36\x05\x00\x01t\x00\x01"))


def test_the_topic_is_the_first_field() -> None:
    assert encode(Publish(Message("top/ic", b"x", 1), 9), V311)[2:12] == b"\x00\x06top/ic\x00\x09"


@both
@pytest.mark.parametrize("topic", ["a/+", "#", "a+", ""])
def test_a_topic_name_has_no_wildcard(protocol: Protocol, topic: str) -> None:
    with pytest.raises(InvalidMessage):
        wire(protocol=protocol).connection.publish([Message(topic, b"")])
    data = topic.encode()
    body = len(data).to_bytes(2, "big") + data + b"\x00"
    with pytest.raises(ProtocolError):
        list(Decoder(protocol).feed(bytes((0x30, len(body))) + body))


def test_a_topic_alias_of_zero_is_not_sent() -> None:
    with pytest.raises(InvalidMessage, match="topic alias 0"):
        wire(limits=ROOMY).connection.publish(
            [Message("t", b"", properties=Properties(topic_alias=0))]
        )


def test_every_topic_alias_up_to_our_maximum_is_taken() -> None:
    wired = wire()
    for alias in (1, 2):
        said = Properties(topic_alias=alias)
        wired.tell(Publish(Message("t", b"", properties=said)), Publish(_aliased(alias)))
    assert [packet.message.topic for packet in wired.connection.arrived] == ["t"] * 4


def _aliased(alias: int) -> Message:
    return Message("", b"", properties=Properties(topic_alias=alias))


def test_a_topic_alias_does_not_outlive_its_connection() -> None:
    session = Session()
    wire(session).tell(Publish(Message("t", b"", properties=Properties(topic_alias=1))))
    with pytest.raises(ProtocolError, match="stands for nothing"):
        wire(session, present=True).tell(Publish(_aliased(1)))


@pytest.mark.parametrize("topic", ["a/+", "#", "", "\ud800"])
def test_a_response_topic_is_a_topic_name(topic: str) -> None:
    asking = Properties(response_topic=topic)
    with pytest.raises(InvalidMessage):
        wire().connection.publish([Message("t", b"", properties=asking)])
    with pytest.raises(InvalidMessage):
        encode(Connect("me", V5, will=Will("w", b"", properties=asking)), V5)


def test_a_content_type_is_a_text() -> None:
    with pytest.raises(InvalidMessage):
        wire().connection.publish([Message("t", b"", properties=Properties(content_type="\ud800"))])


def test_a_client_says_no_subscription_identifier() -> None:
    said = Properties(subscription_identifiers=(1,))
    with pytest.raises(InvalidMessage, match="subscription identifiers"):
        wire().connection.publish([Message("t", b"", properties=said)])


@both
@pytest.mark.parametrize("qos", [0, 1, 2])
def test_each_qos_has_its_answer(protocol: Protocol, qos: int) -> None:
    wired = wire(protocol=protocol)
    wired.tell(Publish(Message("t", b"", qos), 9 if qos else None))
    wired.connection.take()
    assert wired.sent() == [[], [PubAck(9)], [PubRec(9)]][qos]
