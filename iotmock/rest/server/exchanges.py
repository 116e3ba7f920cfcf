"""The requests of one connection, each a task."""

from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any, Self, cast

import trio
from attrs import define, field
from hypercorn.config import Config
from hypercorn.typing import (
    AppWrapper,
    ASGIFramework,
    ASGIReceiveEvent,
    HTTPScope,
    Scope,
)

from iotmock.metrics.http import HttpCounts
from iotmock.rest.server.exchange import Exchange, Send
from iotmock.rest.server.limits import Limits


@define(eq=False)
class Exchanges:
    """What hypercorn calls a task group: here requests are begun, counted and waited for."""

    app: ASGIFramework
    nursery: trio.Nursery
    counts: HttpCounts
    limits: Limits
    in_work: int = 0
    answered: int = 0
    idle_since: float = field(factory=trio.current_time)
    _ended: trio.Event = field(factory=trio.Event)

    async def spawn_app(
        self, _app: AppWrapper, _config: Config, scope: Scope, send: Send
    ) -> Callable[[ASGIReceiveEvent], Awaitable[None]]:
        """Begin a request; wait while too many that were reset are not at their end."""
        while self.in_work >= self.limits.streams:
            await self._ended.wait()
        asked = cast("HTTPScope", scope)
        spared = not self.in_work and asked["path"] in self.limits.probes
        exchange = Exchange(self.app, asked, send, self.counts, self.limits, spared)
        self.in_work += 1
        self.counts.in_work += 1
        self.counts.requests += 1
        self.nursery.start_soon(self._run, exchange)
        return exchange.put

    def spawn(self, func: Callable[..., Awaitable[object]], *args: Any) -> None:
        """Run a task of the protocol."""
        self.nursery.start_soon(func, *args)

    async def wait_answered(self) -> None:
        """Return when no request is in work."""
        while self.in_work:
            await self._ended.wait()

    async def _run(self, exchange: Exchange) -> None:
        try:
            await exchange.run()
        finally:
            self.in_work -= 1
            self.counts.in_work -= 1
            self.answered += 1
            self.idle_since = trio.current_time()
            self._ended.set()
            self._ended = trio.Event()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, exc_type: type, exc_value: BaseException, tb: TracebackType) -> None:
        """The nursery is the connection's."""
