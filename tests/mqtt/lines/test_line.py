"""A line against peers that do what a broker would not."""

import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import pytest
import trio
import trio.testing
from attrs import evolve

from iotmock.mqtt import (
    V5,
    V311,
    BadCredentials,
    ConnectFailed,
    ConnectionLost,
    ConnectOptions,
    Message,
    Protocol,
    Session,
)
from iotmock.mqtt.codec.encoder import encode
from iotmock.mqtt.codec.packets import ConnAck, Publish
from iotmock.mqtt.connection.connection import Connection
from iotmock.mqtt.lines.line import Line
from iotmock.mqtt.transport.address import look_up
from tests.patience import within

pytestmark = pytest.mark.trio
PATIENCE_S = 20.0
Peer = Callable[[trio.SocketStream], Awaitable[None]]


async def accept(stream: trio.SocketStream) -> None:
    await stream.receive_some(1000)
    await stream.send_all(encode(ConnAck(session_present=False, reason_code=0), V311))


async def accept_and_hang(stream: trio.SocketStream) -> None:
    await accept(stream)
    await trio.sleep_forever()


@asynccontextmanager
async def peer(behave: Peer) -> AsyncIterator[int]:
    async with trio.open_nursery() as nursery:
        listeners = await nursery.start(trio.serve_tcp, behave, 0)
        with within(PATIENCE_S):
            yield listeners[0].socket.getsockname()[1]
        nursery.cancel_scope.cancel()


async def line_to(port: int, protocol: Protocol = V311, timeout: float = 5.0) -> Line:
    options = ConnectOptions("line", keep_alive=4, connect_timeout=timeout)
    line = Line(Connection(options, Session(), protocol), await look_up("127.0.0.1", port))
    await line.open((), timeout)
    return line


async def test_what_the_network_does_not_take_is_kept_until_it_does() -> None:
    goes_on, got = trio.Event(), bytearray()
    message, count = Message("t", bytes(100_000)), 100

    async def read_late(stream: trio.SocketStream) -> None:
        await accept(stream)
        await goes_on.wait()
        async for chunk in stream:
            got.extend(chunk)

    async with peer(read_late) as port:
        line = await line_to(port)
        assert line.connection.publish([message] * count) == count
        line.write()
        assert line.unsent
        goes_on.set()
        await line.drain()
        assert not line.unsent
        line.leave()
        while len(got) < count * 100_000:
            await trio.testing.wait_all_tasks_blocked()
    assert got.count(b"\x00\x01t") == count
    assert bytes(got).endswith(b"\xe0\x00")  # DISCONNECT, and nothing cut before it


async def test_a_peer_that_closes_is_an_error_of_whoever_reads() -> None:
    async with peer(accept) as port:
        line = await line_to(port)
        with pytest.raises(ConnectionLost, match="closed the connection"):
            await line.read()


async def test_a_peer_that_asks_and_does_not_read_the_answers_is_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("iotmock.mqtt.lines.line._MOST_OWED", 10_000)  # a MiB takes long to fill
    question = encode(Publish(Message("t", b"", 1), 1), V311)

    async def ask(stream: trio.SocketStream) -> None:
        stream.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        await accept(stream)
        with suppress(trio.BrokenResourceError):
            while True:
                await stream.send_all(question * 1_000)

    async with peer(ask) as port:
        line = await line_to(port)
        assert line._socket is not None
        line._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4_096)
        with pytest.raises(ConnectionLost, match="does not read what it is answered"):
            await answer_all(line)
        line.abort()


async def answer_all(line: Line) -> None:
    while True:
        await line.read()
        while line.connection.arrived:
            line.connection.take()
        line.write()


async def test_silence_is_noticed_after_a_ping() -> None:
    async with peer(accept_and_hang) as port:
        line = await line_to(port)
        begin = min(line.last_sent, line.last_heard)
        line.show_life(begin + 2.0)
        assert line._asked == 0.0
        line.show_life(begin + 3.1)
        assert line._asked == begin + 3.1
        line.show_life(begin + 6.2)
        with pytest.raises(ConnectionLost, match="silent for 3 s"):
            await line.read()


async def test_an_abort_wakes_the_reader() -> None:
    async with peer(accept_and_hang) as port:
        line = await line_to(port)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(_read_to_the_end, line)
            await trio.testing.wait_all_tasks_blocked(0.01)
            assert line.abort()


async def _read_to_the_end(line: Line) -> None:
    with pytest.raises(ConnectionLost):
        await line.read()


async def test_a_peer_that_never_answers_is_given_up() -> None:
    async def hang(stream: trio.SocketStream) -> None:
        await trio.sleep_forever()

    async with peer(hang) as port:
        with pytest.raises(ConnectFailed, match="does not answer"):
            await line_to(port, timeout=0.1)


async def test_a_peer_that_speaks_something_else() -> None:
    async def web_server(stream: trio.SocketStream) -> None:
        await stream.receive_some(1000)
        await stream.send_all(b"HTTP/1.1 400 Bad Request\r\n" + bytes(200))

    async with peer(web_server) as port:
        with pytest.raises(ConnectFailed, match="answered no MQTT but HTTP: set MQTT_TRANSPORT"):
            await line_to(port)


async def test_a_refusal_is_typed() -> None:
    async def refuse(stream: trio.SocketStream) -> None:
        await stream.receive_some(1000)
        await stream.send_all(encode(ConnAck(session_present=False, reason_code=0x86), V5))

    async with peer(refuse) as port:
        with pytest.raises(BadCredentials):
            await line_to(port, V5)


async def test_nobody_listens() -> None:
    async with peer(accept) as port:
        pass
    with pytest.raises(ConnectFailed, match="Connection refused"):
        await line_to(port)


async def test_a_source_address_that_is_not_ours_is_named() -> None:
    address = evolve(await look_up("127.0.0.1", 1), source="192.0.2.1")
    line = Line(Connection(ConnectOptions("line"), Session(), V5), address)
    with pytest.raises(ConnectFailed, match=r"192\.0\.2\.1 has no free port .* is not an address"):
        await line.open((), 5.0)
