"""A shard whose time is moved in steps: each ends once the broker has answered for all of it."""

from collections.abc import Iterator

import trio
from attrs import define, field

from iotmock.actors.errors import StepTimeoutError
from iotmock.actors.system import System
from iotmock.actors.time.steps import Steps
from iotmock.soak.scenario.schedule import Schedule
from iotmock.soak.shard.fleet import ShardFleet
from iotmock.soak.shard.order import ShardOrder
from iotmock.soak.shard.phases import ShardPhases


@define(eq=False)
class Stepping:
    """Moves simulated time from stop to stop; at each, phases and changes of the fleet are made.

    A step without the broker's answer for longer than `verify.drain` ends the run, whose rest then
    counts as due and not offered.
    """

    order: ShardOrder
    system: System
    fleet: ShardFleet
    phases: ShardPhases
    reached_s: float = 0.0
    """Up to where all is lived through and answered for, in s of the scenario."""
    _steps: Steps = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._steps = Steps(self.system.pacer, self.system.publisher)

    async def run(self, begin: float) -> None:
        """Go from `begin`, Unix s of simulated time, to the end of the schedule."""
        scenario = self.order.scenario
        length_s = self.fleet.schedule.length_s
        for stop in stops(scenario.load.step_s, length_s, self._moments()):
            await self._make(self.reached_s)
            try:
                await self._go_to(begin + stop)
            except StepTimeoutError as error:
                self.phases.notes.append(f"ends at {self.reached_s:g} s: {error}")
                self.fleet.late_due += self._rest(length_s)
                return
            self.reached_s = stop

    def _moments(self) -> Iterator[float]:
        """Yield when something is to be done between two steps."""
        yield from (phase.at for phase in self.order.scenario.phases)
        for course in self.fleet.schedule.courses.values():
            yield from (at for at, _ in course.knots)

    async def _make(self, moment_s: float) -> None:
        await self.fleet.follow(moment_s)
        for phase in self.order.scenario.phases:
            if phase.at == moment_s:
                await self.phases.carry_out(phase)

    async def _go_to(self, epoch_s: float) -> None:
        await self._steps.step(lambda _: epoch_s, self.order.scenario.verify.drain)
        await trio.lowlevel.checkpoint()

    def _rest(self, length_s: float) -> float:
        due = Schedule(self.order.scenario).due(self.reached_s, length_s)
        return due / self.order.of


def stops(step_s: float, length_s: float, moments: Iterator[float]) -> list[float]:
    """Return the ends of steps, s after the start: of each a step, and where something happens."""
    count = int(length_s / step_s)
    regular = (step_s * number for number in range(1, count + 1))
    every = {*regular, *moments, length_s}
    return sorted(stop for stop in every if 0.0 < stop <= length_s)
