"""Session and connection as values: a broker of packets, no network."""

import pytest

from iotmock.mqtt import (
    V5,
    V311,
    BadCredentials,
    ConnectionLost,
    InvalidMessage,
    Message,
    Properties,
    ProtocolError,
    Session,
    Subscription,
    UnsupportedProtocol,
)
from iotmock.mqtt.codec.encoder import encode
from iotmock.mqtt.codec.packets import (
    ConnAck,
    Disconnect,
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
)
from iotmock.mqtt.connection.connection import Connection
from iotmock.mqtt.session.notes import Note, Refused
from tests.mqtt.connection.wired import OPTIONS, message, wire


def test_a_message_is_settled_by_its_acknowledgement() -> None:
    session = Session()
    wired = wire(session)
    assert wired.connection.publish([message(1), message(2, qos=2)]) == 2
    first, second = wired.sent()
    assert isinstance(first, Publish)
    assert isinstance(second, Publish)
    wired.tell(PubAck(first.packet_id or 0), PubRec(second.packet_id or 0))
    assert wired.sent() == [PubRel(second.packet_id or 0)]
    assert (session.acknowledged, session.in_flight) == (1, 1)
    wired.tell(PubComp(second.packet_id or 0))
    assert (session.acknowledged, session.in_flight) == (2, 0)


def test_a_refused_message_is_counted_apart() -> None:
    session = Session()
    wired = wire(session)
    wired.connection.publish([message(1), message(2, qos=2)])
    wired.tell(PubAck(1, 0x97), PubRec(2, 0x87))
    assert (session.acknowledged, session.refused, session.in_flight) == (0, 2, 0)


def test_the_window_is_ours_or_the_brokers_whichever_is_smaller() -> None:
    assert wire(Session(window=5)).connection.publish([message(n) for n in range(9)]) == 5
    limits = Properties(receive_maximum=2)
    wired = wire(Session(window=5), limits=limits)
    assert wired.connection.publish([message(n) for n in range(9)]) == 2
    assert wired.connection.publish([message(1, qos=0)] * 3 + [message(1)]) == 3


def test_packet_identifiers_come_from_what_is_free() -> None:
    session = Session(window=65_535)
    wired = wire(session)
    messages = [message(n) for n in range(65_535)]
    assert wired.connection.publish([*messages, message(0)]) == 65_535
    wired.tell(PubAck(40_000))
    wired.connection.publish([message(1)])
    assert wired.sent()[-1] == Publish(message(1), 40_000)


def test_an_acknowledgement_of_nothing_is_passed_over() -> None:
    wired = wire()
    wired.tell(PubAck(7), PubAck(7, 0x87), PubRec(8, 0x80), PubComp(9))
    assert (wired.connection.session.acknowledged, wired.connection.session.refused) == (0, 0)


def test_a_bad_message_in_a_batch_ends_the_count_and_is_told_when_it_is_first() -> None:
    wired = wire(limits=Properties(maximum_packet_size=100))
    batch = [message(1), Message("t", b"x" * 200, 1), message(3)]
    assert wired.connection.publish(batch) == 1
    with pytest.raises(InvalidMessage):
        wired.connection.publish(batch[1:])
    assert wired.connection.publish(batch[2:]) == 1
    assert [p.message.payload for p in wired.sent() if isinstance(p, Publish)] == [b"1", b"3"]


@pytest.mark.parametrize(
    ("qos", "answer"),
    [(1, PubRec(1)), (1, PubComp(1)), (2, PubComp(1))],
)
def test_an_answer_of_the_wrong_kind_breaks_the_protocol(qos: int, answer: Packet) -> None:
    wired = wire()
    wired.connection.publish([message(1, qos=qos)])
    with pytest.raises(ProtocolError):
        wired.tell(answer)


def test_a_stray_pubrec_is_told_so_and_leaves_no_trace() -> None:
    session = Session()
    wired = wire(session)
    wired.tell(PubRec(1))
    assert wired.sent() == [PubRel(1, 0x92)]
    wired.connection.publish([message(1)])
    assert wire(session, present=True).sent() == [Publish(Message("t", b"1", 1, dup=True), 1)]


@pytest.mark.parametrize("answer", [SubAck(7, (0,)), SubAck(1, (0, 0))])
def test_an_answer_to_no_subscription_breaks_the_protocol(answer: SubAck) -> None:
    wired = wire()
    wired.connection.subscribe((Subscription("a"),))
    with pytest.raises(ProtocolError):
        wired.tell(answer)


def test_an_answer_that_nobody_waits_for_is_not_kept() -> None:
    wired = wire()
    packet_id = wired.connection.subscribe((Subscription("a"),))
    wired.connection.requests.forget(packet_id)
    wired.tell(SubAck(packet_id, (1,)))
    assert wired.connection.answers == {}


