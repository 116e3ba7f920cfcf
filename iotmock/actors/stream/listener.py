"""One listener: what waits for it, and what it has missed."""

from collections import deque
from collections.abc import Sequence

import trio
from attrs import define, field, frozen

from iotmock.actors.stream.event import Event
from iotmock.actors.stream.wanted import Wanted

CAPACITY = 1_000
"""Events that wait for a listener: at 300 bytes each, 300 KB."""


@frozen
class Loss:
    """What a listener has missed: how many events since the `since`th; None where nobody knows."""

    dropped: int | None
    since: str


@define(eq=False)
class Listener:
    """Takes events without waiting; where there is no room the oldest is dropped and counted.

    Of summaries only the latest waits.
    """

    wanted: Wanted
    last: int
    """The number of the last event that was handed out or dropped."""
    joined: int
    capacity: int = CAPACITY
    loss: Loss | None = None
    """What was lost before it came."""
    dropped: int = 0
    """Since the last batch."""
    lost: int = 0
    """Those of the batches before."""
    _closed: trio.Event = field(factory=trio.Event)
    _waiting: deque[Event] = field(factory=deque)
    _summary: bytes | None = None
    _news: trio.Event = field(factory=trio.Event)

    def put(self, event: Event) -> None:
        """Keep an event for it."""
        waiting = self._waiting
        if len(waiting) >= self.capacity:
            waiting.popleft()
            self.dropped += 1
        elif not waiting:
            self._news.set()
        waiting.append(event)

    def put_summary(self, data: bytes) -> None:
        """Keep a summary for it, instead of an older one."""
        self.dropped += self._summary is not None
        self._summary = data
        self._news.set()

    def close(self) -> None:
        """Let it end at once."""
        self._closed.set()
        self._news.set()

    @property
    def closed(self) -> bool:
        """Whether it is to end."""
        return self._closed.is_set()

    async def wait_closed(self) -> None:
        """Wait until it is to end."""
        await self._closed.wait()

    async def wait(self) -> None:
        """Wait until there is something to take, or it is closed."""
        if not (self.closed or self._waiting or self._summary is not None):
            self._news = trio.Event()
            await self._news.wait()

    def take_dropped(self) -> int:
        """Return how many were dropped since it last asked."""
        dropped, self.dropped = self.dropped, 0
        self.lost += dropped
        return dropped

    def take(self) -> Sequence[Event]:
        """Return all that wait."""
        batch = list(self._waiting)
        self._waiting.clear()
        if batch:
            self.last = batch[-1].number
        return batch

    def take_summary(self) -> bytes | None:
        """Return the latest summary, if there is a new one."""
        summary, self._summary = self._summary, None
        return summary
