"""The pacer: decides how simulated time runs, and when the devices get their ticks."""

from math import inf

import structlog
import trio
from attrs import define, field

from iotmock.actors.errors import SteppingError
from iotmock.actors.messages import Tick
from iotmock.actors.time.clock import Clock, Speed
from iotmock.actors.time.cohorts import Cohorts, Paced
from iotmock.actors.time.full_speed import FullSpeed
from iotmock.actors.time.handout import Handout
from iotmock.actors.time.punctuality import PacerStatistics, Punctuality
from iotmock.actors.time.time_of_day import TimeOfDay

log = structlog.get_logger()


@define(eq=False)
class Pacer:
    """Lets simulated time run, stop and jump. It has the only timer of the fleet.

    Long because all that time can do to a fleet is here, each thing
    held against the others: who ticks when is in `Cohorts`, the ticks themselves in `Handout`.
    """

    clock: Clock
    interval: float
    since: float = 0.0
    ends_at: float = inf
    """Nothing that is due later is handed out."""
    counts: Punctuality = field(factory=Punctuality)
    full_speed: FullSpeed | None = None
    """Who holds it back when time goes as fast as it can; None lets nobody."""
    _changed: trio.Event = field(factory=trio.Event)
    _looked: trio.Event = field(factory=trio.Event)
    """Set once all that was due is handed out."""
    time_of_day: TimeOfDay = field(init=False)
    cohorts: Cohorts = field(init=False)
    _handout: Handout = field(init=False)
    _held: int = 0
    _over: bool = False

    def __attrs_post_init__(self) -> None:
        self.since = self.clock.now()
        self.time_of_day = TimeOfDay(self.clock)
        self.cohorts = Cohorts(self.clock)
        self._handout = Handout(self.clock, self.cohorts, self.counts)

    @property
    def running(self) -> bool:
        """Whether devices get ticks."""
        return self._handout.running

    # Which devices there are

    def add(self, device: Paced) -> None:
        """Tick this device from now on."""
        if self.cohorts.add(device):
            self._changed.set()

    def remove(self, device: Paced) -> None:
        """Tick this device no more."""
        self.cohorts.remove(device)

    def reseat(self, device: Paced) -> None:
        """Take up a device's new interval."""
        if device in self.cohorts.homes:
            self.remove(device)
            self.add(device)

    # How time runs

    def start(self, at: float | None = None) -> None:
        """Let simulated time go on from now, without energy for the pause.

        With `at`, what fell due since then is handed out late: for runs that begin together.
        """
        if self.running:
            return
        now = self.clock.now() if at is None else at
        for device in self.cohorts.homes:
            device.handed_to = min(now, device.handed_to + now - self.since)
        self.cohorts.begin_grids(now)
        self._handout.running, self.since = True, now
        self._changed.set()
        log.info("the simulation runs")

    def stop(self) -> None:
        """Send no more ticks."""
        if not self.running:
            return
        self._handout.running, self.since = False, self.clock.now()
        self._changed.set()
        log.info("the simulation is stopped")

    @property
    def has_ended(self) -> bool:
        """Whether everything that is due up to `ends_at` was handed out."""
        due = self.cohorts.due
        return due == inf or due > self.ends_at

    def tick_now(self, device: Paced) -> Tick:
        """Return an extra tick for this moment; while stopped, one of the device's interval."""
        now = self.clock.now()
        dt_s = now - device.handed_to if self.running else device.interval
        return Tick(now, max(0.0, dt_s))

    async def run(self) -> None:
        """Hand out ticks until cancelled."""
        # What came due while the service started is not late.
        self.cohorts.begin_grids(self.clock.now())
        try:
            while True:
                await self._wait_for_due()
                self._follow_wall()
                await self._hand_out()
                self._note_looked()
        finally:
            self._over = True
            self._looked.set()

    async def _hand_out(self) -> None:
        while self._is_due():
            if self.clock.flat_out:
                await self._move_on()
            else:
                await self._handout.tick_cohort(self.cohorts.take(), self._end)

    def _note_looked(self) -> None:
        clock = self.clock
        if clock.by_hand and not clock.catches_up and self.running and not self._held:
            clock.move_to(min(clock.horizon, self.ends_at))
        self._looked.set()
        self._looked = trio.Event()

    async def step(self, until: float) -> None:
        """Move time on to `until` by hand, and return once every tick up to there is lived through.

        It goes on to there when the caller is cancelled; a later step goes on from there.

        Raises:
            SteppingError: time runs of itself, or is stopped, or the service ends.
        """
        while True:
            self._check_stands()
            if self._over:
                raise SteppingError("the service is stopping: time goes no further")
            if self.clock.now() >= until:
                return
            self.clock.horizon = max(self.clock.horizon, until)
            self._changed.set()
            await self._looked.wait()

    @property
    def goes_to(self) -> float:
        """Where time is, or by hand will be, once every step that was asked for is done."""
        return max(self.clock.now(), self.clock.horizon) if self.clock.by_hand else self.clock.now()

    def _check_stands(self) -> None:
        if not self.clock.by_hand or self.clock.catches_up:
            raise SteppingError("simulated time runs of itself: set its speed to step")
        if not self.running:
            raise SteppingError("the simulation is stopped: start it")

    @property
    def _end(self) -> float:
        return min(self.ends_at, self.clock.end)

    def _is_due(self) -> bool:
        due = self.cohorts.due
        if self._held or not self.running or due == inf or due > self._end:
            return False
        return self.clock.flat_out or due <= self.clock.now()

    async def _move_on(self) -> None:
        """Flat out: let time be that of the cohort that is due next, and hand out its ticks."""
        due = self.cohorts.due
        if await self._history_ends(due):
            return
        if self.full_speed is not None:
            await self.full_speed.reserve(due)
            if not self._is_due() or self.cohorts.due != due:
                return
        self.clock.move_to(due)
        cohort = self.cohorts.take()
        await self._handout.tick_cohort(cohort, self._end)
        if self.full_speed is not None:
            await self.full_speed.wait_for(cohort.everyone)

    async def _history_ends(self, due: float) -> bool:
        clock = self.clock
        if not clock.catches_up or clock.wall is None or due <= clock.wall():
            return False
        clock.move_to(clock.wall())
        clock.end_history()
        await self._save_counters()
        log.info("history has caught up with the time of day", speed=clock.speed)
        return True

    async def set_speed(self, speed: Speed) -> None:
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
        self._handout.jumps += 1
        for device in self.cohorts.homes:
            device.handed_to += seconds
        if not self.running:
            self.since += seconds
        self.cohorts.begin_grids(self.clock.now())

    async def _wait_for_due(self) -> None:
        due = self.cohorts.due
        if self._held or not self.running or due > self._end:
            due = inf
        self._changed = trio.Event()
        with trio.move_on_at(self.clock.deadline(due)):
            await self._changed.wait()

    @property
    def stalled_s(self) -> float:
        """See `Pulse`: for how long a tick has been due."""
        return self.clock.lateness(self.cohorts.due) if self._is_due() else 0.0

    def statistics(self) -> PacerStatistics:
        """Return the counts of now."""
        return self.counts.statistics()
