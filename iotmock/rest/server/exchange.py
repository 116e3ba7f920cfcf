"""One request and its answer, between the protocol and the application."""

from collections.abc import Awaitable, Callable, Iterable

import msgspec
import structlog
import trio
from attrs import define, field
from hypercorn.typing import ASGIFramework, ASGIReceiveEvent, ASGISendEvent, HTTPScope
from werkzeug.exceptions import ServiceUnavailable

from iotmock.metrics.http import HttpCounts
from iotmock.rest import problems
from iotmock.rest.server.failure import innermost
from iotmock.rest.server.limits import Limits

log = structlog.get_logger()

_QUEUE = 10
"""Parts of a body that wait for the application; it takes them at once."""
_BUSY = "too much is asked at a time; try again"
_LARGE = 64 * 1024
"""Bytes of an answer that count; of smaller ones `Limits.requests` has a bound."""
_READS = {"GET", "HEAD"}

Send = Callable[[ASGISendEvent | None], Awaitable[None]]


class BusyError(Exception):
    """More is asked at a time than there is room for."""


async def _unheard(event: ASGISendEvent | None) -> None:
    """Take what is said after the end."""


@define(eq=False)
class Exchange:
    """What the protocol puts in the application gets; what the application says is sent."""

    app: ASGIFramework
    scope: HTTPScope
    answer: Send
    counts: HttpCounts
    limits: Limits
    is_spared: bool = False
    """It is answered whatever others hold."""
    _whole: bool = False
    """All of the request has come."""
    _answered: bool = False
    _held: int = 0
    _untaken: int = 0
    _channel: tuple[
        trio.MemorySendChannel[ASGIReceiveEvent], trio.MemoryReceiveChannel[ASGIReceiveEvent]
    ] = field(factory=lambda: trio.open_memory_channel[ASGIReceiveEvent](_QUEUE))

    async def put(self, event: ASGIReceiveEvent) -> None:
        """Hand on a part of the request; once it is answered, nobody wants the rest."""
        if event["type"] == "http.request":
            self._whole = not event["more_body"]
            if self._answered and not self._whole:
                return
        try:
            await self._channel[0].send(event)
        except trio.BrokenResourceError:
            return

    async def run(self) -> None:
        """Have the request answered, whatever the application does."""
        try:
            with self._channel[1]:
                await self._run()
        finally:
            self.counts.unread -= self._held
            self.counts.untaken -= self._untaken
            # The protocol holds us and we hold it: as a cycle, each request would stay until the
            # garbage collector comes.
            answer, self.answer = self.answer, _unheard
        await answer(None)

    async def _run(self) -> None:
        try:
            if self.counts.in_work > self.limits.requests and not self.is_spared:
                raise BusyError
            await self.app(self.scope, self._receive, self._send)
        except* BusyError:
            self._channel[1].close()  # Whoever waits to hand on a part waits for nobody.
            await self._refuse()
        except* Exception as group:
            cause = innermost(group)
            log.error("a request failed", reason=repr(cause), exc_info=cause)

    async def _receive(self) -> ASGIReceiveEvent:
        event = await self._channel[1].receive()
        if event["type"] == "http.request" and (size := len(event["body"])):
            self._hold(size)
        return event

    def _hold(self, size: int) -> None:
        self._held += size
        self.counts.unread += size
        if self.counts.unread > self.limits.unread and not self._answered:
            raise BusyError

    async def _send(self, event: ASGISendEvent) -> None:
        if event["type"] == "http.response.start":
            self._count(event["headers"])
            self._answered = True
            if not self._whole and self.scope["http_version"] < "2":
                event["headers"] = [*event["headers"], (b"connection", b"close")]
        await self.answer(event)

    def _count(self, headers: Iterable[tuple[bytes, bytes]]) -> None:
        size = next((int(value) for name, value in headers if name == b"content-length"), 0)
        if size <= _LARGE:
            return
        is_refused = self.scope["method"] in _READS and not self.is_spared
        if is_refused and self.counts.untaken + size > self.limits.untaken:
            raise BusyError  # Before a word of it was said. What has changed something is answered.
        self._untaken = size
        self.counts.untaken += size

    async def _refuse(self) -> None:
        self.counts.refused += 1
        error = ServiceUnavailable(_BUSY)
        problem = msgspec.json.encode(
            problems.of_http(error, self.scope["method"], self.scope["path"])
        )
        headers = [
            (b"content-type", problems.PROBLEM_JSON.encode()),
            (b"content-length", b"%d" % len(problem)),
            (b"retry-after", b"1"),
        ]
        await self._send({"type": "http.response.start", "status": 503, "headers": headers})
        await self._send({"type": "http.response.body", "body": problem, "more_body": False})
