"""What a chart has from left to right: the time after a start, the days of a place, or one day."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cached_property
from typing import Protocol

from attrs import define, frozen

from iotmock.charts.ticks import Tick, clock, elapsed_ticks, time_step

_DAY_S = 86_400.0
_MOST_NIGHTS = 62
"""With more days than that a line for each would be a wall: then it is one for each month."""


class Axis(Protocol):
    """From `low` to `high`, in s."""

    @property
    def low(self) -> float:
        """Where it begins."""
        ...

    @property
    def high(self) -> float:
        """Where it ends."""
        ...

    def ticks(self, wanted: float) -> list[Tick]:
        """Return about so many labels."""
        ...

    def lines(self) -> list[float]:
        """Return where a line from top to bottom is: midnights, or months."""
        ...

    def text(self, at: float) -> str:
        """Return a moment for a table."""
        ...

    def facts(self) -> dict[str, object]:
        """Return what the script must know to do the same."""
        ...


@frozen
class Elapsed:
    """The time after a start."""

    low: float
    high: float

    def ticks(self, wanted: float) -> list[Tick]:
        """See `Axis`."""
        return elapsed_ticks(self.low, self.high, wanted)

    def lines(self) -> list[float]:
        """See `Axis`."""
        return []

    def text(self, at: float) -> str:
        """See `Axis`."""
        return clock(at)

    def facts(self) -> dict[str, object]:
        """See `Axis`."""
        return {"kind": "elapsed", "low": self.low, "high": self.high}


@frozen
class OneDay:
    """The hours of a day, whichever."""

    low: float = 0.0
    high: float = _DAY_S

    def ticks(self, wanted: float) -> list[Tick]:
        """See `Axis`."""
        step = time_step(_DAY_S / wanted)
        return [(float(at), self.text(at)) for at in range(0, int(_DAY_S) + 1, step)]

    def lines(self) -> list[float]:
        """See `Axis`."""
        return []

    def text(self, at: float) -> str:
        """See `Axis`."""
        return f"{int(at // 3_600):02d}:{int(at // 60) % 60:02d}"

    def facts(self) -> dict[str, object]:
        """See `Axis`."""
        return {"kind": "day", "low": self.low, "high": self.high}


@define(eq=False, slots=False)
class Local:
    """The time of a place: Unix seconds, shown by its clocks, whichever changes they make."""

    low: float
    high: float
    zone: tzinfo

    @cached_property
    def offsets(self) -> list[tuple[float, float, str]]:
        """From when on (Unix s) its clocks are so many s ahead of UTC, and what that is called."""
        found = [(self.low, *self._offset(self.low))]
        at = self.low
        while at < self.high:
            later = min(at + _DAY_S, self.high)
            if self._offset(later) != self._offset(at):
                changed = self._change(at, later)
                found.append((changed, *self._offset(changed)))
            at = later
        return found

    def _offset(self, at: float) -> tuple[float, str]:
        moment = datetime.fromtimestamp(at, self.zone)
        ahead = moment.utcoffset() or timedelta()
        return ahead.total_seconds(), moment.tzname() or ""

    def _change(self, before: float, after: float) -> float:
        usual = self._offset(before)
        while after - before > 0.5:
            middle = (before + after) / 2.0
            before, after = (middle, after) if self._offset(middle) == usual else (before, middle)
        return float(round(after))

    def local(self, at: float) -> float:
        """Return what clocks show, as seconds since 1970 by them."""
        return at + self._ahead(at)

    def _ahead(self, at: float) -> float:
        return next((ahead for begin, ahead, _ in reversed(self.offsets) if at >= begin),
                    self.offsets[0][1])  # fmt: skip

    def moment(self, local: float) -> float | None:
        """Return when clocks show that; None if they leave it out."""
        for _, ahead, _ in self.offsets:
            if self.local(local - ahead) == local:
                return local - ahead
        return None

    def ticks(self, wanted: float) -> list[Tick]:
        """See `Axis`: hours as long as there is room for them, then days, then months."""
        rough = (self.high - self.low) / wanted
        if rough > 14 * _DAY_S:
            return [(at, f"{self._date(at):%b %Y}") for at in self._months(rough)]
        step = float(time_step(rough))
        return [(at, self._label(at, step)) for at in self._multiples(step)]

    def _label(self, at: float, step: float) -> str:
        date = self._date(at)
        if step >= _DAY_S or self.local(at) % _DAY_S == 0.0:
            return f"{date:%a %d %b}"
        return f"{date:%H:%M:%S}" if step < 60.0 else f"{date:%H:%M}"

    def _multiples(self, step: float) -> Iterator[float]:
        number = -(-self.local(self.low) // step)
        while (local := number * step) <= self.local(self.high):
            if (at := self.moment(local)) is not None and self.low <= at <= self.high:
                yield at
            number += 1

    def _months(self, rough: float = 0.0) -> Iterator[float]:
        every = next((some for some in (1, 2, 3, 6, 12) if some * 30.5 * _DAY_S >= rough), 12)
        date = self._date(self.low)
        for number in range(date.year * 12, self._date(self.high).year * 12 + 12, every):
            first = datetime(number // 12, number % 12 + 1, 1, tzinfo=UTC).timestamp()
            at = self.moment(first)
            if at is not None and self.low <= at <= self.high:
                yield at

    def _date(self, at: float) -> datetime:
        return datetime.fromtimestamp(self.local(at), UTC)

    def lines(self) -> list[float]:
        """See `Axis`."""
        few = self.high - self.low <= _MOST_NIGHTS * _DAY_S
        return list(self._multiples(_DAY_S) if few else self._months())

    def text(self, at: float) -> str:
        """See `Axis`."""
        return f"{self._date(at):%a %d %b %Y %H:%M}"

    def facts(self) -> dict[str, object]:
        """See `Axis`."""
        return {"kind": "local", "low": self.low, "high": self.high, "offsets": self.offsets}
