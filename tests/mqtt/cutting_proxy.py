"""A proxy that cuts the first connections of each client at a byte of their handshakes."""

import threading
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from queue import SimpleQueue

import trio
from attrs import define, field

from iotmock.mqtt import V5
from iotmock.mqtt.codec.decoder import Decoder
from iotmock.mqtt.codec.packets import Connect
from tests.patience import SLACK

CUTS = (1, 2, 5)
_ANSWERED = 12
"""The bytes of a broker's answer that are let through at most before a cut."""
_ROOM = 65_536
Where = Callable[[int, int, int], int | None]
"""Takes a client's number, how many connections it has had, and a handshake's length; returns how
many bytes go through before a cut, or None to let the connection live."""


def at_each_byte(number: int, had: int, length: int) -> int | None:
    """Cut the first 1, 2 or 5 connections of a client, each of these at each byte."""
    round_, turn = divmod(number, len(CUTS))
    return round_ % length if had < CUTS[turn] else None


def at_five_bytes(_: int, had: int, length: int) -> int | None:
    """Cut five connections, each at another byte."""
    return length * (had + 1) // 6 if had < 5 else None


@define(eq=False)
class CuttingProxy:
    """Relays between clients and a broker, but for what `where` says."""

    broker_port: int
    where: Where
    cut: Counter[int] = field(factory=Counter)
    """By byte: how many connections in MQTT 5 were cut there."""
    lengths: set[int] = field(factory=set)
    """Of the handshakes in MQTT 5 that were cut."""
    _had: Counter[str] = field(factory=Counter)
    _numbers: dict[str, int] = field(factory=dict)

    async def serve(self, stream: trio.SocketStream) -> None:
        """Serve one connection."""
        async with stream:
            try:
                if said := bytes(await stream.receive_some(_ROOM)):
                    await self._pass(stream, said)
            except* trio.BrokenResourceError:
                pass  # whoever is gone has no more to say

    async def _pass(self, stream: trio.SocketStream, said: bytes) -> None:
        place = self._place(said)
        async with await trio.open_tcp_stream("127.0.0.1", self.broker_port) as broker:
            await broker.send_all(said[:place])
            if place is None:
                await _relay_both(stream, broker)
            elif place > len(said):
                answer = bytes(await broker.receive_some(_ROOM))
                await stream.send_all(answer[: place - len(said)])

    def _place(self, said: bytes) -> int | None:
        connect, length = read_connect(said), len(said) + _ANSWERED
        number = self._numbers.setdefault(connect.client_id, len(self._numbers))
        place = self.where(number, self._had[connect.client_id], length)
        self._had[connect.client_id] += 1
        if place is not None and connect.protocol == V5:
            self.lengths.add(length)
            self.cut[place] += 1
        return place


def read_connect(said: bytes) -> Connect:
    """Return the CONNECT that a client begins with, in whichever version."""
    connect = next(iter(Decoder(V5).feed(said)))
    assert isinstance(connect, Connect)
    return connect


async def _relay_both(one: trio.SocketStream, other: trio.SocketStream) -> None:
    async with trio.open_nursery() as nursery:

        async def relay(source: trio.SocketStream, target: trio.SocketStream) -> None:
            async for data in source:
                await target.send_all(data)
            nursery.cancel_scope.cancel()

        nursery.start_soon(relay, one, other)
        nursery.start_soon(relay, other, one)


@asynccontextmanager
async def cutting(proxy: CuttingProxy) -> AsyncIterator[int]:
    """Run a proxy, and yield its port."""
    async with trio.open_nursery() as nursery:
        listeners = await nursery.start(trio.serve_tcp, proxy.serve, 0)
        yield listeners[0].socket.getsockname()[1]
        nursery.cancel_scope.cancel()


@contextmanager
def cutting_in_a_thread(proxy: CuttingProxy) -> Iterator[int]:
    """Run a proxy for a test that is not async, and yield its port."""
    started: SimpleQueue[tuple[int, trio.lowlevel.TrioToken]] = SimpleQueue()
    over = trio.Event()

    async def run() -> None:
        async with cutting(proxy) as port:
            started.put((port, trio.lowlevel.current_trio_token()))
            await over.wait()

    thread = threading.Thread(target=trio.run, args=(run,))
    thread.start()
    port, token = started.get(timeout=20 * SLACK)
    try:
        yield port
    finally:
        token.run_sync_soon(over.set)
        thread.join(20 * SLACK)
