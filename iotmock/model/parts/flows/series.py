"""A user's own series of powers: what it was over any span of time, exactly."""

from array import array
from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

from attrs import frozen

WEEK_S = 7 * 86_400.0
_GAP = 3.0
"""How many usual steps without a value are a gap."""


@frozen(eq=False)
class Steps:
    """Powers as steps: each holds from its time (s, rising) to the next, the last until `end_s`.

    `sums` are the energies up to each time, kW·s: so the mean over a span, however long or short,
    is what the steps in it have, and nothing of a series is lost or counted twice.
    """

    times: "array[float]"
    powers: "array[float]"
    end_s: float
    sums: "array[float]"

    @classmethod
    def of(cls, times: "array[float]", powers: "array[float]", end_s: float) -> "Steps":
        """Return steps; `end_s` is after the last time."""
        sums, total = array("d", [0.0]), 0.0
        for number in range(1, len(times)):
            total += powers[number - 1] * (times[number] - times[number - 1])
            sums.append(total)
        return cls(times, powers, end_s, sums)

    def __deepcopy__(self, memo: object) -> "Steps":
        """Return itself: it never changes."""
        return self

    @property
    def total(self) -> float:
        """All of its energy, kW·s."""
        return self._until(self.end_s)

    def mean(self, begin_s: float, end_s: float) -> float:
        """Return the mean power over a span, kW; before the first and after the end is nothing."""
        times = self.times
        at = bisect_right(times, begin_s)
        if at and end_s <= (times[at] if at < len(times) else self.end_s):
            return self.powers[at - 1]
        if end_s <= begin_s:
            return 0.0
        return (self._until(end_s) - self._until(begin_s)) / (end_s - begin_s)

    def _until(self, at_s: float) -> float:
        at_s = at_s if at_s < self.end_s else self.end_s
        at = bisect_right(self.times, at_s)
        if not at:
            return 0.0
        return self.sums[at - 1] + self.powers[at - 1] * (at_s - self.times[at - 1])

    def mean_of_circle(self, begin_s: float, end_s: float, period_s: float) -> float:
        """Return the mean where time begins again at 0 every `period_s`, which is after its end."""
        begin_s, length_s = begin_s % period_s, end_s - begin_s
        end_s = begin_s + length_s
        if end_s <= period_s:
            return self.mean(begin_s, end_s)
        rounds, rest_s = divmod(end_s, period_s)
        whole = self.total * (rounds - 1.0)
        return (self.total - self._until(begin_s) + whole + self._until(rest_s)) / length_s

    def mean_of_span(self, begin_s: float, end_s: float) -> float:
        """Return the mean of a series that follows itself without a pause, from 0 on."""
        first_s = self.times[0]
        period_s = self.end_s - first_s
        begin_s, length_s = begin_s % period_s + first_s, end_s - begin_s
        end_s = begin_s + length_s
        if end_s <= self.end_s:
            return self.mean(begin_s, end_s)
        rounds, rest_s = divmod(end_s - first_s, period_s)
        whole = self.total * (rounds - 1.0)
        energy = self.total - self._until(begin_s) + whole + self._until(first_s + rest_s)
        return energy / length_s


@frozen(eq=False)
class Series:
    """A series as all devices that replay it share it: with its gaps, and with them filled.

    Times are seconds after a Monday 00:00 by the clock on the wall where it was recorded. In a gap
    it draws nothing; filled, the power goes on in a straight line to the next that is known.
    """

    name: str
    kept: Steps
    filled: Steps
    least_kw: float
    most_kw: float

    @classmethod
    def of(cls, name: str, times: Sequence[float], powers: Sequence[float]) -> "Series":
        """Return the series of these times (s, rising) and powers (kW), two of them or more."""
        step_s = _usual_step(times)
        end_s = times[-1] + step_s
        kept = _bridged(times, powers, step_s, filled=False)
        filled = _bridged(times, powers, step_s, filled=True)
        return cls(name, Steps.of(*kept, end_s), Steps.of(*filled, end_s), min(powers), max(powers))

    def __deepcopy__(self, memo: object) -> "Series":
        """Return itself: it never changes."""
        return self

    @property
    def begin_s(self) -> float:
        """When it begins, s after its Monday."""
        return self.kept.times[0]

    @property
    def span_s(self) -> float:
        """How long it is."""
        return self.kept.end_s - self.begin_s

    @property
    def weeks_s(self) -> float:
        """How long the whole weeks are that hold it, from its Monday."""
        whole, rest_s = divmod(self.kept.end_s, WEEK_S)
        return (whole + (1.0 if rest_s else 0.0)) * WEEK_S


def _usual_step(times: Sequence[float]) -> float:
    steps = sorted(later - earlier for earlier, later in pairwise(times))
    return steps[len(steps) // 2]


def _bridged(
    times: Sequence[float], powers: Sequence[float], step_s: float, *, filled: bool
) -> "tuple[array[float], array[float]]":
    """Return times and powers with a step into each gap: to nothing, or along a line."""
    at, kw = array("d"), array("d")
    for number, (time, power) in enumerate(zip(times, powers, strict=True)):
        at.append(time)
        kw.append(power)
        if number + 1 < len(times) and times[number + 1] - time > _GAP * step_s:
            if filled:
                _fill(at, kw, times[number + 1], powers[number + 1], step_s)
            else:
                at.append(time + step_s)
                kw.append(0.0)
    return at, kw


_MOST_FILLED = 10_000


def _fill(
    at: "array[float]", kw: "array[float]", next_s: float, next_kw: float, step_s: float
) -> None:
    begin_s, begin_kw = at[-1], kw[-1]
    count = min(_MOST_FILLED, int((next_s - begin_s) / step_s))
    for number in range(1, count):
        share = number / count
        at.append(begin_s + share * (next_s - begin_s))
        kw.append(begin_kw + share * (next_kw - begin_kw))
