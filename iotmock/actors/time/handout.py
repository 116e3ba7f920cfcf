"""The handing out: a cohort that is due gets its ticks, slice by slice."""

from math import nan

import trio
from attrs import define

from iotmock.actors.messages import Tick
from iotmock.actors.time.clock import Clock
from iotmock.actors.time.cohorts import Cohort, Cohorts, Paced
from iotmock.actors.time.punctuality import Punctuality
from iotmock.model.timestamp import written

_SLICE = 256


@define(eq=False)
class Handout:
    """Puts ticks into inboxes, and counts how late and how many."""

    clock: Clock
    cohorts: Cohorts
    counts: Punctuality
    running: bool = True
    jumps: int = 0
    """How often time has jumped: a moment of before may lie in what is the future now."""

    async def tick_cohort(self, cohort: Cohort, end: float) -> None:
        """Tick a cohort that was taken; the pacer, REST and the publisher get their turns.

        Nothing that is due after `end` is joined to what was.
        """
        members = cohort.everyone
        if not members:
            self.cohorts.close(cohort)
            return
        now, due = self.clock.now(), cohort.due
        # A pacer that was held up for whole intervals joins them into one tick.
        moment = max(due, cohort.due_after(min(now, end)) - cohort.interval)
        self.counts.turn(trio.current_time(), self.clock.lateness(due), len(self.cohorts.homes))
        missed = round((moment - due) / cohort.interval) * len(members)
        if missed:
            self._note(due, cohort.interval, missed, missed)
        self.cohorts.enqueue(cohort, moment)
        await self._tick_members(cohort, members, moment, due)

    async def _tick_members(
        self, cohort: Cohort, members: tuple[Paced, ...], moment: float, due: float
    ) -> None:
        homes = self.cohorts.homes
        jumps, departures = self.jumps, self.cohorts.departures
        for start in range(0, len(members), _SLICE):
            if jumps != self.jumps:
                return
            devices = members[start : start + _SLICE]
            if departures != self.cohorts.departures:  # while others were ticked
                devices = tuple(device for device in devices if device in homes)
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
            device.tick_waits = True
            try:
                device.inbox.put(tick)  # most have used it by the time this returns
            except trio.WouldBlock:
                device.tick_waits = False
                continue
            device.handed_to = moment
            handed_out += 1
        self._note(due, interval, ticks, ticks - handed_out)

    def _note(self, due: float, interval: float, ticks: int, coalesced: int) -> None:
        speed = self.clock.speed or 1.0
        self.counts.note(self.clock.lateness(due), interval / speed, ticks, coalesced)
