"""What the fleet draws, by family and by location, without asking every device each second."""

from collections import defaultdict
from collections.abc import Sequence
from math import ceil, inf
from operator import attrgetter
from typing import Protocol

import trio
from attrs import define, field

from iotmock.actors.devices.device import MockDevice
from iotmock.actors.devices.supervisor import Supervisor
from iotmock.model.main_meter import MainMeter

_SLICE = 1_000
"""Devices that are asked between two turns of the others: 0.2 ms."""
_SMALL = 5_000
"""So many are asked all at once: 1 ms."""
_REGROUP_S = 10.0
"""Between two looks at which devices there are, and where; a small fleet is looked at each time."""

Place = tuple[str, str]
"""A family, and a location."""
_place_of = attrgetter("model.spec.device_type", "model.spec.location")


class Shows(Protocol):
    """What shows a power."""

    @property
    def power_kw(self) -> float:
        """What is drawn."""
        ...


def _own_of(device: MockDevice) -> Shows:
    meter = device.model.meter
    return meter.branch if isinstance(meter, MainMeter) else meter


@define(eq=False)
class _Slice:
    """The meters of some devices: `numbers` says for each which of the `places` is its own.

    Of a main meter only its background load counts: all else is counted already.
    """

    meters: Sequence[Shows]
    places: Sequence[Place]
    numbers: Sequence[int]
    sums: list[float]

    @classmethod
    def of(cls, devices: Sequence[MockDevice]) -> "_Slice":
        numbers: dict[Place, int] = {}
        found = [numbers.setdefault(place, len(numbers)) for place in map(_place_of, devices)]
        return cls(tuple(map(_own_of, devices)), tuple(numbers), found, [0.0] * len(numbers))

    def look(self) -> list[float]:
        """Sum up what they show; return what that was before."""
        before, sums = self.sums, [0.0] * len(self.places)
        for number, meter in zip(self.numbers, self.meters, strict=True):
            sums[number] += meter.power_kw
        self.sums = sums
        return before


@define(eq=False)
class Census:
    """Goes round the fleet slice by slice; `power` has, in kW, what each slice drew when last seen.

    A meter shows something else only after its device's tick. So a round may take as long as the
    interval between two, and costs a message 0.1 to 0.2 µs.
    """

    supervisor: Supervisor
    power: dict[Place, float] = field(factory=dict)
    _slices: list[_Slice] = field(factory=list)
    _next: int = 0
    _changes: int = -1
    _grouped_at: float = -inf

    async def look(self, share: float) -> None:
        """Ask this share of the fleet, with turns of others between."""
        devices = len(self.supervisor)
        if self._is_outdated(devices):
            await self._regroup()
            share = 1.0
        slices = self._slices if devices <= _SMALL else self._turn(ceil(share * len(self._slices)))
        for one in tuple(slices):
            self._take_up(one)
            await trio.lowlevel.checkpoint()

    def _turn(self, count: int) -> Sequence[_Slice]:
        here, slices = self._next, self._slices
        self._next = (here + count) % len(slices) if slices else 0
        return (slices[here:] + slices[:here])[:count]

    def _is_outdated(self, devices: int) -> bool:
        if self._changes == self.supervisor.around.hub.changes:
            return False
        return devices <= _SMALL or trio.current_time() >= self._grouped_at + _REGROUP_S

    async def _regroup(self) -> None:
        self._changes, self._grouped_at = self.supervisor.around.hub.changes, trio.current_time()
        devices, slices = tuple(self.supervisor), list[_Slice]()
        for begin in range(0, len(devices), _SLICE):
            slices.append(_Slice.of(devices[begin : begin + _SLICE]))
            await trio.lowlevel.checkpoint()
        self._slices, self._next = slices, 0
        for one in slices:
            one.look()
            await trio.lowlevel.checkpoint()
        self.power = defaultdict(float)
        for one in slices:
            self._add(one)

    def _add(self, one: _Slice) -> None:
        for place, power in zip(one.places, one.sums, strict=True):
            self.power[place] += power

    def _take_up(self, one: _Slice) -> None:
        before = one.look()
        for place, was, power in zip(one.places, before, one.sums, strict=True):
            self.power[place] += power - was
