"""The pacer: decides how simulated time runs, and hands it to the devices as ticks."""

import heapq
from collections.abc import Iterator
from functools import lru_cache
from hashlib import blake2b
from itertools import count
from math import inf, nan
from typing import Protocol

import structlog
import trio
from attrs import define, field

from iotmock.actors.messages import Tick
from iotmock.actors.time.clock import Clock
from iotmock.actors.time.full_speed import FullSpeed
from iotmock.actors.time.punctuality import PacerStatistics, Punctuality
from iotmock.actors.time.time_of_day import TimeOfDay
from iotmock.model.fleet import split_id
from iotmock.model.timestamp import written

log = structlog.get_logger()

_SLICE = 256
_PHASES = 100
_STEP_S = 0.01
"""Between two phases at least: each is a time to wake up, and those who tick then pay for it."""
_NEIGHBOURS = 32
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
    def device_id(self) -> str:
        """The id, which decides the phase."""
        ...

    @property
    def interval(self) -> float:
        """Seconds between ticks."""
        ...

    @property
    def inbox(self) -> "TickSlot":
        """Where its ticks go."""
        ...


@define(eq=False)
class Cohort:
    """The devices that tick together: one interval, one phase, one due time."""

    interval: float
    phase: float
    due: float
    members: dict[Paced, None] = field(factory=dict)

    def due_after(self, moment: float) -> float:
        """Return the first time on this cohort's grid that is later than `moment`."""
        grid = (moment - self.phase) // self.interval + 1.0
        due = grid * self.interval + self.phase
        # Rounding can bring a fractional interval back to `moment`, which would never pass.
        return due if due > moment else (grid + 1.0) * self.interval + self.phase


