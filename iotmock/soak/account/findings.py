"""The defects that were found: counted by group and device, and kept by number up to a bound."""

from heapq import nlargest
from typing import Literal, get_args

import msgspec
from attrs import define, field

from iotmock.soak.account.ranges import Ranges
from iotmock.soak.account.tally import Tally

Defect = Literal["lost", "lost_in_outages", "duplicated", "reordered", "late", "corrupted"]
DEFECTS: tuple[Defect, ...] = get_args(Defect)


class Defects(msgspec.Struct, gc=False):
    """How many of each kind a device has."""

    lost: int = 0
    lost_in_outages: int = 0
    duplicated: int = 0
    reordered: int = 0
    late: int = 0
    corrupted: int = 0

    @property
    def rank(self) -> tuple[int, int]:
        """What makes one device worse than another: its losses, then all else but outages."""
        return self.lost, self.duplicated + self.reordered + self.late + self.corrupted


@define(eq=False)
class Findings:
    """Of each kind of defect, `capacity` ranges of numbers are kept."""

    capacity: int
    ranges: dict[Defect, Ranges] = field(init=False)
    _by_device: dict[str, Defects] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        self.ranges = {defect: Ranges(self.capacity) for defect in DEFECTS}

    @property
    def lost(self) -> Ranges:
        """The numbers that never came, but for those that `lost_in_outages` has."""
        return self.ranges["lost"]

    def add(self, defect: Defect, device: str, tally: Tally, first: int, last: int) -> None:
        """Count a defect of the messages `first` to `last`."""
        self.ranges[defect].add(device, first, last)
        self._count(defect, device, tally, last - first + 1)

    def take_back(self, device: str, tally: Tally, number: int) -> bool:
        """Count a message as lost no more; return whether it is known to have been."""
        for defect in ("lost", "lost_in_outages"):
            if self.ranges[defect].discard(device, number):
                self._count(defect, device, tally, -1)
                return True
        return False

    @property
    def losses_are_complete(self) -> bool:
        """Whether every lost number is among the ranges."""
        return not (self.ranges["lost"].omitted or self.ranges["lost_in_outages"].omitted)

    def _count(self, defect: Defect, device: str, tally: Tally, count: int) -> None:
        defects = self._by_device.get(device)
        if defects is None:
            defects = self._by_device[device] = Defects()
        for counted in (tally, defects):
            setattr(counted, defect, getattr(counted, defect) + count)

    def worst(self, count: int) -> list[tuple[str, Defects]]:
        """Return the devices that lost most, then those with most other defects."""
        found = ((device, d) for device, d in self._by_device.items() if d.rank > (0, 0))
        return nlargest(count, found, key=lambda pair: pair[1].rank)
