"""Connections are let in here, up to a limit, and each is a task that keeps its failures."""

import logging
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial

import structlog
import trio
from attrs import define, field
from hypercorn.config import Config
from quart_trio import QuartTrio

from iotmock.metrics.http import HttpCounts
from iotmock.rest.server.connection import Connection, Service
from iotmock.rest.server.failure import innermost, place
from iotmock.rest.server.limits import Limits

log = structlog.get_logger()

_BACKLOG = 128
_BACK_OFF_S = 0.5
_ENDLESS = 10**9


@define(eq=False)
class Server:
    """A listening socket, and who is connected."""

    listener: trio.SocketListener
    limits: Limits
    counts: HttpCounts
    is_open: bool = True
    """Requests are welcome."""
    _connections: set[Connection] = field(factory=set)
    _seats: trio.Semaphore = field(init=False)
    _short: bool = False
    """There were too few files for one more."""

    def __attrs_post_init__(self) -> None:
        self._seats = trio.Semaphore(self.limits.connections)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.listener.socket.getsockname()[1])

    @asynccontextmanager
    async def serving(self, app: QuartTrio) -> AsyncIterator[None]:
        """Serve during the block; what is in work then has `grace_s` to end."""
        service = Service(app, self.limits, self.counts, _config())
        async with trio.open_nursery() as connections:
            async with self.listener, trio.open_nursery() as letting_in:
                letting_in.start_soon(self._let_in, service, connections)
                letting_in.start_soon(self._sweep)
                yield
                self.is_open = False
                letting_in.cancel_scope.cancel()
            await service.context.terminated.set()
            connections.cancel_scope.deadline = trio.current_time() + self.limits.grace_s
            self._end_where(Connection.is_quiet)

    async def _let_in(self, service: Service, connections: trio.Nursery) -> None:
        while True:
            await self._take_seat()
            try:
                stream = await self.listener.accept()
            except OSError as error:
                self._seats.release()
                await self._back_off(error)
            else:
                self._short = False
                connections.start_soon(self._attend, Connection(stream, service))

    async def _take_seat(self) -> None:
        try:
            self._seats.acquire_nowait()
        except trio.WouldBlock:
            limit = self.limits.connections
            log.warning("HTTP connections are at their limit; others wait", limit=limit)
            await self._seats.acquire()

    async def _back_off(self, error: OSError) -> None:
        # Out of files or memory: whoever is connected goes on, and so does MQTT.
        self._short = True
        log.warning("no HTTP connection can be accepted; others wait", reason=error.strerror)
        await trio.sleep(_BACK_OFF_S)

    async def _attend(self, connection: Connection) -> None:
        self._connections.add(connection)
        self.counts.accepted += 1
        self.counts.open += 1
        try:
            async with connection.stream:
                await connection.run()
        except* Exception as group:
            self._note(innermost(group))
        finally:
            self._connections.remove(connection)
            self.counts.open -= 1
            self._seats.release()

    def _note(self, cause: BaseException) -> None:
        self.counts.failed += 1
        log.warning("an HTTP connection failed", reason=repr(cause), where=place(cause))

    async def _sweep(self) -> None:
        while True:
            await trio.sleep(self.limits.sweep_s)
            full = self._short or self.counts.open >= self.limits.connections
            idle = partial(Connection.is_idle, now=trio.current_time(), full=full)
            self.counts.idle += self._end_where(idle)

    def _end_where(self, condition: Callable[[Connection], bool]) -> int:
        chosen = [connection for connection in self._connections if condition(connection)]
        for connection in chosen:
            connection.leave()
        return len(chosen)


def listen(bound: socket.socket) -> trio.SocketListener:
    """Return the listener on a socket that is bound; it takes the socket over."""
    bound.listen(_BACKLOG)
    return trio.SocketListener(trio.socket.from_stdlib_socket(bound))


def _config() -> Config:
    config = Config()
    config.errorlog = logging.getLogger("hypercorn.error")
    # A connection that ends after so many takes the answers with it that are on their way.
    config.keep_alive_max_requests = _ENDLESS
    return config
