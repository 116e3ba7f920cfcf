"""The times at which the receiver itself was away, and which losses fall into them."""

from collections.abc import Iterator
from math import ceil, floor, inf

from attrs import define, field

_MARGIN_US = 1_000_000
"""What was due this long before a connection broke may have been on its way over it."""


@define(eq=False)
class Outages:
    """Moments in µs of Unix time; an outage that goes on has no end yet."""

    _times: list[tuple[float, float]] = field(factory=list)

    def __len__(self) -> int:
        return len(self._times)

    def begin(self, moment_us: int) -> None:
        """Note that the connection broke."""
        self._times.append((moment_us, inf))

    def end(self, moment_us: int) -> None:
        """Note that messages come again."""
        began, _ = self._times.pop()
        self._times.append((began, moment_us))

    def numbers(self, low: tuple[int, int], high: tuple[int, int]) -> Iterator[tuple[int, int]]:
        """Yield the ranges of numbers between `low` and `high` that were due in an outage.

        Each end is a number and when it was due; between them a device is taken to be regular.
        """
        (first, first_us), (last, last_us) = low, high
        step, free = max(1.0, (last_us - first_us) / (last - first)), first + 1
        for began, ended in self._times:
            start = max(free, first + ceil((began - _MARGIN_US - first_us) / step))
            stop = min(last - 1, first + floor((min(ended, last_us) - first_us) / step))
            if start <= stop:
                yield start, stop
                free = stop + 1
