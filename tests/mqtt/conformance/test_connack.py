"""What CONNACK says, and what a client does about it (MQTT 5.0, 3.2)."""

import pytest
import trio
from attrs import evolve

from iotmock.mqtt import (
    V5,
    V311,
    ConnectionLost,
    ConnectOptions,
    ConnectRefused,
    InvalidMessage,
    Message,
    Properties,
    Protocol,
    ProtocolError,
    Session,
    Subscription,
)
from iotmock.mqtt.codec.encoder import encode
from iotmock.mqtt.codec.packets import ConnAck, PingResp, Publish
from iotmock.mqtt.connection.connection import Connection
from iotmock.mqtt.lines.line import Line
from iotmock.mqtt.transport.address import look_up
from tests.mqtt.connection.wired import OPTIONS, wire
from tests.mqtt.transport.ways import Way, both_ways, serving

both = pytest.mark.parametrize("protocol", [V311, V5])


def told(options: ConnectOptions, *packets: ConnAck, protocol: Protocol = V5) -> Connection:
    connection = Connection(options, Session(), protocol)
    connection.receive(b"".join(encode(packet, protocol) for packet in packets))
    return connection


def test_the_brokers_keep_alive_is_the_one_that_counts() -> None:
    assert told(OPTIONS, ConnAck(False, 0)).keep_alive == OPTIONS.keep_alive
    said = Properties(server_keep_alive=7)
    assert told(OPTIONS, ConnAck(False, 0, said)).keep_alive == 7


def test_a_session_that_nobody_has_ends_the_connection() -> None:
    with pytest.raises(ProtocolError, match="a new one was asked for"):
        told(OPTIONS, ConnAck(True, 0))
    assert told(evolve(OPTIONS, clean_start=False), ConnAck(True, 0)).connack is not None


@both
def test_a_second_connack_ends_the_connection(protocol: Protocol) -> None:
    with pytest.raises(ProtocolError):
        told(OPTIONS, ConnAck(False, 0), ConnAck(False, 0), protocol=protocol)


@both
@pytest.mark.parametrize("flags", [0x02, 0x80, 0xFF])
def test_reserved_flags_of_connack_are_refused(protocol: Protocol, flags: int) -> None:
    data = bytearray(encode(ConnAck(False, 0), protocol))
    data[2] = flags
    with pytest.raises(ProtocolError):
        Connection(OPTIONS, Session(), protocol).receive(bytes(data))


@pytest.mark.trio
@both_ways
@pytest.mark.parametrize(("protocol", "code"), [(V311, 2), (V311, 3), (V5, 0x85), (V5, 0x9F)])
async def test_a_refusal_closes_the_connection(way: Way, protocol: Protocol, code: int) -> None:
    closed = trio.Event()

    async def refuse(stream: trio.SocketStream) -> None:
        await stream.receive_some(1_000)
        await stream.send_all(encode(ConnAck(False, code), protocol))
        while await stream.receive_some(1_000):
            pass
        closed.set()

    async with serving(refuse) as port:
        with pytest.raises(ConnectRefused):
            await way("127.0.0.1", port, ConnectOptions("me", protocols=(protocol,)), b"")
        await closed.wait()


def test_no_packet_is_over_the_brokers_maximum() -> None:
    connection = wire(limits=Properties(maximum_packet_size=50)).connection
    long = "x" * 60
    with pytest.raises(InvalidMessage):
        connection.publish([Message(long, b"")])
    with pytest.raises(InvalidMessage):
        connection.subscribe((Subscription(long),))
    with pytest.raises(InvalidMessage):
        connection.unsubscribe((long,))
    assert connection.drain() == b""


def test_a_maximum_under_the_size_of_an_answer_is_a_refusal() -> None:
    with pytest.raises(ConnectRefused, match="at most 4 bytes"):
        told(OPTIONS, ConnAck(False, 0, Properties(maximum_packet_size=4)))
    assert told(OPTIONS, ConnAck(False, 0, Properties(maximum_packet_size=5))).limits.largest == 5


def test_without_a_topic_alias_maximum_no_alias_is_sent() -> None:
    aliased = Message("t", b"", properties=Properties(topic_alias=1))
    for limits in (Properties(), Properties(topic_alias_maximum=0)):
        with pytest.raises(InvalidMessage, match="topic alias"):
            wire(limits=limits).connection.publish([aliased])


@pytest.mark.parametrize("zero", [Properties(receive_maximum=0), Properties(maximum_packet_size=0)])
def test_a_maximum_of_zero_breaks_the_protocol(zero: Properties) -> None:
    with pytest.raises(ProtocolError, match="zero"):
        told(OPTIONS, ConnAck(False, 0, zero))


def test_a_retained_message_goes_out_unretained_where_there_are_none() -> None:
    wired = wire(limits=Properties(retain_available=0))
    wired.connection.publish([Message("t", b"", retain=True)])
    assert wired.sent() == [Publish(Message("t", b""))]


def test_a_disconnect_before_connack_is_no_connack() -> None:
    with pytest.raises((ProtocolError, ConnectionLost)):
        Connection(OPTIONS, Session(), V5).receive(b"\xe0\x00")


@pytest.mark.trio
@both
async def test_pingreq_goes_out_within_the_keep_alive(protocol: Protocol) -> None:
    heard: list[bytes] = []

    async def listen(stream: trio.SocketStream) -> None:
        await stream.receive_some(1_000)
        await stream.send_all(encode(ConnAck(False, 0), protocol))
        heard.append(bytes(await stream.receive_some(1_000)))
        await stream.send_all(encode(PingResp(), protocol))

    async with serving(listen) as port:
        connection = Connection(ConnectOptions("me", keep_alive=4), Session(), protocol)
        line = Line(connection, await look_up("127.0.0.1", port))
        await line.open((), 5.0)
        line.show_life(line.last_sent + 2.9)
        assert connection.outgoing == []
        line.show_life(line.last_sent + 3.9)
        await line.read()
        line.leave()
    assert heard == [b"\xc0\x00"]
