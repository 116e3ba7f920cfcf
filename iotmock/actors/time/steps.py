"""Time moved by hand: one step after the other, each with the broker's answers to its messages."""

from collections.abc import Callable

import trio
from attrs import define, field, frozen

from iotmock.actors.errors import StepTimeoutError, WireDownError
from iotmock.actors.outbox.carrier import Carrier, PublisherStatistics
from iotmock.actors.time.pacer import Pacer

LONGEST_S = 366 * 86_400.0
_LOOK_S = 0.05
"""Between two looks whether all that still waits is held back by a fault."""


@frozen
class Step:
    """What came of a step: where time stands, Unix seconds, and the counts before and after."""

    now: float
    ticks: int
    seconds: float
    before: PublisherStatistics
    after: PublisherStatistics


@define(eq=False)
class Steps:
    """Steps of all who ask, in the order in which they ask."""

    pacer: Pacer
    carrier: Carrier
    _turn: trio.Lock = field(factory=trio.Lock)

    async def step(self, until: Callable[[float], float], patience_s: float) -> Step:
        """Move time on to `until(now)`, and wait until the broker has answered.

        `now` is where the step before has ended. At QoS 0 what is written counts as answered; what
        a fault holds back is not waited for.

        Raises:
            SteppingError: time runs of itself, or is stopped.
            StepTimeoutError: it took longer than `patience_s`; one that has begun goes on to its
                end all the same, and nothing is lost.
        """
        has_begun = False
        with trio.move_on_after(patience_s):
            async with self._turn:
                has_begun = True
                return await self._step(until)
        raise StepTimeoutError(patience_s, self._waiting, has_begun=has_begun)

    async def _step(self, until: Callable[[float], float]) -> Step:
        counts, begin = self.pacer.counts, trio.current_time()
        ticks, before = counts.done, self.carrier.statistics()
        await self.pacer.step(until(self.pacer.goes_to))
        await self._settle()
        took_s, after = trio.current_time() - begin, self.carrier.statistics()
        return Step(self.pacer.clock.now(), counts.done - ticks, took_s, before, after)

    async def _settle(self) -> None:
        while self._waiting > 0:
            with trio.move_on_after(_LOOK_S):
                try:
                    await self.carrier.wait_drained()
                except WireDownError:
                    await trio.sleep_forever()  # until the next look

    @property
    def _waiting(self) -> int:
        return self.carrier.statistics().waiting - self.carrier.withheld()
