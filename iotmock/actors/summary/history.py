"""How the fleet was: a quarter of an hour in steps of 5 s, a day in steps of a minute."""

from collections import deque
from collections.abc import Sequence
from typing import Literal

from attrs import define, field

from iotmock.actors.summary.point import Point, joined
from iotmock.actors.summary.summary import Summary

Window = Literal["15m", "24h"]
STEP_S = 5.0
_LONG_STEP_S = 60.0
_SHORT, _LONG = 180, 1_440


@define(eq=False)
class History:
    """Fixed rings: some 2 MB, whatever the fleet is."""

    _short: deque[Point] = field(factory=lambda: deque(maxlen=_SHORT))
    _long: deque[Point] = field(factory=lambda: deque(maxlen=_LONG))
    _minute: list[Point] = field(factory=list)

    def add(self, summary: Summary) -> None:
        """Keep a summary; to be called every `STEP_S`."""
        point = Point.of(summary)
        self._short.append(point)
        self._minute.append(point)
        if len(self._minute) >= _LONG_STEP_S / STEP_S:
            self._long.append(joined(self._minute))
            self._minute.clear()

    def points(self, window: Window) -> Sequence[Point]:
        """Return what is kept, the oldest first; of a day the running minute, too."""
        if window == "15m":
            return tuple(self._short)
        return (*self._long, *([joined(self._minute)] if self._minute else ()))

    @staticmethod
    def step_s(window: Window) -> float:
        """Return how far the points of a window are apart, s."""
        return STEP_S if window == "15m" else _LONG_STEP_S
