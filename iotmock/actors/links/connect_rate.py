"""How fast connections are opened, so that a broker that comes back is not run over."""

import random

import trio
from attrs import define

_BEHIND_S = 0.1
"""How much of its lateness it makes up for: a timer is never quite on time."""


@define(eq=False)
class ConnectRate:
    """At most `per_second` connections a second, at uneven distances; 0 does not limit."""

    per_second: float
    _next: float = 0.0

    async def turn(self) -> None:
        """Wait until the next connection may be opened."""
        if not self.per_second:
            await trio.lowlevel.checkpoint()
            return
        distance = random.uniform(0.5, 1.5) / self.per_second  # noqa: S311
        self._next = max(self._next + distance, trio.current_time() - _BEHIND_S)
        await trio.sleep_until(self._next)
