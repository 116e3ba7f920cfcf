"""Sequence numbers by device, as ranges, up to a bound; what is beyond is only counted."""

from collections.abc import Iterator
from itertools import islice

import msgspec
from attrs import define, field


class Range(msgspec.Struct, frozen=True):
    """The numbers from `first` to `last`, both included, of one device."""

    device: str
    first: int
    last: int

    @property
    def count(self) -> int:
        """How many they are."""
        return self.last - self.first + 1


@define(eq=False)
class Ranges:
    """At most `capacity` ranges; of all `numbers`, `omitted` found no place."""

    capacity: int
    numbers: int = 0
    omitted: int = 0
    _by_device: dict[str, list[tuple[int, int]]] = field(factory=dict)
    _size: int = 0

    def add(self, device: str, first: int, last: int) -> None:
        """Add numbers; those that follow the device's newest range make it longer."""
        self.numbers += last - first + 1
        ranges = self._by_device.get(device)
        if ranges and ranges[-1][1] + 1 == first:
            ranges[-1] = (ranges[-1][0], last)
        elif self._size >= self.capacity:
            self.omitted += last - first + 1
        else:
            self._by_device.setdefault(device, []).append((first, last))
            self._size += 1

    def discard(self, device: str, number: int) -> bool:
        """Take a number out; return whether it was there."""
        ranges = self._by_device.get(device, [])
        for place, (first, last) in enumerate(ranges):
            if first <= number <= last:
                parts = [(first, number - 1), (number + 1, last)]
                ranges[place : place + 1] = kept = [part for part in parts if part[0] <= part[1]]
                self._size += len(kept) - 1
                self.numbers -= 1
                return True
        return False

    def text(self, device: str, most: int) -> str:
        """Return a device's ranges as in `3-5, 9`, ending with `...` if there are more."""
        ranges = self._by_device.get(device, [])
        shown = [f"{a}-{b}" if a < b else f"{a}" for a, b in ranges[:most]]
        return ", ".join(shown + ["..."] * (len(ranges) > most))

    def first(self, count: int) -> list[Range]:
        """Return the first of the ranges, by device in the order of their first finding."""
        return list(islice(self, count))

    def __iter__(self) -> Iterator[Range]:
        for device, ranges in self._by_device.items():
            for first, last in ranges:
                yield Range(device, first, last)
