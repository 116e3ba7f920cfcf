"""Who ticks when: devices of one interval and one phase are a cohort and tick together."""

import heapq
from collections.abc import Iterator
from functools import lru_cache
from hashlib import blake2b
from itertools import chain, count
from math import inf
from typing import Protocol

from attrs import define, field

from iotmock.actors.messages import Tick
from iotmock.actors.time.clock import Clock
from iotmock.model.fleet import split_id

_PHASES = 100
_STEP_S = 0.05
"""Between two phases at least: each is a time to wake up, and those who tick then pay for it."""
_BLOCKS = ((400, 4, 0), (1_200, 8, 50), (2_816, 16, 125))
"""Below a device's number: how many neighbours are a block, and what is added to the block's own
number so that it follows the one before."""
_MOST_NEIGHBOURS, _BLOCKS_BEFORE = 32, 213
_EVEN_FROM_S = 10.0
"""At shorter intervals a second has many blocks anyway, and to wake up for small ones is dear."""
_LEAP = 61
"""From the phase of one block of neighbours to the next: in the golden ratio, so evenly spread."""


class TickSlot(Protocol):
    """What the pacer must know of an inbox."""

    def put(self, message: Tick) -> None:
        """Put a tick in, or raise `trio.WouldBlock`."""
        ...


class Paced(Protocol):
    """What the pacer must know of a device."""

    handed_to: float
    tick_waits: bool

    @property
    def beat(self) -> str:
        """What decides the phase: its id, or what it has in common with others."""
        ...

    @property
    def interval(self) -> float:
        """Seconds between ticks."""
        ...

    @property
    def place(self) -> int:
        """When it ticks among its cohort, from 0, with most others, to 3, after all."""
        ...

    @property
    def inbox(self) -> "TickSlot":
        """Where its ticks go."""
        ...


def _places() -> "tuple[dict[Paced, None], ...]":
    return {}, {}, {}, {}


@define(eq=False)
class Cohort:
    """The devices that tick together: one interval, one phase, one due time."""

    interval: float
    phase: float
    due: float
    places: tuple[dict[Paced, None], ...] = field(factory=_places)
    """Those that tick first, and those after them; the last are main meters, which sum up."""

    @property
    def everyone(self) -> tuple[Paced, ...]:
        """Its devices, in the order in which they tick."""
        first, *later = self.places
        return (*first, *chain.from_iterable(later))

    def due_after(self, moment: float) -> float:
        """Return the first time on this cohort's grid that is later than `moment`."""
        grid = (moment - self.phase) // self.interval + 1.0
        due = grid * self.interval + self.phase
        # Rounding can bring a fractional interval back to `moment`, which would never pass.
        return due if due > moment else (grid + 1.0) * self.interval + self.phase


def phase_of(device_id: str, interval: float) -> float:
    """Return a device's place in the interval, in s: a hash, so that it outlives everything.

    The same in every process and shard; a hundred places spread a fleet evenly enough, or fewer
    where they would lie closer than 50 ms. In a fleet neighbours share theirs: they lie beside each
    other in memory, which halves what a tick costs. The first of a group are in small blocks, so
    that each second of a small fleet's interval has about as many messages.
    """
    parts = split_id(device_id)
    prefix, block = (parts[0], _block_of(parts[1], interval)) if parts else (device_id, 0)
    phases = max(1, min(_PHASES, round(interval / _STEP_S)))
    phase = (_place_of(prefix) + block * _LEAP) % _PHASES
    return phase * phases // _PHASES * interval / phases


def _block_of(number: int, interval: float) -> int:
    if interval < _EVEN_FROM_S:
        return number // _MOST_NEIGHBOURS
    for end, neighbours, before in _BLOCKS:
        if number < end:
            return number // neighbours + before
    return number // _MOST_NEIGHBOURS + _BLOCKS_BEFORE


@lru_cache(maxsize=1_024)
def _place_of(name: str) -> int:
    return int.from_bytes(blake2b(name.encode(), digest_size=4).digest(), "big") % _PHASES


@define(eq=False)
class Cohorts:
    """The devices of a fleet in their cohorts, and these in the order in which they are due."""

    clock: Clock
    departures: int = 0
    """How often a device has left, for whoever is handing out ticks meanwhile."""
    homes: dict[Paced, Cohort] = field(factory=dict)
    """The cohort of each device."""
    _cohorts: dict[tuple[float, float], Cohort] = field(factory=dict)
    _queue: list[tuple[float, int, Cohort]] = field(factory=list)
    _order: Iterator[int] = field(factory=count)

    def add(self, device: Paced) -> bool:
        """Take a device in; say whether a cohort was opened for it."""
        key = (device.interval, phase_of(device.beat, device.interval))
        cohort = self._cohorts.get(key)
        if is_new := cohort is None:
            cohort = self._cohorts[key] = Cohort(*key, 0.0)
            self.enqueue(cohort, self.clock.now())
        cohort.places[device.place][device] = None
        self.homes[device] = cohort
        return is_new

    def remove(self, device: Paced) -> None:
        """Let a device go, if it is here."""
        cohort = self.homes.pop(device, None)
        if cohort is not None:
            del cohort.places[device.place][device]
            self.departures += 1

    def next_due(self, device: Paced) -> float:
        """Return when a device's next tick is due, Unix seconds; never, if it is not here."""
        return self.homes[device].due if device in self.homes else inf

    @property
    def due(self) -> float:
        """When the first cohort is due, Unix seconds."""
        return self._queue[0][0] if self._queue else inf

    def take(self) -> Cohort:
        """Take the cohort that is due first out of the order."""
        return heapq.heappop(self._queue)[2]

    def enqueue(self, cohort: Cohort, after: float) -> None:
        """Have a cohort due at its first time after `after`."""
        cohort.due = cohort.due_after(after)
        heapq.heappush(self._queue, (cohort.due, next(self._order), cohort))

    def close(self, cohort: Cohort) -> None:
        """Give up a cohort that was taken and has no members."""
        del self._cohorts[cohort.interval, cohort.phase]

    def begin_grids(self, now: float) -> None:
        """Have every cohort due at its first time after `now`."""
        self._queue.clear()
        for cohort in self._cohorts.values():
            self.enqueue(cohort, now)
