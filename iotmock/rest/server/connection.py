"""One peer: what it sends goes to the protocol, and what the protocol says goes to the peer."""

from collections.abc import Iterator
from socket import SHUT_WR
from typing import Any

import trio
from attrs import Factory, define, field, frozen
from hypercorn.config import Config
from hypercorn.events import Closed, Event, RawData
from hypercorn.protocol.h11 import H2ProtocolAssumedError
from hypercorn.trio.worker_context import WorkerContext
from hypercorn.typing import ASGIFramework, ConnectionState
from hypercorn.utils import parse_socket_addr

from iotmock.metrics.http import HttpCounts
from iotmock.rest.server.exchanges import Exchanges
from iotmock.rest.server.http1 import Http1
from iotmock.rest.server.http2 import Http2
from iotmock.rest.server.limits import Limits

_READ = 8 * 1024
"""Bytes a turn: the smallest frames of HTTP/2, of which it holds 500, take 20 ms."""
_WRITE = 64 * 1024
_GONE = (trio.BrokenResourceError, trio.ClosedResourceError, trio.TooSlowError, OSError)


@frozen
class Service:
    """What all connections have in common."""

    app: ASGIFramework
    limits: Limits
    counts: HttpCounts
    config: Config
    context: WorkerContext = Factory(lambda: WorkerContext(None))


@define(eq=False)
class Connection:
    """Hypercorn's protocols on a socket, where every wait has an end.

    Nothing here is shielded: to cancel a connection is to end it.
    """

    stream: trio.SocketStream
    service: Service
    _exchanges: Exchanges = field(init=False)
    _protocol: Http1 | Http2 = field(init=False)
    _scope: trio.CancelScope = field(factory=trio.CancelScope)
    _farewell: trio.CancelScope = field(factory=trio.CancelScope)
    _lock: trio.Lock = field(factory=trio.Lock)
    _over: bool = False
    """All was said: what still comes is thrown away."""
    _is_left: bool = False

    async def run(self) -> None:
        """Serve the peer until one of both has enough."""
        service = self.service
        with self._scope:
            async with trio.open_nursery() as nursery:
                self._exchanges = Exchanges(service.app, nursery, service.counts, service.limits)
                self._protocol = Http1(*self._arguments())
                with self._farewell:
                    await self._read()
                self._scope.cancel()
        if self._is_left:
            with trio.move_on_after(service.limits.farewell_s):
                await self._protocol.say_goodbye()

    def is_idle(self, now: float, *, full: bool) -> bool:
        """Whether it has had no request for too long, or takes too long to make one."""
        exchanges, limits = self._exchanges, self.service.limits
        begun_at = self._protocol.begun_at
        if self._over or (begun_at is None and exchanges.in_work):
            return False
        asks = begun_at is not None or not exchanges.answered
        allowed_s = limits.request_s if asks else limits.idle_s
        since = exchanges.idle_since if begun_at is None else begun_at
        return now - since > (min(allowed_s, limits.when_full_s) if full else allowed_s)

    def is_quiet(self) -> bool:
        """Whether it has no request in work."""
        return not self._exchanges.in_work

    def end(self) -> None:
        """End it now."""
        self._scope.cancel()

    def leave(self) -> None:
        """End it, and tell the peer so; no answer may be on its way."""
        self._is_left = True
        self._scope.cancel()

    def _arguments(self) -> tuple[Any, ...]:
        service, (peer, here) = self.service, self._addresses()
        where = (service.app, service.config, service.context, self._exchanges)
        return *where, ConnectionState({}), False, peer, here, self._say

    def _addresses(self) -> tuple[Any, Any]:
        socket = self.stream.socket
        try:
            ends = socket.getpeername(), socket.getsockname()
        except OSError:  # It has gone already.
            return None, None
        return parse_socket_addr(socket.family, ends[0]), parse_socket_addr(socket.family, ends[1])

    async def _read(self) -> None:
        thrown_away = 0
        while data := await self._receive():
            if not self._over:
                await self._hear(data)
            elif (thrown_away := thrown_away + len(data)) > self.service.limits.farewell_bytes:
                return
        if not self._over:
            with trio.move_on_after(self.service.limits.half_closed_s):
                await self._protocol.handle(RawData(b""))
                await self._exchanges.wait_answered()

    async def _receive(self) -> bytes | bytearray:
        try:
            return await self.stream.receive_some(_READ)
        except _GONE:
            self.end()
            return b""

    async def _hear(self, data: bytes | bytearray) -> None:
        try:
            await self._protocol.handle(RawData(bytes(data)))
        except H2ProtocolAssumedError as preface:
            self._protocol = Http2(self.service.limits, *self._arguments())
            await self._protocol.initiate()
            await self._protocol.handle(RawData(preface.data))

    async def _say(self, event: Event) -> None:
        if isinstance(event, RawData):
            await self._write(event.data)
        elif isinstance(event, Closed):
            self._finish()

    async def _write(self, data: bytes) -> None:
        if self._over:
            return
        try:
            async with self._lock:
                for piece in _pieces(data):
                    with trio.fail_after(self.service.limits.write_s):
                        await self.stream.send_all(piece)
        except _GONE:
            self.end()

    def _finish(self) -> None:
        # To close a socket with unread bytes resets it, and the peer may lose our answer. So: say
        # that nothing more comes, and read on for a while (RFC 9112, 9.6).
        self._over = True
        self._farewell.deadline = trio.current_time() + self.service.limits.farewell_s
        try:
            self.stream.socket.shutdown(SHUT_WR)
        except OSError:
            self.end()


def _pieces(data: bytes) -> Iterator[bytes]:
    if len(data) <= _WRITE:
        yield data
        return
    for begin in range(0, len(data), _WRITE):
        yield data[begin : begin + _WRITE]
