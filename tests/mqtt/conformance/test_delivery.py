"""The flows of QoS 1 and 2, their order, and how much is on its way (MQTT 5.0, 4.3 to 4.9)."""

import pytest

from iotmock.mqtt import V5, V311, Message, Properties, Protocol, Session, Subscription
from iotmock.mqtt.codec.encoder import encode
from iotmock.mqtt.codec.packets import (
    PingReq,
    PubAck,
    PubComp,
    Publish,
    PubRec,
    PubRel,
    Subscribe,
    Unsubscribe,
)
from tests.mqtt.connection.wired import Wired, message, wire

both = pytest.mark.parametrize("protocol", [V311, V5])
EXPIRING = Properties(message_expiry_interval=1)


def again(payload: bytes, qos: int) -> Message:
    return Message("t", payload, qos, dup=True)


def take_all(wired: Wired) -> list[bytes]:
    return [wired.connection.take().payload for _ in range(len(wired.connection.arrived))]


@both
def test_a_message_is_unacknowledged_until_its_answer(protocol: Protocol) -> None:
    session = Session()
    wired = wire(session, protocol=protocol)
    wired.connection.publish([message(1), message(2, qos=2)])
    assert session.in_flight == 2
    wired.tell(PubRec(2))
    assert session.in_flight == 2
    wired.tell(PubComp(2), PubAck(1))
    assert session.in_flight == 0


@both
def test_pubrec_is_answered_with_pubrel_each_time(protocol: Protocol) -> None:
    wired = wire(protocol=protocol)
    wired.connection.publish([message(1, qos=2)])
    wired.sent()
    wired.tell(PubRec(1), PubRec(1))
    assert wired.sent() == [PubRel(1), PubRel(1)]


@both
def test_pubrels_go_out_in_the_order_of_pubrecs(protocol: Protocol) -> None:
    wired = wire(protocol=protocol)
    wired.connection.publish([message(n, qos=2) for n in range(3)])
    wired.sent()
    wired.tell(PubRec(2), PubRec(3), PubRec(1))
    assert wired.sent() == [PubRel(2), PubRel(3), PubRel(1)]


@both
def test_after_pubrel_the_message_is_not_sent_again(protocol: Protocol) -> None:
    session = Session()
    first = wire(session, protocol=protocol)
    first.connection.publish([message(1, qos=2), message(2, qos=2)])
    first.tell(PubRec(1))
    second = wire(session, present=True, protocol=protocol)
    assert second.sent() == [PubRel(1), Publish(again(b"2", 2), 2)]


@both
def test_nothing_is_sent_again_while_the_connection_lasts(protocol: Protocol) -> None:
    wired = wire(protocol=protocol)
    wired.connection.publish([message(1), message(2, qos=2)])
    wired.sent()
    wired.connection.ping()
    assert wired.sent() == [PingReq()]


@pytest.mark.parametrize("refusal", [PubAck(1, 0x87), PubRec(2, 0x97)])
def test_what_was_refused_is_not_sent_again(refusal: PubAck | PubRec) -> None:
    session = Session()
    first = wire(session)
    first.connection.publish([message(1), message(2, qos=2)])
    first.tell(refusal)
    left = [p.packet_id for p in wire(session, present=True).sent() if isinstance(p, Publish)]
    assert left == [3 - refusal.packet_id]


def test_a_message_that_was_sent_does_not_expire_here() -> None:
    session = Session()
    wire(session).connection.publish([Message("t", b"", 2, properties=EXPIRING)])
    (sent,) = wire(session, present=True).sent()
    assert sent == Publish(Message("t", b"", 2, properties=EXPIRING, dup=True), 1)


def test_a_message_that_expires_is_answered_to_the_end() -> None:
    wired = wire()
    wired.tell(Publish(Message("t", b"", 2, properties=EXPIRING), 9))
    wired.connection.take()
    wired.tell(PubRel(9))
    assert wired.sent() == [PubRec(9), PubComp(9)]


@both
def test_after_puback_the_same_identifier_is_a_new_message(protocol: Protocol) -> None:
    wired = wire(protocol=protocol)
    wired.tell(Publish(message(1), 9))
    assert take_all(wired) == [b"1"]
    wired.tell(Publish(again(b"2", 1), 9))
    assert take_all(wired) == [b"2"]
    assert wired.sent() == [PubAck(9), PubAck(9)]


