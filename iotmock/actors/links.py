"""What every way to hold the connections to the broker has in common."""

from math import inf
from typing import Literal, Protocol

import structlog
import trio
from attrs import define, field, frozen

log = structlog.get_logger()

_SAME_COMPLAINT_S = 60.0


@frozen
class LinkStatistics:
    """How the fleet is connected: `connected` of `connections`, `connects` since the start."""

    model: str
    state: Literal["connecting", "connected"]
    broker: str
    connections: int
    connected: int
    connects: int
    connect_failures: int
    last_error: str | None


class Links(Protocol):
    """Keeps the connections to the broker up."""

    async def run(self, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Keep them up until cancelled; started with the first attempt's outcome."""
        ...

    def drop(self) -> None:
        """Close all connections without DISCONNECT; they come back by themselves."""
        ...

    def statistics(self) -> LinkStatistics:
        """Return the state of now."""
        ...


@define(eq=False)
class Complaints:
    """Says each reason why there is no connection at most once a minute."""

    last: str | None = None
    """The latest reason, until there is a connection again."""
    count: int = 0
    _said: dict[str, float] = field(factory=dict)

    def add(self, reason: str, **where: str) -> None:
        """Note, and perhaps log, why a connection failed or was lost."""
        self.last, self.count = reason, self.count + 1
        now = trio.current_time()
        if now - self._said.get(reason, -inf) >= _SAME_COMPLAINT_S:
            self._said[reason] = now
            log.warning("no connection to the broker; will keep trying", reason=reason, **where)

    def clear(self) -> None:
        """Note that there is a connection."""
        self.last = None
        self._said.clear()
