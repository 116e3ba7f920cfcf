"""SUBSCRIBE, UNSUBSCRIBE and topic filters (MQTT 5.0, 3.8, 3.10, 4.7 and 4.8)."""

import pytest

from iotmock.mqtt import V5, V311, InvalidMessage, Protocol, ProtocolError, Session, Subscription
from iotmock.mqtt.codec.encoder import encode
from iotmock.mqtt.codec.packets import SubAck, Subscribe, UnsubAck
from iotmock.mqtt.codec.topics import validate_topic_filter
from tests.mqtt.connection.wired import wire

both = pytest.mark.parametrize("protocol", [V311, V5])
GOOD = ["#", "/", "//", "+", "a/#", "/#", "+/+", "a/+/b", "$SYS/#", "$share/group/#", "$share/g//"]
BAD = ["", "a#", "a/#/b", "#/a", "a+", "a/+b", "a\x00", "\ud800", "x" * 65_536]
NOT_SHARED = ["$share/", "$share/g", "$share/g/", "$share//t", "$share/+/t", "$share/g+/t"]


@both
def test_a_request_has_at_least_one_filter(protocol: Protocol) -> None:
    session = Session()
    wired = wire(session, protocol=protocol)
    with pytest.raises(InvalidMessage, match="at least one"):
        wired.connection.subscribe(())
    with pytest.raises(InvalidMessage, match="at least one"):
        wired.connection.unsubscribe(())
    assert (session._requests, wired.sent()) == (set(), [])


@both
@pytest.mark.parametrize("topic_filter", [*BAD, *NOT_SHARED])
def test_a_filter_that_is_none_is_not_sent(protocol: Protocol, topic_filter: str) -> None:
    wired = wire(protocol=protocol)
    with pytest.raises(InvalidMessage):
        wired.connection.subscribe((Subscription("good"), Subscription(topic_filter)))
    with pytest.raises(InvalidMessage):
        wired.connection.unsubscribe(("good", topic_filter))
    assert wired.sent() == []


@pytest.mark.parametrize("topic_filter", GOOD)
def test_a_filter_that_is_one_is_sent(topic_filter: str) -> None:
    validate_topic_filter(topic_filter)
    asked = (Subscription(topic_filter),)
    wired = wire()
    wired.connection.subscribe(asked)
    assert wired.sent() == [Subscribe(1, asked)]


def test_a_shared_subscription_is_not_without_ones_own_messages() -> None:
    with pytest.raises(InvalidMessage, match="shared"):
        wire().connection.subscribe((Subscription("$share/g/t", no_local=True),))


@both
@pytest.mark.parametrize(
    "bad", [Subscription("t", 3), Subscription("t", -1), Subscription("t", retain_handling=3)]
)
def test_subscription_options_that_do_not_exist_are_not_sent(
    protocol: Protocol, bad: Subscription
) -> None:
    with pytest.raises(InvalidMessage):
        wire(protocol=protocol).connection.subscribe((bad,))


def test_reserved_bits_of_subscription_options_are_zero() -> None:
    full = Subscription("t", 2, no_local=True, retain_as_published=True, retain_handling=2)
    assert encode(Subscribe(1, (full,)), V5)[-1] == 0b0010_1110
    assert encode(Subscribe(1, (full,)), V311)[-1] == 2


@both
def test_an_identifier_of_a_request_is_free_after_its_answer(protocol: Protocol) -> None:
    session = Session()
    wired = wire(session, protocol=protocol)
    first = wired.connection.subscribe((Subscription("a"),))
    second = wired.connection.unsubscribe(("b",))
    assert (first, second, session._requests) == (1, 2, {1, 2})
    wired.tell(SubAck(first, (0,)), UnsubAck(second, (0,)))
    assert session._requests == set()


@both
def test_an_answer_with_another_identifier_breaks_the_protocol(protocol: Protocol) -> None:
    for answer in (SubAck(9, (0,)), UnsubAck(9, (0,))):
        wired = wire(protocol=protocol)
        wired.connection.subscribe((Subscription("a"),))
        with pytest.raises(ProtocolError, match="nothing that was asked"):
            wired.tell(answer)


def test_a_refused_request_is_known_by_its_code() -> None:
    wired = wire()
    asked = wired.connection.subscribe((Subscription("a"), Subscription("b")))
    wired.tell(SubAck(asked, (1, 0x87)))
    assert wired.connection.answers[asked] == (1, 0x87)