def phase_of(device_id: str, interval: float) -> float:
    """Return a device's place in the interval, in s: a hash, so that it outlives everything.

    The same in every process and shard; a hundred places spread a fleet evenly enough, or fewer
    where they would lie closer than 10 ms. In a fleet neighbours share theirs: they lie beside each
    other in memory, which halves what a tick costs.
    """
    parts = split_id(device_id)
    prefix, block = (parts[0], parts[1] // _NEIGHBOURS) if parts else (device_id, 0)
    phases = max(1, min(_PHASES, round(interval / _STEP_S)))
    phase = (_place_of(prefix) + block * _LEAP) % _PHASES
    return phase * phases // _PHASES * interval / phases


@lru_cache(maxsize=1_024)
def _place_of(name: str) -> int:
    return int.from_bytes(blake2b(name.encode(), digest_size=4).digest(), "big") % _PHASES


@define(eq=False)
class Pacer:
    """Holds the fleet in cohorts across the interval. It has the only timer of the fleet."""

    clock: Clock
    interval: float
    running: bool = True
    since: float = 0.0
    ends_at: float = inf
    """Nothing that is due later is handed out."""
    counts: Punctuality = field(factory=Punctuality)
    full_speed: FullSpeed | None = None
    """Who holds it back when time goes as fast as it can; None lets nobody."""
    _cohorts: dict[tuple[float, float], Cohort] = field(factory=dict)
    _homes: dict[Paced, Cohort] = field(factory=dict)
    _queue: list[tuple[float, int, Cohort]] = field(factory=list)
    _order: Iterator[int] = field(factory=count)
    _changed: trio.Event = field(factory=trio.Event)
    time_of_day: TimeOfDay = field(init=False)
    _jumps: int = 0
    _departures: int = 0
    _held: int = 0

    def __attrs_post_init__(self) -> None:
        self.since = self.clock.now()
        self.time_of_day = TimeOfDay(self.clock)

    def add(self, device: Paced) -> None:
        """Tick this device from now on."""
        key = (device.interval, phase_of(device.device_id, device.interval))
        cohort = self._cohorts.get(key) or self._open_cohort(*key)
        cohort.members[device] = None
        self._homes[device] = cohort

    def _open_cohort(self, interval: float, phase: float) -> Cohort:
        cohort = self._cohorts[interval, phase] = Cohort(interval, phase, 0.0)
        self._enqueue(cohort, self.clock.now())
        self._changed.set()
        return cohort

    def _enqueue(self, cohort: Cohort, after: float) -> None:
        cohort.due = cohort.due_after(after)
        heapq.heappush(self._queue, (cohort.due, next(self._order), cohort))

    def _begin_grids(self, now: float) -> None:
        self._queue.clear()
        for cohort in self._cohorts.values():
            self._enqueue(cohort, now)

    def remove(self, device: Paced) -> None:
        """Tick this device no more."""
        cohort = self._homes.pop(device, None)
        if cohort is not None:
            del cohort.members[device]
            self._departures += 1

    def reseat(self, device: Paced) -> None:
        """Take up a device's new interval."""
        if device in self._homes:
            self.remove(device)
            self.add(device)

    def next_due(self, device: Paced) -> float:
        """Return when the device's next tick is due, Unix seconds."""
        return self._homes[device].due if device in self._homes else inf

    def start(self, at: float | None = None) -> None:
        """Let simulated time go on from now, without energy for the pause.

        With `at`, what fell due since then is handed out late: for runs that begin together.
        """
        if self.running:
            return
        now = self.clock.now() if at is None else at
        for device in self._homes:
            device.handed_to = min(now, device.handed_to + now - self.since)
        self._begin_grids(now)
        self.running, self.since = True, now
        self._changed.set()
        log.info("the simulation runs")

    def stop(self) -> None:
        """Send no more ticks."""
        if not self.running:
            return
        self.running, self.since = False, self.clock.now()
        self._changed.set()
        log.info("the simulation is stopped")

    @property
    def has_ended(self) -> bool:
        """Whether everything that is due up to `ends_at` was handed out."""
        return not self._queue or self._queue[0][0] > self.ends_at

    def tick_now(self, device: Paced) -> Tick:
        """Return an extra tick for this moment; while stopped, one of the device's interval."""
        now = self.clock.now()
        dt_s = now - device.handed_to if self.running else device.interval
        return Tick(now, max(0.0, dt_s))

    async def run(self) -> None:
        """Hand out ticks until cancelled."""
        self._begin_grids(self.clock.now())  # what came due while the service started is not late
        while True:
            await self._wait_for_due()
            self._follow_wall()
            while self._is_due():
                if self.clock.flat_out:
                    await self._move_on()
                else:
                    await self._tick_cohort(heapq.heappop(self._queue)[2])

    def _is_due(self) -> bool:
        if self._held or not (self.running and self._queue) or self._queue[0][0] > self.ends_at:
            return False
        return self.clock.flat_out or self._queue[0][0] <= self.clock.now()

    async def _move_on(self) -> None:
        """Flat out: let time be that of the cohort that is due next, and hand out its ticks."""
        due = self._queue[0][0]
        if await self._history_ends(due):
            return
        if self.full_speed is not None:
            await self.full_speed.reserve(due)
            if not self._is_due() or self._queue[0][0] != due:
                return
        self.clock.move_to(due)
        cohort = heapq.heappop(self._queue)[2]
        await self._tick_cohort(cohort)
        if self.full_speed is not None:
            await self.full_speed.wait_for(cohort.members)

    async def _history_ends(self, due: float) -> bool:
        clock = self.clock
        if not clock.catches_up or clock.wall is None or due <= clock.wall():
            return False
        clock.move_to(clock.wall())
        clock.end_history()
        await self._save_counters()
        log.info("history has caught up with the time of day", speed=clock.speed)
        return True

    async def set_speed(self, speed: float) -> None:
        """Let simulated time go on from now at another speed; 0 is as fast as the fleet can go.

        No tick is handed out until the counters on disk have reserves for it.
        """
        self.clock.set_speed(speed)
        await self._renew_reserves()
        log.info("the simulation has another speed", speed=speed)

    async def resync(self) -> None:
        """Let simulated time go on from the time of day, like a pause, whichever way it jumps.

        History that is being made ends. No tick is handed out until the counters have reserves.
        """
        jump_s = self.clock.resync()
        self._jump(jump_s)
        self.time_of_day.note_resync(jump_s)
        await self._renew_reserves()

    async def _renew_reserves(self) -> None:
        self._held += 1
        try:
            await self._save_counters()
        finally:
            self._held -= 1
            self._changed.set()

    async def _save_counters(self) -> None:
        if self.full_speed is not None:
            await self.full_speed.save()

    def _follow_wall(self) -> None:
        """Take up a step of the time of day, as after a suspended laptop: like a pause."""
        if ahead_s := self.time_of_day.step():
            self.clock.skip(ahead_s)
            self._jump(ahead_s)

    def _jump(self, seconds: float) -> None:
        """Take up that time has jumped: no device has lived through what lies between."""
        self._jumps += 1
        for device in self._homes:
            device.handed_to += seconds
        if not self.running:
            self.since += seconds
        self._begin_grids(self.clock.now())

    async def _wait_for_due(self) -> None:
        due = self._queue[0][0] if self.running and self._queue else inf
        due = inf if self._held or due > self.ends_at else due
        self._changed = trio.Event()
        with trio.move_on_at(self.clock.deadline(due)):
            await self._changed.wait()

    async def _tick_cohort(self, cohort: Cohort) -> None:
        if not cohort.members:
            del self._cohorts[cohort.interval, cohort.phase]
            return
        now = self.clock.now()
        # A pacer that was held up for whole intervals joins them into one tick.
        moment = max(cohort.due, cohort.due_after(now) - cohort.interval)
        late_s = self.clock.lateness(cohort.due)
        self.counts.turn(trio.current_time(), late_s, len(self._homes))
        missed = round((moment - cohort.due) / cohort.interval) * len(cohort.members)
        if missed:
            self._note(cohort.due, cohort.interval, missed, missed)
        due = cohort.due
        self._enqueue(cohort, moment)
        members, jumps, departures = tuple(cohort.members), self._jumps, self._departures
        for start in range(0, len(members), _SLICE):
            if jumps != self._jumps:  # then `moment` may lie in what is the future now
                return
            devices = members[start : start + _SLICE]
            if departures != self._departures:  # while others were ticked
                devices = tuple(device for device in devices if device in self._homes)
            if self.running:
                self._tick_slice(devices, moment, due, cohort.interval)
            # After the last too: a pacer that is late would starve the publisher of its turns.
            await trio.lowlevel.checkpoint()

    def _tick_slice(
        self, devices: tuple[Paced, ...], moment: float, due: float, interval: float
    ) -> None:
        # A loop without calls but for `put`: every tick of the fleet goes through here.
        ticks, handed_out, given_to, tick = 0, 0, nan, Tick(moment, 0.0)
        timestamp = written(moment, interval)
        for device in devices:
            handed_to = device.handed_to
            if moment <= handed_to:
                continue
            ticks += 1
            if device.tick_waits:
                continue
            if handed_to != given_to:  # neighbours share one
                given_to, tick = handed_to, Tick(moment, moment - handed_to, timestamp)
            try:
                device.inbox.put(tick)
            except trio.WouldBlock:
                continue
            device.handed_to, device.tick_waits = moment, True
            handed_out += 1
        self._note(due, interval, ticks, ticks - handed_out)

    def _note(self, due: float, interval: float, ticks: int, coalesced: int) -> None:
        speed = self.clock.speed or 1.0
        self.counts.note(self.clock.lateness(due), interval / speed, ticks, coalesced)

    @property
    def stalled_s(self) -> float:
        """See `Pulse`: for how long a tick has been due."""
        return self.clock.lateness(self._queue[0][0]) if self._is_due() else 0.0

    def statistics(self) -> PacerStatistics:
        """Return the counts of now."""
        return self.counts.statistics()
