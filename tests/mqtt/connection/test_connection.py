"""Session and connection as values: a broker of packets, no network."""

import pytest
from attrs import define, evolve, field

from iotmock.mqtt import (
    NO_PROPERTIES,
    V5,
    V311,
    BadCredentials,
    ConnectionLost,
    ConnectOptions,
    InvalidMessage,
    Message,
    Properties,
    ProtocolError,
    ReceiveMaximumExceeded,
    Session,
    Subscription,
    UnsupportedProtocol,
)
from iotmock.mqtt.codec.decoder import Decoder
from iotmock.mqtt.codec.encoder import encode
from iotmock.mqtt.codec.packets import (
    ConnAck,
    Connect,
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
from iotmock.mqtt.session.notes import GivenUp, Note, Refused, Skipped

OPTIONS = ConnectOptions("me", "user", "secret", receive_maximum=3, topic_alias_maximum=2)


@define(eq=False)
class Wired:
    """A connection and the broker's end of it."""

    connection: Connection
    decoder: Decoder = field(factory=lambda: Decoder(V5))

    def sent(self) -> list[Packet]:
        return list(self.decoder.feed(self.connection.drain()))

    def tell(self, *packets: Packet) -> None:
        protocol = self.connection.protocol
        self.connection.receive(b"".join(encode(packet, protocol) for packet in packets))


def wire(
    session: Session | None = None,
    *,
    present: bool = False,
    limits: Properties = NO_PROPERTIES,
    protocol: Protocol = V5,
) -> Wired:
    options = evolve(OPTIONS, clean_start=not present)
    wired = Wired(Connection(options, session or Session(), protocol), Decoder(protocol))
    (connect,) = wired.sent()
    assert isinstance(connect, Connect)
    wired.tell(ConnAck(present, 0, limits))
    return wired


def message(number: int, qos: int = 1) -> Message:
    return Message("t", b"%d" % number, qos)


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
    assert wired.connection._arrived_bytes == 0


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


def test_a_message_that_comes_twice_before_it_is_taken_is_delivered_once() -> None:
    wired = wire()
    wired.tell(Publish(message(1, qos=2), 8), Publish(Message("t", b"1", 2, dup=True), 8))
    assert len(wired.connection.arrived) == 1


@pytest.mark.parametrize("answer", [SubAck(7, (0,)), SubAck(1, (0, 0))])
def test_an_answer_to_no_subscription_breaks_the_protocol(answer: SubAck) -> None:
    wired = wire()
    wired.connection.subscribe((Subscription("a"),))
    with pytest.raises(ProtocolError):
        wired.tell(answer)


def test_an_answer_that_nobody_waits_for_is_not_kept() -> None:
    wired = wire()
    packet_id = wired.connection.subscribe((Subscription("a"),))
    wired.connection.forget_request(packet_id)
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


def test_a_topic_alias_over_the_brokers_maximum_is_not_sent() -> None:
    session = Session()
    wired = wire(session, limits=Properties(topic_alias_maximum=5))
    with pytest.raises(InvalidMessage):
        wired.connection.publish([Message("t", b"", 1, properties=Properties(topic_alias=6))])
    assert session.in_flight == 0


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