@both
def test_after_pubcomp_the_same_identifier_is_a_new_message(protocol: Protocol) -> None:
    wired = wire(protocol=protocol)
    wired.tell(Publish(message(1, qos=2), 9))
    assert take_all(wired) == [b"1"]
    wired.tell(PubRel(9), Publish(again(b"2", 2), 9))
    assert take_all(wired) == [b"2"]
    assert wired.sent() == [PubRec(9), PubComp(9), PubRec(9)]


@both
def test_until_pubrel_the_same_identifier_is_the_same_message(protocol: Protocol) -> None:
    wired = wire(protocol=protocol)
    wired.tell(Publish(message(1, qos=2), 9))
    assert take_all(wired) == [b"1"]
    wired.tell(Publish(again(b"1", 2), 9))
    assert take_all(wired) == []
    assert wired.sent() == [PubRec(9), PubRec(9)]


@both
def test_pubrel_is_answered_with_pubcomp_even_if_nothing_is_known_of_it(protocol: Protocol) -> None:
    wired = wire(protocol=protocol)
    wired.tell(PubRel(9))
    assert wired.sent() == [PubComp(9, 0x92 if protocol == V5 else 0)]


@both
def test_answers_go_out_in_the_order_of_the_messages(protocol: Protocol) -> None:
    wired = wire(protocol=protocol)
    numbers = [7, 3, 9]
    wired.tell(*(Publish(message(number, qos=1), number) for number in numbers))
    wired.tell(*(Publish(message(number, qos=2), number + 10) for number in numbers))
    take_all(wired)
    assert wired.sent() == [
        *(PubAck(number) for number in numbers),
        *(PubRec(number + 10) for number in numbers),
    ]


@pytest.mark.parametrize("qos", [1, 2])
def test_the_answer_to_a_skipped_message_waits_for_its_turn(qos: int) -> None:
    wired = wire(protocol=V311)
    large = Publish(Message("large", b"x" * (1 << 20), qos), 8)
    stream = [Publish(message(1, qos), 7), large, Publish(message(2, qos), 9)]
    wired.connection.receive(b"".join(encode(packet, V311) for packet in stream))
    assert wired.sent() == []
    assert take_all(wired) == [b"1", b"2"]
    answer = PubAck if qos == 1 else PubRec
    assert wired.sent() == [answer(7), answer(8), answer(9)]


def test_the_answer_to_a_message_that_was_had_before_waits_for_its_turn() -> None:
    session = Session()
    first = wire(session)
    first.tell(Publish(message(1, qos=2), 8))
    take_all(first)
    second = wire(session, present=True)
    second.tell(Publish(message(0, qos=2), 7), Publish(again(b"1", 2), 8))
    assert second.sent() == []
    assert take_all(second) == [b"0"]
    assert second.sent() == [PubRec(7), PubRec(8)]


def test_a_full_window_holds_up_nothing_but_messages() -> None:
    session = Session()
    wired = wire(session, limits=Properties(receive_maximum=1))
    assert wired.connection.publish([message(1), message(2)]) == 1
    wired.connection.subscribe((Subscription("t"),))
    wired.connection.unsubscribe(("t",))
    wired.connection.ping()
    wired.tell(Publish(message(3), 9))
    take_all(wired)
    kinds = [type(packet) for packet in wired.sent()]
    assert kinds == [Publish, Subscribe, Unsubscribe, PingReq, PubAck]


@pytest.mark.parametrize(
    "answers", [[PubAck(1)], [PubRec(1, 0x97)], [PubRec(1), PubComp(1)]], ids=lambda a: str(len(a))
)
def test_the_window_opens_with_the_last_answer_and_not_before(
    answers: list[PubAck | PubRec | PubComp],
) -> None:
    wired = wire(limits=Properties(receive_maximum=1))
    qos = 1 if isinstance(answers[0], PubAck) else 2
    wired.connection.publish([message(1, qos)])
    for answer in answers:
        assert wired.connection.publish([message(2, qos)]) == 0
        wired.tell(answer)
    assert wired.connection.publish([message(2, qos)]) == 1


@both
def test_a_session_outlives_its_connection_and_is_dropped_with_the_brokers(
    protocol: Protocol,
) -> None:
    session = Session()
    first = wire(session, protocol=protocol)
    first.tell(Publish(message(1, qos=2), 9))
    take_all(first)
    first.connection.publish([message(2)])
    kept = wire(session, present=True, protocol=protocol)
    assert (session.unreleased, kept.sent()) == (1, [Publish(again(b"2", 1), 1)])
    lost = wire(session, present=False, protocol=protocol)
    assert (session.unreleased, lost.sent()) == (0, [Publish(message(2), 1)])
