"""How long things took, in a bounded place: counts in buckets that grow by a factor."""

from bisect import bisect_left
from collections.abc import Iterator
from math import inf

from attrs import define, field

_PER_DECADE = 8
_FIRST_S = 1e-4
_DECADES = 8
BOUNDS_S = tuple(
    _FIRST_S * float(10.0 ** (step / _PER_DECADE)) for step in range(_PER_DECADE * _DECADES + 1)
)
"""Upper bounds of the buckets in s, from 0.1 ms to 10,000 s, each 1.33 times the last."""


@define(eq=False)
class Histogram:
    """Counts of times in s; the last bucket has no upper bound."""

    counts: list[int] = field(factory=lambda: [0] * (len(BOUNDS_S) + 1))
    sum_s: float = 0.0
    max_s: float = 0.0

    def note(self, took_s: float, times: int = 1) -> None:
        """Count something that took `took_s`, as often as it happened."""
        self.counts[bisect_left(BOUNDS_S, took_s)] += times
        self.sum_s += took_s * times
        self.max_s = max(self.max_s, took_s)

    def __add__(self, other: "Histogram") -> "Histogram":
        counts = [ours + theirs for ours, theirs in zip(self.counts, other.counts, strict=True)]
        return Histogram(counts, self.sum_s + other.sum_s, max(self.max_s, other.max_s))

    def quantile(self, share: float) -> float:
        """Return a time that at least `share` of all were within: a bucket's bound, or the most."""
        within, wanted = 0, share * sum(self.counts)
        for bound, count in zip((*BOUNDS_S, inf), self.counts, strict=True):
            within += count
            if within >= wanted:
                return min(bound, self.max_s)
        return self.max_s

    def cumulated(self) -> Iterator[tuple[float, int]]:
        """Yield each upper bound with the count of all that were within, as Prometheus has it."""
        within = 0
        for bound, count in zip((*BOUNDS_S, inf), self.counts, strict=True):
            within += count
            yield bound, within