@pytest.mark.parametrize(
    "bad",
    [
        Message("t", b"", 3),
        Message("t", b"", -1),
        Message("t", b"", 1, properties=Properties(message_expiry_interval=-1)),
        Message("t", b"", 1, properties=Properties(server_keep_alive=1)),
    ],
)
def test_what_mqtt_does_not_know_is_refused_here(bad: Message) -> None:
    session = Session()
    with pytest.raises(InvalidMessage):
        wire(session).connection.publish([bad])
    assert session.in_flight == 0


@pytest.mark.parametrize(
    "bad", [Message("a/#", b"", 1), Message("", b"", 1), Message("t", b"x" * 200, 1)]
)
def test_what_can_not_be_sent_changes_nothing(bad: Message) -> None:
    session = Session()
    wired = wire(session, limits=Properties(maximum_packet_size=100))
    with pytest.raises(InvalidMessage):
        wired.connection.publish([bad])
    assert session.in_flight == 0
    assert wired.sent() == []


@pytest.mark.parametrize(
    ("limits", "qos", "retain"),
    [
        (Properties(maximum_qos=1), 1, True),
        (Properties(maximum_qos=0), 0, True),
        (Properties(retain_available=0), 2, False),
        (Properties(maximum_qos=1, retain_available=0), 1, False),
    ],
)
def test_a_message_goes_out_at_what_the_broker_takes(
    limits: Properties, qos: int, retain: bool
) -> None:
    session = Session()
    wired = wire(session, limits=limits)
    wired.connection.publish([Message("t", b"", 2, retain=True)])
    (sent,) = wired.sent()
    assert isinstance(sent, Publish)
    assert (sent.message.qos, sent.message.retain) == (qos, retain)
    assert session.in_flight == (qos > 0)


def test_a_topic_alias_over_the_brokers_maximum_is_not_sent() -> None:
    session = Session()
    wired = wire(session, limits=Properties(topic_alias_maximum=5))
    with pytest.raises(InvalidMessage):
        wired.connection.publish([Message("t", b"", 1, properties=Properties(topic_alias=6))])
    assert session.in_flight == 0


def test_refusals_are_noted_with_their_reason() -> None:
    session, notes = Session(), list[Note]()
    session.on_notes = notes.extend
    wired = wire(session)
    wired.connection.publish([message(1), message(2)])
    wired.tell(PubAck(1, 0x97), PubAck(2, 0x10))
    assert [note.reason_code for note in notes if isinstance(note, Refused)] == [0x97]


def test_a_topic_alias_within_the_limit_is_sent() -> None:
    wired = wire(limits=Properties(topic_alias_maximum=5))
    aliased = Message("", b"", properties=Properties(topic_alias=5))
    wired.connection.publish([Message("t", b"", properties=aliased.properties), aliased])
    assert wired.sent()[-1] == Publish(aliased)


def test_a_subscription_is_answered() -> None:
    wired = wire()
    packet_id = wired.connection.subscribe((Subscription("a/+"),))
    assert wired.sent() == [Subscribe(packet_id, (Subscription("a/+"),))]
    wired.tell(SubAck(packet_id, (1,)))
    assert wired.connection.answers == {packet_id: (1,)}


def test_a_bad_filter_is_refused_and_frees_its_identifier() -> None:
    wired = wire()
    with pytest.raises(InvalidMessage):
        wired.connection.subscribe((Subscription("a/b#"),))
    assert wired.connection.session._requests == set()


def test_a_ping_is_written() -> None:
    wired = wire()
    wired.connection.ping()
    assert wired.sent() == [PingReq()]
    wired.tell(PingResp())


def test_a_disconnect_of_the_broker_says_why() -> None:
    with pytest.raises(ConnectionLost, match="same client id"):
        wire().tell(Disconnect(0x8E))


@pytest.mark.parametrize(
    ("protocol", "code", "error"),
    [(V5, 0x84, UnsupportedProtocol), (V311, 5, BadCredentials), (V5, 0x86, BadCredentials)],
)
def test_a_refusal_has_a_type_and_never_the_password(
    protocol: Protocol, code: int, error: type[Exception]
) -> None:
    connection = Connection(OPTIONS, Session(), protocol)
    with pytest.raises(error) as caught:
        connection.receive(encode(ConnAck(False, code), protocol))
    assert "secret" not in str(caught.value) + repr(caught.value) + repr(connection)


def test_anything_before_connack_breaks_the_protocol() -> None:
    with pytest.raises(ProtocolError):
        Connection(OPTIONS, Session(), V5).receive(encode(PingResp(), V5))
