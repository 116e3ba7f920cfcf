"""DISCONNECT, AUTH, reason codes, and errors that end a connection (MQTT 5.0, 3.14 and 4.13)."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

import anyio
import pytest
from anyio.abc import SocketStream

from iotmock.mqtt import (
    V5,
    V311,
    Client,
    ConnectionLost,
    InvalidMessage,
    Message,
    Properties,
    Protocol,
    ProtocolError,
    Session,
    Subscription,
)
from iotmock.mqtt.codec.encoder import encode
from iotmock.mqtt.codec.packets import (
    Auth,
    ConnAck,
    Connect,
    Disconnect,
    PubAck,
    PubComp,
    Publish,
    PubRec,
    PubRel,
)
from iotmock.mqtt.connection.connection import Connection
from iotmock.mqtt.errors import MalformedPacket, PacketTooLarge, ReceiveMaximumExceeded
from tests.mqtt.client.test_client import both_backends, options, run
from tests.mqtt.connection.wired import OPTIONS, message, wire
from tests.mqtt.test_peers import ACCEPTED, against

both = pytest.mark.parametrize("protocol", [V311, V5])
OURS = {0x00, 0x04, 0x80, 0x81, 0x82, 0x83, 0x90, *range(0x93, 0x9A)}


@both
def test_nothing_follows_disconnect(protocol: Protocol) -> None:
    wired = wire(protocol=protocol)
    connection = wired.connection
    connection.publish([message(1, qos=0)])
    connection.disconnect()
    connection.publish([message(2, qos=0)])
    connection.ping()
    wired.tell(Publish(message(3), 9))
    connection.take()
    assert wired.sent() == [Publish(message(1, qos=0)), Disconnect()]
    connection.subscribe((Subscription("t"),))
    connection.disconnect()
    assert wired.sent() == []


@both_backends
@both
def test_after_disconnect_the_connection_is_closed(backend: str, protocol: Protocol) -> None:
    heard = bytearray()

    async def script(stream: SocketStream, closed: anyio.Event) -> None:
        await stream.send(encode(ConnAck(False, 0), protocol))
        async for data in stream:
            heard.extend(data)
        closed.set()

    async def body(port: int, closed: anyio.Event) -> None:
        async with Client("127.0.0.1", port, options("x", protocol)) as client:
            await client.disconnect()
            with pytest.raises(ConnectionLost):
                await client.publish("t", b"")
        await closed.wait()

    run(backend, partial(_in_turn, script, body))
    assert bytes(heard) == b"\xe0\x00"


async def _in_turn(
    script: Callable[[SocketStream, anyio.Event], Awaitable[None]],
    body: Callable[[int, anyio.Event], Awaitable[None]],
) -> None:
    closed = anyio.Event()
    await against(lambda stream: script(stream, closed), lambda port: body(port, closed))


def test_disconnect_has_a_reason_that_a_client_may_have() -> None:
    for code in range(256):
        connection = wire().connection
        if code in OURS:
            connection.disconnect(code)
            assert connection.drain()[0] == 0xE0
        else:
            with pytest.raises(InvalidMessage):
                connection.disconnect(code)
    errors = (ProtocolError, MalformedPacket, PacketTooLarge, ReceiveMaximumExceeded)
    assert {error.reason_code for error in errors} <= OURS


@both
def test_answers_have_a_reason_of_their_own_and_no_properties(protocol: Protocol) -> None:
    wired = wire(protocol=protocol)
    wired.tell(Publish(message(1), 7), Publish(message(2, qos=2), 8))
    for _ in range(2):
        wired.connection.take()
    wired.tell(PubRel(8), PubRel(9), PubRec(5))
    unknown = 0x92 if protocol == V5 else 0
    assert wired.sent() == [
        PubAck(7),
        PubRec(8),
        PubComp(8),
        PubComp(9, unknown),
        PubRel(5, unknown),
    ]


def test_an_error_is_said_in_a_disconnect_of_three_bytes() -> None:
    connection = wire().connection
    connection.disconnect(0x82)
    assert connection.drain() == b"\xe0\x01\x82"


def test_we_take_part_in_no_authentication_and_refuse_auth() -> None:
    connection = Connection(OPTIONS, Session(), V5)
    assert connection.options.connect_packet(V5).properties.authentication_method is None
    auth = encode(Auth(0x18, Properties(authentication_method="m")), V5)
    with pytest.raises(ProtocolError):
        connection.receive(auth)
    wired = wire()
    with pytest.raises(ProtocolError):
        wired.connection.receive(auth)
    assert wired.sent() == []


@both
def test_a_packet_that_only_a_client_sends_breaks_the_protocol(protocol: Protocol) -> None:
    for data in (encode(Connect("c", protocol), protocol), b"\xc0\x00"):
        with pytest.raises(ProtocolError):
            wire(protocol=protocol).connection.receive(data)


def test_a_disconnect_of_the_broker_ends_the_connection() -> None:
    with pytest.raises(ConnectionLost, match="shutting down"):
        wire().tell(Disconnect(0x8B))


async def _publish_and_listen(client: Client) -> None:
    await client.publish("t", b"", 1)
    await anext(client.messages)


def _fail(_: Sequence[Message]) -> None:
    raise RuntimeError("no memory")


@both_backends
def test_an_error_of_ours_ends_the_connection(backend: str) -> None:
    async def script(stream: SocketStream, closed: anyio.Event) -> None:
        await stream.send(ACCEPTED)
        await stream.receive()
        await stream.send(encode(PubAck(1), V5))
        try:
            await stream.receive()
        except (anyio.EndOfStream, anyio.BrokenResourceError):
            closed.set()

    async def body(port: int, closed: anyio.Event) -> None:
        session = Session(on_taken=_fail)
        async with Client("127.0.0.1", port, options("x"), session) as client:
            with pytest.raises(ConnectionLost, match="an error of ours"):
                await _publish_and_listen(client)
        await closed.wait()

    run(backend, partial(_in_turn, script, body))
