"""Peers that speak bytes."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import trio

from iotmock.rest.server.http2 import Http2
from tests.patience import within
from tests.rest.rig import Served

GET = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"


@asynccontextmanager
async def connected(served: Served) -> AsyncIterator[trio.SocketStream]:
    async with await trio.open_tcp_stream("127.0.0.1", served.port) as stream:
        yield stream


async def read_to_end(stream: trio.SocketStream) -> bytes:
    received = bytearray()
    with within(10):
        try:
            async for part in stream:
                received += part
        except trio.BrokenResourceError:
            pass
    return bytes(received)


async def send_for_ever(stream: trio.SocketStream, data: bytes) -> None:
    """Send, and read nothing, until the server has enough."""
    with within(20):
        while True:
            await stream.send_all(data)


async def wait_until(condition: Callable[[], bool]) -> None:
    with within(10):
        while not condition():  # noqa: ASYNC110  the server tells nobody
            await trio.sleep(0.01)


def protocol_of(served: Served) -> Http2:
    """Return what speaks to the only client."""
    [connection] = served.server._connections
    assert isinstance(connection._protocol, Http2)
    return connection._protocol


async def wait_for_none_open(served: Served) -> None:
    await wait_until(lambda: not served.server.counts.open)
