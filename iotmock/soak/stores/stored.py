"""What a platform has stored, beside what was sent to it: by device and time range."""

from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime
from heapq import nlargest
from math import floor
from typing import Protocol

from attrs import field, frozen

from iotmock.soak.report.measures import StoreCheck

_WORST = 20


class StoreError(Exception):
    """A store can not be asked; one line says which, why and what to do."""


class StoreAwayError(StoreError):
    """Nobody answers, or not now: it may be worth asking again."""


class StoreRefusedError(StoreError):
    """The store does not let us in, or does not understand what it is asked."""


@frozen
class Span:
    """From `begin` up to, and without, `end`; Unix s."""

    begin: float
    end: float

    @classmethod
    def around(cls, first: float, last: float) -> "Span":
        """Return the whole seconds from the first message to the last.

        Timestamps of readings may be cut to whole seconds (docs/decisions.md).
        """
        return cls(floor(first), floor(last) + 1)

    def as_datetimes(self) -> tuple[datetime, datetime]:
        """Return both ends, in UTC."""
        return datetime.fromtimestamp(self.begin, UTC), datetime.fromtimestamp(self.end, UTC)

    def __str__(self) -> str:
        begin, end = (f"{moment:%Y-%m-%dT%H:%M:%SZ}" for moment in self.as_datetimes())
        return f"{begin} to {end}"


class Store(Protocol):
    """Something that can be asked how many readings of each device it has."""

    @property
    def name(self) -> str:
        """What it is and where, without secrets."""
        ...

    async def count(self, span: Span, devices: Collection[str] | None = None) -> dict[str, int]:
        """Return how many readings of the span are stored, by device.

        Of `devices`, and perhaps of others; without them, of all.

        Raises:
            StoreError: it can not be asked.
        """
        ...


@frozen
class Sent:
    """How many messages each device sent, and how many of them a fault may have spoiled."""

    counts: Mapping[str, int]
    spoiled: Mapping[str, int] = field(factory=dict)

    def sample(self, most: int | None) -> "Sent":
        """Return `most` of the devices, evenly chosen; all if None."""
        if most is None or most >= len(self.counts):
            return self
        names = sorted(self.counts)
        chosen = [names[at * len(names) // most] for at in range(most)]
        return Sent({name: self.counts[name] for name in chosen}, self.spoiled)


@frozen
class Difference:
    """A device of which more or less is stored than was sent.

    What a fault spoiled (or copied, with one timestamp) may be stored or not.
    """

    device: str
    sent: int
    stored: int
    spoiled: int

    @property
    def missing(self) -> int:
        """How many are not stored and should be."""
        return max(0, self.sent - self.spoiled - self.stored)

    @property
    def surplus(self) -> int:
        """How many are stored and were never sent."""
        return max(0, self.stored - self.sent)

    @property
    def excused(self) -> int:
        """How many are not stored and need not be."""
        return min(self.spoiled, max(0, self.sent - self.stored))

    @property
    def size(self) -> int:
        """How many are missing or too many."""
        return self.missing or self.surplus


@frozen
class Comparison:
    """What a store has of what was sent; `strangers` are devices that sent nothing in this run.

    By device, so that what is missing of one does not hide what another has too many.
    """

    sent: Sent
    stored: Mapping[str, int]
    differences: list[Difference] = field(init=False)

    @differences.default
    def _by_device(self) -> list[Difference]:
        return list(self._differing())

    def _differing(self) -> Iterator[Difference]:
        for device, count in self.sent.counts.items():
            stored = self.stored.get(device, 0)
            if stored != count:
                yield Difference(device, count, stored, self.sent.spoiled.get(device, 0))

    @property
    def missing(self) -> int:
        """How many messages are not stored and should be."""
        return sum(one.missing for one in self.differences)

    def worst(self) -> list[Difference]:
        """Return the devices with most missing, then those with most too many."""
        found = [one for one in self.differences if one.size]
        return nlargest(_WORST, found, key=lambda one: (one.missing, one.surplus))

    def check(self, store: str, where: Mapping[str, list[Span]]) -> StoreCheck:
        """Return what a report says; `where` are the spans in which some of a device is missing."""
        sent = self.sent.counts
        return StoreCheck(
            store=store,
            devices=len(sent),
            expected=sum(sent.values()),
            found=sum(self.stored.get(device, 0) for device in sent),
            missing=self.missing,
            surplus=sum(one.surplus for one in self.differences),
            excused=sum(one.excused for one in self.differences),
            worst=[_line(one, where.get(one.device, ())) for one in self.worst()],
        )


def _line(one: Difference, where: Collection[Span]) -> str:
    word = "missing" if one.missing else "too many"
    places = f", {'; '.join(map(str, where))}" if where else ""
    return f"{one.device}: {one.size:,} {word}{places}"
