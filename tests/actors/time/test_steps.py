"""Time by hand: it stands, goes as far as it is told, and no further."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest
import trio
from attrs import define
from trio.testing import MockClock

from iotmock.actors.errors import SteppingError, StepTimeoutError
from iotmock.actors.messages import Kind, Outgoing
from iotmock.actors.time.steps import Step, Steps
from tests.actors.rig import RememberedConnection, Rig, assemble, running
from tests.patience import within

pytestmark = pytest.mark.trio


class Prompt(RememberedConnection):
    """Answers at once to what it takes."""

    def offer(self, messages: Sequence[Outgoing]) -> int:
        taken = super().offer(messages)
        self.acknowledged = len(self.taken)
        return taken


@define(eq=False)
class ByHand:
    """A device whose time is moved by hand, and what its broker has taken."""

    rig: Rig
    broker: Prompt
    steps: Steps

    @property
    def readings(self) -> list[bytes]:
        return [message.payload for message in self.broker.taken if message.kind is Kind.DATA]


@asynccontextmanager
async def by_hand() -> AsyncIterator[ByHand]:
    broker = Prompt()
    async with running(assemble()) as rig, trio.open_nursery() as nursery:
        nursery.start_soon(rig.publisher.pump, broker)
        await rig.pacer.set_speed("step")
        await rig.supervisor.create("plain", name="P", device_id="p")
        yield ByHand(rig, broker, Steps(rig.pacer, rig.publisher))
        nursery.cancel_scope.cancel()


async def step(steps: Steps, seconds: float, patience_s: float = 60.0) -> Step:
    return await steps.step(lambda now: now + seconds, patience_s)


async def test_a_step_ends_with_the_service() -> None:
    async with running(assemble(), paced=False) as rig, trio.open_nursery() as nursery:
        await rig.pacer.set_speed("step")
        await rig.supervisor.create("plain", name="P", device_id="p")

        async def end() -> None:
            with trio.CancelScope() as scope:
                scope.cancel()
                await rig.pacer.run()

        nursery.start_soon(end)
        with pytest.raises(SteppingError, match="stopping"), within(5):
            await rig.pacer.step(rig.clock.now() + 3_600)


async def test_time_stands_until_it_is_moved(autojump_clock: MockClock) -> None:
    async with by_hand() as hand:
        begin = hand.rig.clock.now()
        await trio.sleep(3_600)
        assert (hand.rig.clock.now(), hand.readings) == (begin, [])
        done = await step(hand.steps, 300.0)
        assert hand.rig.clock.now() == done.now == begin + 300.0
        assert (done.ticks, len(hand.readings)) == (60, 60)
        assert done.after.acknowledged - done.before.acknowledged == 60
        assert done.after.waiting == 0
        await trio.sleep(3_600)
        assert hand.rig.clock.now() == begin + 300.0


async def test_steps_of_any_size_give_the_same_readings(autojump_clock: MockClock) -> None:
    told = []
    for sizes in ([3_600.0], [0.5, 299.5, 1_500.0, 1_800.0]):
        async with by_hand() as hand:
            for size in sizes:
                await step(hand.steps, size)
            told.append(hand.readings)
    assert told[0] == told[1]
    assert len(told[0]) == 720


async def test_steps_that_are_asked_for_at_once_follow_each_other(
    autojump_clock: MockClock,
) -> None:
    async with by_hand() as hand:
        begin = hand.rig.clock.now()
        async with trio.open_nursery() as clients:
            for _ in range(3):
                clients.start_soon(step, hand.steps, 100.0)
        assert hand.rig.clock.now() == begin + 300.0


async def test_a_step_goes_on_without_who_asked_for_it(autojump_clock: MockClock) -> None:
    async with by_hand() as hand:
        begin = hand.rig.clock.now()
        with trio.CancelScope() as caller:
            async with trio.open_nursery() as nursery:
                nursery.start_soon(wait_and_cancel, caller)
                await step(hand.steps, 86_400.0)
        assert caller.cancelled_caught
        await step(hand.steps, 5.0)
        assert hand.rig.clock.now() == begin + 86_405.0
        assert len(hand.readings) == 86_405 / 5


async def wait_and_cancel(scope: trio.CancelScope) -> None:
    await trio.lowlevel.checkpoint()
    scope.cancel()


async def test_without_a_broker_a_step_is_lived_through_and_says_what_waits(
    autojump_clock: MockClock,
) -> None:
    async with running(assemble()) as rig:
        await rig.pacer.set_speed("step")
        await rig.supervisor.create("plain", name="P", device_id="p")
        begin = rig.clock.now()
        with pytest.raises(StepTimeoutError, match="not done within 3 s, 61 messages wait"):
            await step(Steps(rig.pacer, rig.publisher), 300.0, 3.0)
        assert rig.clock.now() == begin + 300.0


async def test_a_step_that_waits_too_long_for_its_turn_has_not_begun(
    autojump_clock: MockClock,
) -> None:
    async with running(assemble()) as rig, trio.open_nursery() as nursery:
        await rig.pacer.set_speed("step")
        await rig.supervisor.create("plain", name="P", device_id="p")
        steps, begin = Steps(rig.pacer, rig.publisher), rig.clock.now()
        nursery.start_soon(step, steps, 300.0, 1e6)  # for whose messages there is no broker
        await trio.sleep(1)
        with pytest.raises(StepTimeoutError, match="not begun within 3 s"):
            await step(steps, 300.0, 3.0)
        assert rig.clock.now() == begin + 300.0
        nursery.cancel_scope.cancel()


async def test_what_runs_of_itself_or_is_stopped_can_not_be_moved(
    autojump_clock: MockClock,
) -> None:
    async with by_hand() as hand:
        hand.rig.pacer.stop()
        with pytest.raises(SteppingError, match="start it"):
            await step(hand.steps, 1.0)
        hand.rig.pacer.start()
        await step(hand.steps, 1.0)
        await hand.rig.pacer.set_speed(1.0)
        with pytest.raises(SteppingError, match="set its speed to step"):
            await step(hand.steps, 1.0)


async def test_a_step_ends_when_time_goes_over_into_running_of_itself(
    autojump_clock: MockClock,
) -> None:
    async with by_hand() as hand, trio.open_nursery() as nursery:
        refused: list[Exception] = []

        async def ask() -> None:
            try:
                await step(hand.steps, 1e6)
            except SteppingError as error:
                refused.append(error)

        nursery.start_soon(ask)
        for _ in range(10):
            await trio.lowlevel.checkpoint()
        assert not refused
        await hand.rig.pacer.set_speed(1.0)
        await trio.sleep(60)
        assert len(refused) == 1
