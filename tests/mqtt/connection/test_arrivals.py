"""Messages that a broker sends: kept, counted, answered in order."""

import pytest

from iotmock.mqtt import (
    V5,
    V311,
    Message,
    Properties,
    ProtocolError,
    ReceiveMaximumExceeded,
    Session,
)
from iotmock.mqtt.codec.encoder import encode
from iotmock.mqtt.codec.packets import (
    PubAck,
    PubComp,
    Publish,
    PubRec,
    PubRel,
)
from iotmock.mqtt.session.notes import Note, Skipped
from tests.mqtt.connection.wired import OPTIONS, message, wire


def test_a_message_is_acknowledged_when_it_is_taken() -> None:
    wired = wire()
    wired.tell(Publish(message(1), 7), Publish(message(2, qos=2), 8), Publish(message(3, qos=0)))
    assert wired.sent() == []
    assert [wired.connection.take().payload for _ in range(3)] == [b"1", b"2", b"3"]
    assert wired.sent() == [PubAck(7), PubRec(8)]
    wired.tell(PubRel(8))
    assert wired.sent() == [PubComp(8)]


def test_exactly_once_holds_over_a_reconnect() -> None:
    session = Session()
    first = wire(session)
    first.tell(Publish(message(1, qos=2), 8))
    first.connection.take()
    second = wire(session, present=True)
    second.tell(Publish(Message("t", b"1", 2, dup=True), 8))
    assert not second.connection.arrived
    assert second.sent() == [PubRec(8)]


def test_a_message_that_nobody_took_is_delivered_again_after_a_reconnect() -> None:
    session = Session()
    wire(session).tell(Publish(message(1, qos=2), 8))
    second = wire(session, present=True)
    second.tell(Publish(Message("t", b"1", 2, dup=True), 8))
    assert len(second.connection.arrived) == 1


def test_more_unacknowledged_messages_than_fit_break_the_protocol() -> None:
    wired = wire()
    half = Message("t", b"x" * 1_000_000, 1)
    with pytest.raises(ReceiveMaximumExceeded):
        wired.tell(*(Publish(half, number) for number in range(1, 100)))
    assert len(wired.connection.arrived) * 1_000_000 < 70 << 20


def test_too_many_messages_at_qos_0_are_dropped_and_counted() -> None:
    wired = wire()
    wired.tell(*[Publish(message(1, qos=0))] * 10_005)
    assert len(wired.connection.arrived) == 10_000
    assert wired.connection.dropped == 5


@pytest.mark.parametrize(
    "large",
    [
        Properties(correlation_data=b"x" * 65_000),
        Properties(user_properties=(("n", "v" * 60_000),)),
        Properties(user_properties=(("", ""),) * 5_000),
    ],
)
def test_properties_count_as_what_they_hold_in_memory(large: Properties) -> None:
    wired = wire()
    packet = encode(Publish(Message("t", b"", 0, properties=large)), V5)
    while not wired.connection.dropped:
        wired.connection.receive(packet)
    arrived = len(wired.connection.arrived)
    assert 50 < arrived < 1_200
    for _ in range(arrived):
        wired.connection.take()
    wired.connection.receive(packet)
    assert len(wired.connection.arrived) == 1


def test_topic_aliases_stand_for_topics() -> None:
    wired = wire()
    wired.tell(
        Publish(Message("long/topic", b"1", properties=Properties(topic_alias=2))),
        Publish(Message("", b"2", properties=Properties(topic_alias=2))),
    )
    assert [p.message.topic for p in wired.connection.arrived] == ["long/topic"] * 2
    for alias in (1, 3):
        with pytest.raises(ProtocolError):
            wired.tell(Publish(Message("", b"", properties=Properties(topic_alias=alias))))


def test_a_message_that_comes_twice_before_it_is_taken_is_delivered_once() -> None:
    wired = wire()
    wired.tell(Publish(message(1, qos=2), 8), Publish(Message("t", b"1", 2, dup=True), 8))
    assert len(wired.connection.arrived) == 1


@pytest.mark.parametrize("qos", [0, 1, 2])
def test_a_message_over_the_maximum_is_skipped_in_3_1_1_and_answered(qos: int) -> None:
    session, notes = Session(), list[Note]()
    session.on_notes = notes.extend
    before = OPTIONS.traffic.skipped
    wired = wire(session, protocol=V311)
    large = Publish(Message("large", b"x" * (1 << 20), qos), 7 if qos else None)
    stream = encode(large, V311) + encode(Publish(message(1, qos=0)), V311)
    for begin in range(0, len(stream), 65_536):
        wired.connection.receive(stream[begin : begin + 65_536])
    assert [p.message for p in wired.connection.arrived] == [message(1, qos=0)]
    assert wired.sent() == [[], [PubAck(7)], [PubRec(7)]][qos]
    assert OPTIONS.traffic.skipped == before + 1
    assert [note.topic for note in notes if isinstance(note, Skipped)] == ["large"]


def test_what_looks_like_puback_within_a_message_is_part_of_it() -> None:
    wired = wire()
    packet_id = wired.connection.publish_one(message(1))
    assert packet_id == 1
    puback = encode(PubAck(1), V5)
    packet = encode(Publish(Message("t", puback, 0)), V5)
    wired.connection.receive(packet[:-4])
    wired.connection.receive(packet[-4:])
    assert wired.connection.take().payload == puback
    assert wired.connection.session.in_flight == 1
    wired.connection.receive(puback)
    assert wired.connection.session.in_flight == 0
