"""What the next connection sends again, and what is given up."""

import pytest

from iotmock.mqtt import (
    Message,
    Properties,
    Session,
)
from iotmock.mqtt.codec.packets import (
    PubAck,
    Publish,
    PubRec,
    PubRel,
)
from iotmock.mqtt.session.notes import GivenUp, Note
from tests.mqtt.connection.wired import message, wire


def test_unacknowledged_messages_are_sent_again_in_order_with_dup() -> None:
    session = Session()
    first = wire(session)
    first.connection.publish([message(n, qos=1 + n % 2) for n in range(4)])
    first.tell(PubAck(1), PubRec(2))
    again = wire(session, present=True).sent()
    assert again == [
        PubRel(2),
        Publish(Message("t", b"2", 1, dup=True), 3),
        Publish(Message("t", b"3", 2, dup=True), 4),
    ]


def test_messages_go_out_as_new_when_the_broker_lost_the_session() -> None:
    session = Session()
    first = wire(session)
    first.connection.publish([message(0), message(1, qos=2)])
    first.tell(PubRec(2))
    again = wire(session, present=False).sent()
    assert again == [Publish(message(0), 1), Publish(message(1, qos=2), 2)]


def test_what_is_sent_again_respects_a_smaller_window() -> None:
    session = Session(window=10)
    wire(session).connection.publish([message(n) for n in range(5)])
    wired = wire(session, present=True, limits=Properties(receive_maximum=2))
    assert [p.packet_id for p in wired.sent() if isinstance(p, Publish)] == [1, 2]
    assert wired.connection.publish([message(9)]) == 0
    wired.tell(PubAck(1))
    assert [p.packet_id for p in wired.sent() if isinstance(p, Publish)] == [3]
    wired.tell(PubAck(2), PubAck(3), PubAck(4), PubAck(5))
    assert session.acknowledged == 5


def test_what_was_acknowledged_before_it_was_sent_again_is_passed_over() -> None:
    session = Session(window=10)
    wire(session).connection.publish([message(n) for n in range(5)])
    wired = wire(session, present=True, limits=Properties(receive_maximum=1))
    wired.tell(PubAck(2), PubAck(1))
    assert [p.packet_id for p in wired.sent() if isinstance(p, Publish)] == [1, 3, 4]


def test_what_the_next_broker_can_not_take_is_counted_and_holds_nothing_up() -> None:
    session = Session()
    wire(session).connection.publish([Message("t", b"x" * 200, 1), message(2)])
    wired = wire(session, limits=Properties(maximum_packet_size=100))
    assert [p.packet_id for p in wired.sent() if isinstance(p, Publish)] == [2]
    assert (session.refused, session.in_flight) == (1, 1)


def test_a_topic_alias_is_not_taken_to_another_connection() -> None:
    session = Session()
    limits = Properties(topic_alias_maximum=5)
    aliased = Message("t", b"", 1, properties=Properties(topic_alias=5))
    wire(session, limits=limits).connection.publish([aliased])
    (again,) = wire(session, present=True).sent()
    assert again == Publish(Message("t", b"", 1, dup=True), 1)


@pytest.mark.parametrize(("most", "in_flight"), [(1, 1), (0, 0)])
def test_what_is_sent_again_obeys_the_limits_of_the_new_connection(
    most: int, in_flight: int
) -> None:
    session = Session()
    wire(session).connection.publish([Message("t", b"", 2, retain=True)])
    wired = wire(session, limits=Properties(maximum_qos=most, retain_available=0))
    (again,) = wired.sent()
    assert isinstance(again, Publish)
    assert (again.message.qos, again.message.retain) == (most, False)
    assert (session.in_flight, session.acknowledged) == (in_flight, 1 - in_flight)
    if again.packet_id is not None:
        wired.tell(PubAck(again.packet_id))
    assert (session.acknowledged, session.refused) == (1, 0)


def test_a_message_that_ends_three_connections_running_is_given_up() -> None:
    session, notes = Session(), list[Note]()
    session.on_notes = notes.extend
    first = wire(session)
    first.connection.publish([message(1), message(2), message(3)])
    first.tell(PubAck(1))
    for _ in range(2):
        again = wire(session, present=True).sent()
        assert [p.packet_id for p in again if isinstance(p, Publish)] == [2, 3]
    again = wire(session, present=True).sent()
    assert [p.packet_id for p in again if isinstance(p, Publish)] == [3]
    assert (session.acknowledged, session.refused, session.in_flight) == (1, 1, 1)
    assert [note.message.payload for note in notes if isinstance(note, GivenUp)] == [b"2"]


def test_connections_that_end_while_messages_go_on_give_nothing_up() -> None:
    session = Session(window=1)
    wire(session).connection.publish([message(0)])
    for _ in range(10):
        wired = wire(session, present=True)
        wired.tell(PubAck(1))
        session._last_id = 0  # the next one has the same identifier, and is another message
        wired.connection.publish([message(1)])
    assert (session.acknowledged, session.refused) == (10, 0)


def test_a_message_at_qos_2_that_ends_connections_is_tried_at_qos_1_before_it_is_given_up() -> None:
    session = Session()
    wire(session).connection.publish([message(1, qos=2)])
    for qos in (2, 2, 1, 1, 1):
        (again,) = wire(session, present=True).sent()
        assert isinstance(again, Publish)
        assert again.message.qos == qos
    assert wire(session, present=True).sent() == []
    assert session.refused == 1


def test_qos_2_that_is_answered_with_puback_becomes_qos_1() -> None:
    session = Session()
    wired = wire(session)
    wired.connection.publish([message(1, qos=2), message(2, qos=2)])
    wired.tell(PubAck(1), PubAck(2))
    assert session.acknowledged == 2
    wired.sent()
    wired.connection.publish([message(3, qos=2)])
    assert wired.sent() == [Publish(message(3, qos=1), 3)]
    assert wired.connection.limits.maximum_qos == 1
