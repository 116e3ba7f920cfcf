"""Reading PUBLISH in place, held against the general decoder."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iotmock.mqtt import (
    V5,
    V311,
    ConnectionLost,
    ConnectOptions,
    Message,
    Properties,
    ProtocolError,
    Session,
)
from iotmock.mqtt.codec.encoder import encode
from iotmock.mqtt.codec.packets import ConnAck, PingResp, Protocol, Publish, SubAck
from iotmock.mqtt.codec.properties import user_property
from iotmock.mqtt.codec.wire_types import write_string
from iotmock.soak.account.accounting import Account
from iotmock.soak.receiver.intake import CountingConnection, Intake, NamedIntake
from iotmock.verification.stamp import PROPERTY, NamedNumbering, Stamp, Stamper

STAMPER = Stamper("run1")
PAYLOAD = b'{"power":1.5}'


def connection(protocol: Protocol = V5) -> CountingConnection:
    made = CountingConnection(
        ConnectOptions("c", maximum_packet_size=100_000),
        Session(),
        protocol,
        intake=Intake(b"run1", Account()),
    )
    made.receive(encode(ConnAck(False, 0), protocol))
    made.outgoing.clear()
    return made


def stamped(
    number: int, payload: bytes = PAYLOAD, properties: Properties | None = None, qos: int = 1
) -> bytes:
    """Return a PUBLISH; other properties come before the stamp, as a broker may put them."""
    text = STAMPER.text(Stamp(number, 0.0), payload)
    if properties is None:
        written = user_property(PROPERTY) + write_string(text.decode())
        message = Message("energy/devices/a/data", payload, qos, written=written)
    else:
        pairs = (*properties.user_properties, (PROPERTY, text.decode()))
        more = Properties(user_properties=pairs, content_type=properties.content_type)
        message = Message("energy/devices/a/data", payload, qos, properties=more)
    return encode(Publish(message, number if qos else None), V5)


@given(
    st.lists(
        st.tuples(
            st.binary(max_size=300) | st.just(b"x" * 20_000),
            st.none() | st.builds(Properties, content_type=st.none() | st.text("ab", max_size=200)),
            st.sampled_from([0, 1]),
        ),
        max_size=12,
    ),
    st.lists(st.integers(1, 400), min_size=1, max_size=20),
)
def test_every_message_is_counted_however_the_bytes_come(
    messages: list[tuple[bytes, Properties | None, int]], cuts: list[int]
) -> None:
    receiving = connection()
    data = b"".join(stamped(n, *message) for n, message in enumerate(messages, start=1))
    place, turn = 0, 0
    while place < len(data):
        step = cuts[turn % len(cuts)] * (1 if len(data) < 5_000 else 50)
        receiving.receive(data[place : place + step])
        place, turn = place + step, turn + 1
    account = receiving.intake.account
    assert account.track("a").high == len(messages)
    assert account.missing == receiving.intake.foreign == 0
    assert sum(tally.corrupted for tally in account.tallies.values()) == 0
    acknowledged = [n for n, (_, _, qos) in enumerate(messages, start=1) if qos]
    expected = b"".join(b"\x40\x02" + number.to_bytes(2, "big") for number in acknowledged)
    assert receiving.drain() == expected


def test_what_is_no_message_goes_the_way_of_every_connection() -> None:
    receiving = connection()
    packet_id = receiving.session.reserve()
    receiving.requests._asked[packet_id] = 1
    receiving.receive(
        stamped(1) + encode(SubAck(packet_id, (1,)), V5) + encode(PingResp(), V5) + stamped(2)
    )
    assert receiving.answers == {packet_id: (1,)}
    assert receiving.intake.received == 2


def test_version_3_1_1_has_the_stamp_in_the_json() -> None:
    receiving = connection(V311)
    payload = STAMPER.with_field(Stamp(1, 0.0), PAYLOAD)
    receiving.receive(encode(Publish(Message("energy/devices/a/data", payload, 1), 1), V311))
    assert receiving.intake.received == 1


def test_retained_messages_are_foreign() -> None:
    receiving = connection()
    data = bytearray(stamped(1))
    data[0] |= 1
    receiving.receive(bytes(data))
    assert (receiving.intake.received, receiving.intake.foreign) == (0, 1)


@pytest.mark.parametrize("text", ["", "run1", "run1;1;2;x;4;", "run2;1;2;3;4;", "run1.x;1;2;3;4;"])
def test_a_stamp_that_is_not_of_this_run_makes_no_device(text: str) -> None:
    receiving = connection()
    properties = Properties(user_properties=((PROPERTY, text),))
    message = Message("energy/devices/a/data", PAYLOAD, properties=properties)
    receiving.receive(encode(Publish(message), V5))
    assert (receiving.intake.foreign, len(receiving.intake.account)) == (1, 0)


@pytest.mark.parametrize(
    "data",
    [
        b"\x30\x02\x00\x09",
        b"\x30\x01\x00",
        b"\x32\x03\x00\x01t",
        b"\x30\x05\x00\x01t\x7f\x00",
        b"\x34\x06\x00\x01t\x00\x01\x00",
        b"\x30\xff\xff\xff\xff\x01",
        b"\x30\xff\xff\xff\x7f",
    ],
)
def test_what_is_no_packet_is_the_brokers_fault(data: bytes) -> None:
    with pytest.raises(ProtocolError):
        connection().receive(data)


@given(st.binary(max_size=80))
def test_any_bytes_are_packets_or_the_brokers_fault(data: bytes) -> None:
    with suppress(ProtocolError, ConnectionLost):  # the latter is what a DISCONNECT says
        connection().receive(data)


def test_whose_a_message_is_stands_in_its_stamp_where_topics_do_not_say_it() -> None:
    account = Account()
    intake, numbering = NamedIntake(b"run1", account, device_level=0), NamedNumbering()
    for device in ("a.1", "b", "a.1"):
        text = STAMPER.text(numbering.stamp(device, 0.0), PAYLOAD)
        intake.take(b"v1/devices/me/telemetry", text, PAYLOAD, 0)
    intake.take(b"v1/devices/me/telemetry", STAMPER.text(Stamp(1, 0.0), PAYLOAD), PAYLOAD, 0)
    assert [account.track(device).high for device in ("a.1", "b")] == [2, 1]
    assert (len(account), intake.received, intake.foreign) == (2, 3, 1)
