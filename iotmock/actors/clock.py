"""Simulated time, read from Trio's clock so that tests can steer it."""

import time

import trio
from attrs import frozen


@frozen
class Clock:
    """Unix seconds that run with `trio.current_time()`."""

    epoch_at_zero: float

    @classmethod
    def of_the_wall(cls) -> "Clock":
        """Return a clock that shows the time of day; call inside `trio.run`."""
        return cls(time.time() - trio.current_time())

    def now(self) -> float:
        """Return Unix seconds."""
        return trio.current_time() + self.epoch_at_zero

    async def sleep_until(self, epoch_s: float) -> None:
        """Sleep until a moment in Unix seconds."""
        await trio.sleep_until(epoch_s - self.epoch_at_zero)

    def deadline(self, epoch_s: float) -> float:
        """Return the moment on Trio's clock, for cancel scopes."""
        return epoch_s - self.epoch_at_zero
