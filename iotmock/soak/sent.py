"""How many messages each device had sent, at some moments of a run: a bound of memory, not a log.

100,000 devices take 800 kB a moment.
"""

from array import array
from collections.abc import Iterator, Mapping
from math import inf

from attrs import define, field, frozen


@frozen
class Moment:
    """What had been sent at `at`, in the clock of the messages' timestamps, by device."""

    at: float
    _places: Mapping[str, int]
    _counts: "array[int]"

    def count(self, device: str) -> int:
        """Return how many messages the device had sent."""
        place = self._places.get(device, len(self._counts))
        return self._counts[place] if place < len(self._counts) else 0


@define(eq=False)
class SentOverTime:
    """Keeps up to `most` moments of a run, however long it is; of what it is told, what it needs.

    `spacing` is what lies between two of them, s; it doubles when there are too many.
    """

    most: int = 32
    spacing: float = 1.0
    _places: dict[str, int] = field(factory=dict)
    _moments: list[Moment] = field(factory=list)
    _next: float = -inf

    def note(self, at: float, counts: Mapping[str, int]) -> None:
        """Take note of how many messages each device has sent up to `at`."""
        if at < self._next:
            return
        for device in counts:
            self._places.setdefault(device, len(self._places))
        row = array("Q", bytes(8 * len(self._places)))
        for device, count in counts.items():
            row[self._places[device]] = count
        self._moments.append(Moment(at, self._places, row))
        if len(self._moments) >= self.most:
            self._moments = self._moments[1::2]
            self.spacing *= 2
        self._next = at + self.spacing

    def __iter__(self) -> Iterator[Moment]:
        return iter(self._moments)
