"""The two ways to connect, a client's and a line's, as one function each."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial

import pytest
import trio

from iotmock.mqtt import Client, ConnectOptions, Protocol, Session, Subscription
from iotmock.mqtt.codec.packets import Message
from iotmock.mqtt.connection.connection import Connection
from iotmock.mqtt.handshake.versions import Dialogue, Versions
from iotmock.mqtt.lines.line import Line
from iotmock.mqtt.transport.address import look_up
from tests.patience import within

PATIENCE_S = 20.0
TOPIC = "there/and/back"
Way = Callable[[str, int, ConnectOptions, bytes], Awaitable[bytes]]


async def by_client(host: str, port: int, options: ConnectOptions, payload: bytes) -> bytes:
    """Return what comes back of a payload."""
    with within(PATIENCE_S):
        async with Client(host, port, options) as client:
            await client.subscribe(Subscription(TOPIC))
            await client.publish(TOPIC, payload, 1)
            return (await anext(client.messages)).payload


async def by_line(host: str, port: int, options: ConnectOptions, payload: bytes) -> bytes:
    """Return what comes back of a payload."""

    async def attempt(protocol: Protocol, timeout: float) -> Line:
        address = await look_up(host, port, options.source)
        line = Line(Connection(options, Session(), protocol), address)
        await line.open((Subscription(TOPIC),), timeout)
        return line

    async def visit(protocol: Protocol, timeout: float) -> None:
        (await attempt(protocol, timeout)).leave()

    with within(PATIENCE_S):
        line = await Versions().connect(options, Dialogue(attempt, visit))
        line.connection.publish([Message(TOPIC, payload, 1)])
        line.write()
        await line.drain()
        while not line.connection.arrived:
            await line.read()
        line.write()
        got = line.connection.take()
        line.leave()
        return got.payload


both_ways = pytest.mark.parametrize("way", [by_client, by_line])


@asynccontextmanager
async def serving(
    behave: Callable[[trio.SocketStream], Awaitable[None]], host: str = "127.0.0.1"
) -> AsyncIterator[int]:
    """Run a peer that does what `behave` says to whoever connects; yield its port."""
    async with trio.open_nursery() as nursery:
        listeners = await nursery.start(partial(trio.serve_tcp, behave, 0, host=host))
        with within(PATIENCE_S):
            yield listeners[0].socket.getsockname()[1]
        nursery.cancel_scope.cancel()
