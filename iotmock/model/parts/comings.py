"""A load that comes and goes on its own clock, however long the ticks are."""

from collections.abc import Sequence

from attrs import define, frozen

from iotmock.model.numbers.noise import Noise

_DAY_S, _HOUR_S = 86_400.0, 3_600.0
_LEAST_S = 1.0


@frozen
class Habit:
    """How often, for how long on average (s), and how large, as a share of what it may be.

    `least` is that of the smallest; they lie evenly up to 1. By the hour of the day `chances` says
    how likely one is; without it each comes.
    """

    a_day: float
    mean_s: float
    least: float = 1.0
    chances: Sequence[float] = ()


@define(eq=False)
class Comings:
    """Goes through them in turn; `to_next_s` counts while none is there."""

    habit: Habit
    events: Noise
    spread: float
    to_next_s: float
    left_s: float = 0.0
    size: float = 1.0

    @classmethod
    def make(cls, habit: Habit, events: Noise, spread: float) -> "Comings":
        """Return those that wait for their first."""
        return cls(habit, events, spread, events.wait(spread) * _DAY_S / habit.a_day)

    def mean(self, hour: float, dt_s: float) -> float:
        """Return how much of it there was on average in a tick that ends at an hour of the day."""
        moved_s, left_s = 0.0, dt_s
        while left_s > 0.0:
            if self.left_s > 0.0:
                now_s = min(left_s, self.left_s)
                self.left_s -= now_s
                moved_s += now_s * self.size
            else:
                now_s = min(left_s, self.to_next_s)
                self.to_next_s -= now_s
                if self.to_next_s <= 0.0:
                    self._begin(hour - (left_s - now_s) / _HOUR_S)
            left_s -= now_s
        return moved_s / dt_s if dt_s else 0.0

    def _begin(self, hour: float) -> None:
        habit, events, spread = self.habit, self.events, self.spread
        self.left_s = max(_LEAST_S, events.wait(spread) * habit.mean_s)
        self.to_next_s = max(_LEAST_S, events.wait(spread) * _DAY_S / habit.a_day)
        if habit.chances:
            self.size = self._size(habit.chances[int(hour % 24.0)])

    def _size(self, chance: float) -> float:
        """Without variation each comes, and is as small as it is likely."""
        least, lot, place = self.habit.least, self.events.uniform(), self.events.uniform()
        if not self.spread:
            return chance * (1.0 + least) / 2.0
        return least + (1.0 - least) * place if lot < chance else 0.0
