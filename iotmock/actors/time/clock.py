"""Simulated time: as fast as the wall clock or faster, as fast as it can, or moved by hand."""

import time
from collections.abc import Callable
from math import inf, isfinite
from typing import Literal

import trio
from attrs import define, field

FLAT_OUT = 0.0
"""The speed at which time stands until the pacer moves it on: as fast as the fleet can go."""
_FIRST_RATE = 600.0

Speed = float | Literal["step"]
"""How fast simulated time runs; `step` stands until it is moved on by hand."""


@define(eq=False)
class Clock:
    """Unix seconds of simulated time.

    They run with `trio.current_time()`, `speed` times as fast, so that tests can steer them. Flat
    out they stand, and `move_to` moves them on. Time never goes back.
    """

    epoch_at_zero: float
    speed: float = 1.0
    wall: Callable[[], float] | None = None
    """The time of day, in Unix seconds; None where time has nothing to do with it."""
    rate: float = _FIRST_RATE
    """Flat out: the most that time may move on in a second, before counters are saved again."""
    by_hand: bool = False
    """Whether time stands, and is flat out up to `horizon` when that is moved on."""
    horizon: float = inf
    """Up to where time goes while it is moved by hand."""
    catches_up: bool = field(default=False, init=False)
    """Whether history is made: flat out, up to the time of day."""
    _stands_at: float = field(default=0.0, init=False)
    _wall_ahead: float = field(default=0.0, init=False)

    @classmethod
    def of_the_wall(cls, speed: Speed = 1.0) -> "Clock":
        """Return a clock that begins at the time of day; call inside `trio.run`."""
        clock = cls(time.time() - trio.current_time(), wall=time.time)
        clock.set_speed(speed)
        return clock

    def begin_at(self, epoch_s: float) -> None:
        """Let time run on from here, apart from the time of day."""
        self._run_from(epoch_s)

    def begin_history(self, start: float) -> None:
        """Go back to `start`, to catch up with the time of day from there."""
        self.catches_up, self._stands_at = True, start

    def end_history(self) -> None:
        """Go over into the speed that was set, where time stands now."""
        stands_at = self._stands_at
        self.catches_up = False
        self._run_from(stands_at)

    @property
    def flat_out(self) -> bool:
        """Whether time moves only as the pacer moves it."""
        return self.catches_up or self.speed == FLAT_OUT

    def now(self) -> float:
        """Return Unix seconds."""
        if self.flat_out:
            return self._stands_at
        return trio.current_time() * self.speed + self.epoch_at_zero

    def move_to(self, epoch_s: float) -> None:
        """Flat out: let time be this, if it is not later already."""
        self._stands_at = max(self._stands_at, epoch_s)

    @property
    def pace(self) -> Speed:
        """The speed, as it is asked for."""
        return "step" if self.by_hand else self.speed

    def set_speed(self, speed: Speed) -> None:
        """Go on from now at another speed; while history is made, afterwards."""
        now = self.now()
        self.by_hand = speed == "step"
        self.speed = FLAT_OUT if speed == "step" else speed
        if not self.catches_up:
            self._run_from(now)

    def _run_from(self, now: float) -> None:
        self._stands_at = now
        self.epoch_at_zero = now - trio.current_time() * self.speed
        self._wall_ahead = self.wall() - now if self.wall else 0.0
        self.horizon = now if self.by_hand else inf

    def resync(self) -> float:
        """Go on from the time of day, history or not; return how far ahead that is, in s."""
        before = self.now()
        self.catches_up = False
        self._run_from(self.wall() if self.wall else before)
        return self.now() - before

    @property
    def end(self) -> float:
        """Up to where time may go of itself."""
        return inf if self.catches_up else self.horizon

    def goes_on(self, last_seen: float | None) -> float:
        """Return where a device of an earlier life goes on: now, wherever that life had got to.

        While history is made, where it was last seen: nothing is lived through twice.
        """
        now = self.now()
        if last_seen is None or self.wall is None or not self.catches_up:
            return now
        return max(now, min(last_seen, self.wall()))

    def deadline(self, epoch_s: float) -> float:
        """Return the moment on Trio's clock, for cancel scopes."""
        if self.flat_out:
            return trio.current_time() if isfinite(epoch_s) else epoch_s
        return (epoch_s - self.epoch_at_zero) / self.speed

    def of_day(self, epoch_s: float) -> float:
        """Return the time of day at which simulated time is, or was, `epoch_s`; flat out, now."""
        if self.speed == 1.0 and not self.catches_up:
            return epoch_s + self._wall_ahead
        if self.wall is None or self.flat_out:
            return time.time()
        return self.wall() + self.deadline(epoch_s) - trio.current_time()

    def span(self, seconds: float) -> float:
        """Return how far time moves on, at most, in so many real seconds."""
        return seconds * (self.rate if self.flat_out else max(1.0, self.speed))

    def lateness(self, due: float) -> float:
        """Return for how many real seconds something has been due."""
        return 0.0 if self.flat_out else (self.now() - due) / self.speed

    @property
    def behind_wall(self) -> float:
        """By how many seconds the time of day has jumped ahead, if this clock follows it."""
        if self.wall is None or self.flat_out or self.speed != 1.0:
            return 0.0
        return self.wall() - self.now() - self._wall_ahead

    def skip(self, seconds: float) -> None:
        """Let time jump ahead."""
        self.epoch_at_zero += seconds
