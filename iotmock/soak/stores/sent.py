"""How many messages each device had sent, at some moments of a run: a bound of memory, not a log.

100,000 devices take 800 kB a moment.
"""

from array import array
from collections.abc import Iterable, Iterator, Mapping
from functools import reduce
from typing import Protocol

from attrs import define, field, frozen


class SentBy(Protocol):
    """How much each device had sent by a moment."""

    @property
    def at(self) -> float:
        """The moment, in the clock of the messages' timestamps."""
        ...

    def count(self, device: str) -> int:
        """Return how many messages the device had sent."""
        ...


@frozen
class Moment:
    """What one worker's devices had sent. See `SentBy`."""

    at: float
    _places: Mapping[str, int]
    _counts: "array[int]"

    def count(self, device: str) -> int:
        """See `SentBy`."""
        place = self._places.get(device, len(self._counts))
        return self._counts[place] if place < len(self._counts) else 0

    @property
    def counts(self) -> list[int]:
        """The counts, in the order in which the devices were first noted."""
        return self._counts.tolist()


@frozen
class Together:
    """What several workers had sent, each with devices of its own. See `SentBy`."""

    parts: tuple[Moment, ...]

    @property
    def at(self) -> float:
        """The latest of theirs: what was sent after an earlier one was sent late, at the worst."""
        return max(part.at for part in self.parts)

    def count(self, device: str) -> int:
        """See `SentBy`."""
        return sum(part.count(device) for part in self.parts)


def together(workers: Iterable[Mapping[int, Moment]]) -> list[Together]:
    """Return the moments that every worker has, by the second of the run."""
    every = list(workers)
    common = reduce(lambda seconds, one: seconds & one.keys(), every[1:], {*(every or [{}])[0]})
    return [Together(tuple(one[second] for one in every)) for second in sorted(common)]


@define(eq=False)
class SentOverTime:
    """Keeps up to `most` moments of a run, however long it is; of what it is told, what it needs.

    Those of seconds that `spacing` divides; it doubles when there are too many. So the workers of
    a run keep the same seconds, without a word between them.
    """

    most: int = 32
    spacing: int = 1
    moments: dict[int, Moment] = field(factory=dict)
    """By the second of the run."""
    _places: dict[str, int] = field(factory=dict)

    def note(self, second: int, at: float, counts: Mapping[str, int]) -> None:
        """Take note of how many messages each device has sent up to `at`, in a run's second."""
        if second % self.spacing or second in self.moments:
            return
        for device in counts:
            self._places.setdefault(device, len(self._places))
        row = array("Q", bytes(8 * len(self._places)))
        for device, count in counts.items():
            row[self._places[device]] = count
        self.moments[second] = Moment(at, self._places, row)
        if len(self.moments) >= self.most:
            self.spacing *= 2
            kept = {key: one for key, one in self.moments.items() if not key % self.spacing}
            self.moments = kept

    def __iter__(self) -> Iterator[Moment]:
        return iter(self.moments.values())
