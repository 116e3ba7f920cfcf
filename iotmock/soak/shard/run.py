"""The run of a shard: a service with its part of the fleet, from `Go` to the last receipts."""

import os
import time
from collections.abc import Awaitable, Callable, Iterator
from itertools import islice
from pathlib import Path

import trio
from attrs import define, field

from iotmock.actors.errors import WireDownError
from iotmock.service import Running, run_service
from iotmock.soak.polling import until
from iotmock.soak.shard.fleet import ShardFleet
from iotmock.soak.shard.order import (
    End,
    Final,
    Go,
    Instruction,
    Progress,
    Ready,
    Sent,
    ShardOrder,
    Word,
)
from iotmock.soak.shard.phases import ShardPhases
from iotmock.soak.shard.settings import settings_of

Say = Callable[[Word], Awaitable[None]]
_PROGRESS_S = 1.0
_RETRY_S = 0.1
_LATE_S = 1.0
_COUNTS_IN_A_WORD = 10_000
_CLEARING_S = 10.0
_CONNECT_S = 10.0
"""What connections may take longer than by their rate; then the run begins without the rest."""
_PAGE = os.sysconf("SC_PAGE_SIZE")


async def run_shard(
    order: ShardOrder, instructions: trio.MemoryReceiveChannel[Instruction], say: Say
) -> None:
    """Run a shard: say `Ready`, wait for `Go`, say `Progress` each second, then what was sent.

    Raises:
        SettingsError, ServiceError: it can not run.
    """
    async with run_service(settings_of(order)) as service:
        shard = Shard(order, service)
        early = await _until_told(instructions, shard.prepare)
        await say(Ready(len(service.system.supervisor)))
        match early or await instructions.receive():
            case Go(at=at):
                await shard.run(at, instructions, say)
            case End():
                pass
        await shard.finish(say)


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


@define(eq=False)
class Shard:
    """A service that runs a part of a scenario."""

    order: ShardOrder
    service: Running
    fleet: ShardFleet = field(init=False)
    phases: ShardPhases = field(init=False)

    def __attrs_post_init__(self) -> None:
        system = self.service.system
        self.fleet = ShardFleet(self.order, system)
        self.phases = ShardPhases(self.order, system, self.service.connect_rate)

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
        await trio.sleep(max(0.0, at - time.time()))
        pacer, late_s = self.service.system.pacer, time.time() - at
        began, speed = trio.current_time() - late_s, self.order.scenario.load.speed
        first = pacer.clock.now() - late_s * speed
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

    async def _report(self, say: Say) -> None:
        while True:
            await say(self.progress())
            await trio.sleep(_PROGRESS_S)

    async def finish(self, say: Say) -> None:
        """Have the broker get what waits, say what was sent, and leave nothing behind."""
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._report, say)
            await self._drain(self.order.scenario.verify.drain)
            nursery.cancel_scope.cancel()
        numbering = self.service.system.supervisor.around.numbering
        assert numbering is not None, "a shard's messages are stamped"  # noqa: S101
        for counts in _parts(numbering.counts):
            marked = {name: numbering.marked[name] for name in counts if name in numbering.marked}
            await say(Sent(counts, marked))
        await say(self._final())
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

    def progress(self) -> Progress:
        """Return where the shard is."""
        system, ticks = self.service.system, self.service.system.pacer.statistics()
        out, links = system.publisher.statistics(), system.links.statistics()
        numbering = system.supervisor.around.numbering
        return Progress(
            at=time.time(),
            devices=len(system.supervisor),
            due=ticks.due + self.fleet.late_due,
            done=ticks.done,
            numbered=sum(numbering.counts.values()) if numbering else 0,
            accepted=out.accepted,
            acknowledged=out.acknowledged,
            refused=out.refused,
            backlog=out.backlog,
            unsent=system.publisher.waiting_data(),
            waiting=out.waiting,
            dropped=out.dropped,
            connections=links.connections,
            connected=links.connected,
            connects=links.connects,
            connect_failures=links.connect_failures,
            last_error=links.last_error,
            lateness_p50_s=ticks.lateness_p50_s,
            lateness_p99_s=ticks.lateness_p99_s,
            memory_mb=int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE / 1e6,
            cpu_s=time.process_time(),
            notes=list(self.phases.notes),
        )

    def _final(self) -> Final:
        lateness = self.service.system.pacer.counts.lateness
        stamping = self.service.stamping
        assert stamping is not None, "a shard's messages are stamped"  # noqa: S101
        return Final(
            progress=self.progress(),
            lateness_counts=lateness.counts,
            lateness_max_s=lateness.max_s,
            acknowledged_histogram=stamping.acknowledged.encoded(),
        )


def _parts(counts: dict[str, int]) -> Iterator[dict[str, int]]:
    items = iter(counts.items())
    while part := dict(islice(items, _COUNTS_IN_A_WORD)):
        yield part
