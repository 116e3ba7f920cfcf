"""The run of a shard: a service with its part of the fleet, from `Go` to the last receipts."""

import time
from collections.abc import Awaitable, Callable
from functools import partial
from math import floor

import trio
from attrs import define, field

from iotmock.actors.errors import WireDownError
from iotmock.service.run import Running, run_service
from iotmock.settings.settings import Settings
from iotmock.soak.shard.account import ShardAccount
from iotmock.soak.shard.fleet import ShardFleet
from iotmock.soak.shard.leaving import clear_statuses
from iotmock.soak.shard.order import (
    End,
    Go,
    Instruction,
    Leave,
    Ready,
    ShardOrder,
    Word,
)
from iotmock.soak.shard.phases import ShardPhases
from iotmock.soak.shard.settings import settings_of
from iotmock.soak.shard.stepping import Stepping
from iotmock.soak.stores.polling import until

Say = Callable[[Word], Awaitable[None]]
_AHEAD_S = 0.02
"""How long before a second is full the counts are taken: all of them have earlier timestamps."""
_RETRY_S = 0.1
_LATE_S = 1.0
_CLEARING_S = 10.0
_CONNECT_S = 10.0
"""What connections may take longer than by their rate; then the run begins without the rest."""


async def run_shard(
    order: ShardOrder,
    instructions: trio.MemoryReceiveChannel[Instruction],
    say: Say,
    leaving: trio.Event,
) -> None:
    """Run a shard: say `Ready`, wait for `Go`, say `Progress` each second, then what was sent.

    Once it is `leaving` it waits for nothing any more, and leaves nothing at the broker.

    Raises:
        SettingsError, ServiceError: it can not run.
    """
    settings = settings_of(order)
    try:
        await _run(order, settings, instructions, say, leaving)
    finally:
        if leaving.is_set():
            await clear_statuses(order, settings)


async def _run(
    order: ShardOrder,
    settings: Settings,
    instructions: trio.MemoryReceiveChannel[Instruction],
    say: Say,
    leaving: trio.Event,
) -> None:
    async with run_service(settings) as service:
        shard = Shard(order, service)
        early = await _until_told(instructions, shard.prepare)
        await say(Ready(len(service.system.supervisor)))
        match early or await instructions.receive():
            case Go(at=at):
                await shard.run(at, instructions, say)
            case End() | Leave():
                pass
        await shard.finish(say, leaving)


async def _until_told(
    instructions: trio.MemoryReceiveChannel[Instruction], run: Callable[[], Awaitable[None]]
) -> Instruction | None:
    """Run, but leave off when there is an instruction, and return that."""
    told: list[Instruction] = []

    async def listen() -> None:
        told.append(await instructions.receive())
        nursery.cancel_scope.cancel()

    async with trio.open_nursery() as nursery:
        nursery.start_soon(listen)
        await run()
        nursery.cancel_scope.cancel()
    return told[0] if told else None


async def _cancel_when(told: trio.Event, scope: trio.CancelScope) -> None:
    await told.wait()
    scope.cancel()


@define(eq=False)
class Shard:
    """A service that runs a part of a scenario."""

    order: ShardOrder
    service: Running
    fleet: ShardFleet = field(init=False)
    phases: ShardPhases = field(init=False)
    stepping: Stepping = field(init=False)
    account: ShardAccount = field(init=False)
    _at: float = field(factory=time.time)
    """When the run began, Unix s."""

    def __attrs_post_init__(self) -> None:
        system = self.service.system
        self.fleet = ShardFleet(self.order, system)
        self.phases = ShardPhases(self.order, system, self.service.connect_rate)
        self.stepping = Stepping(self.order, system, self.fleet, self.phases)
        self.account = ShardAccount(self.service, self.fleet, self.phases, self.stepping)

    async def prepare(self) -> None:
        """Make what stands at the start and wait until it is connected; time does not run yet."""
        system = self.service.system
        system.pacer.stop()
        await self.fleet.follow(0.0)
        links = system.links.statistics
        took_s = links().connections / self.order.scenario.fleet.connect_rate
        with trio.move_on_after(took_s + _CONNECT_S):
            await until(lambda: links().is_whole)
        if (now := links()) and not now.is_whole:
            missing = now.connections - now.connected
            why = f": {now.last_error}" if now.last_error else ""
            self.phases.notes.append(
                f"begins without {missing:,} of {now.connections:,} connections{why}"
            )

    async def run(
        self, at: float, instructions: trio.MemoryReceiveChannel[Instruction], say: Say
    ) -> None:
        """Run from `at`, Unix s, to the end of the schedule, or until `End`."""
        self._at = at
        await trio.sleep(max(0.0, at - time.time()))
        if self.order.scenario.load.by_hand:
            await self._run_by_hand(at, instructions, say)
            return
        pacer, late_s = self.service.system.pacer, time.time() - at
        began, speed = trio.current_time() - late_s, self.order.scenario.load.pace
        self.account.began = first = pacer.clock.now() - late_s * speed
        pacer.ends_at = first + self.fleet.schedule.length_s * speed
        if self.order.life:
            await self.fleet.follow(late_s)
            pacer.start()  # what was due while it was dead is not made up for
        else:
            pacer.start(first)
        with trio.move_on_at(began + self.fleet.schedule.length_s) as schedule:
            async with trio.open_nursery() as nursery:
                nursery.start_soon(self.fleet.run, began)
                nursery.start_soon(self.phases.run, began)
                nursery.start_soon(self._report, say)
                await instructions.receive()
                nursery.cancel_scope.cancel()
        if schedule.cancelled_caught:  # a tick that was due just now may be a little late
            with trio.move_on_after(_LATE_S):
                await until(lambda: pacer.has_ended)
        pacer.stop()

    async def _run_by_hand(
        self, at: float, instructions: trio.MemoryReceiveChannel[Instruction], say: Say
    ) -> None:
        """Step through all of it; messages have times from `at` on, as in every run."""
        pacer = self.service.system.pacer
        pacer.clock.begin_at(at)
        self.account.began = at
        pacer.start(at)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._report, say)
            await _until_told(instructions, partial(self.stepping.run, at))
            nursery.cancel_scope.cancel()
        pacer.stop()

    async def _report(self, say: Say) -> None:
        """Say where it is at each full second of the run, as every shard and the receiver do."""
        while True:
            now = time.time() - self._at + _AHEAD_S
            second = floor(now) + 1
            await trio.sleep(second - now)
            self.account.note(second)
            await say(self.account.progress())

    async def finish(self, say: Say, leaving: trio.Event) -> None:
        """Have the broker get what waits, say what was sent, and leave nothing behind."""
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._report, say)
            nursery.start_soon(_cancel_when, leaving, nursery.cancel_scope)
            await self._drain(self.order.scenario.verify.drain)
            nursery.cancel_scope.cancel()
        for word in self.account.sent():
            await say(word)
        for faults in await self.account.faults():
            await say(faults)
        await say(self.account.final())
        await self.fleet.take_all_down()
        await self._drain(_CLEARING_S)

    async def _drain(self, seconds: float) -> None:
        with trio.move_on_after(seconds):
            while True:
                try:
                    await self.service.system.publisher.wait_drained()
                except WireDownError:
                    await trio.sleep(_RETRY_S)
                else:
                    return
