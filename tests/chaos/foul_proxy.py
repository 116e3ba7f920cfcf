"""A way from the service to its broker that stalls, is cut, and flips bytes."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random

import trio
from attrs import define, field

_GONE = (trio.BrokenResourceError, trio.ClosedResourceError, OSError)
_CHUNK = 1 << 16


def _open() -> trio.Event:
    made = trio.Event()
    made.set()
    return made


@define(eq=False)
class FoulProxy:
    """Carries bytes both ways; `flipping` is the share of chunks in which one of them changes.

    A flipped byte may make another packet, another number or another topic: who watches at the
    broker tells by the stamp what is not as it was sent.
    """

    broker_port: int
    random: Random
    port: int = 0
    flipping: float = 0.0
    counts: Counter[str] = field(factory=Counter)
    _flows: trio.Event = field(factory=_open)
    _streams: set[trio.SocketStream] = field(factory=set)

    async def serve(self, client: trio.SocketStream) -> None:
        """Carry one connection until either end is gone."""
        try:
            broker = await trio.open_tcp_stream("127.0.0.1", self.broker_port)
        except OSError:
            await trio.aclose_forcefully(client)
            return
        self._streams |= {client, broker}
        async with client, broker, trio.open_nursery() as nursery:
            nursery.start_soon(self._carry, client, broker, nursery.cancel_scope)
            nursery.start_soon(self._carry, broker, client, nursery.cancel_scope)
        self._streams -= {client, broker}

    async def _carry(
        self, source: trio.SocketStream, target: trio.SocketStream, scope: trio.CancelScope
    ) -> None:
        try:
            while data := await source.receive_some(_CHUNK):
                await self._flows.wait()
                await target.send_all(self._spoilt(bytearray(data)))
        except _GONE:
            pass
        scope.cancel()

    def _spoilt(self, data: bytearray) -> bytearray:
        if self.flipping and self.random.random() < self.flipping:
            data[self.random.randrange(len(data))] ^= 1 << self.random.randrange(8)
            self.counts["flipped"] += 1
        return data

    def stall(self) -> None:
        """Let nothing through, and say nothing."""
        self._flows = trio.Event()
        self.counts["stalled"] += 1

    def go_on(self) -> None:
        self._flows.set()

    async def cut(self) -> None:
        """Break every connection."""
        self.counts["cut"] += 1
        for stream in list(self._streams):
            await trio.aclose_forcefully(stream)


@asynccontextmanager
async def foul_proxy(port: int, broker_port: int, random: Random) -> AsyncIterator[FoulProxy]:
    """Run one at a port."""
    proxy = FoulProxy(broker_port, random, port)
    async with trio.open_nursery() as nursery:
        listeners = await trio.open_tcp_listeners(port, host="127.0.0.1")
        nursery.start_soon(trio.serve_listeners, proxy.serve, listeners)
        yield proxy
        nursery.cancel_scope.cancel()
