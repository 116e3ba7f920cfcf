"""The coordinator: starts receiver and shards, lets them run, and puts together what came of it."""

import time
from datetime import UTC, datetime
from functools import partial
from math import ceil
from pathlib import Path
from secrets import token_hex

import trio
from attrs import define, field
from msgspec.structs import replace

from iotmock import __version__
from iotmock.soak.broker.ready import Prepared
from iotmock.soak.receiver.receipts import Receipts
from iotmock.soak.report.measures import RunResult
from iotmock.soak.report.terminal.view import View
from iotmock.soak.run import outcome
from iotmock.soak.run.broker_command import ShellCommand
from iotmock.soak.run.checks import stores
from iotmock.soak.run.checks.alarms import AlarmJudge
from iotmock.soak.run.commander import Commander
from iotmock.soak.run.leftovers import leftover_topics
from iotmock.soak.run.monitor import Monitor
from iotmock.soak.run.observer import Observer, config_of
from iotmock.soak.run.processes.machine import this_machine
from iotmock.soak.run.processes.shards import Place
from iotmock.soak.run.processes.workers import Workers
from iotmock.soak.scenario.scenario import Scenario
from iotmock.soak.scenario.timeline import BrokerCommand
from iotmock.soak.shard.settings import SHUTDOWN_S

_LEAD_S = 0.3
"""From the word to all shards until they begin, at the least, so that they begin together.

They do with a full second, as readings may be stamped with full seconds: so it is clear which of
them belong to a second of the run.
"""
_CLEARING_S = 10.0
"""What the broker may take to forget what was retained."""


@define(eq=False)
class Soak:
    """A run of a scenario, whose secrets are in it, with its logs in a folder."""

    prepared: Prepared
    view: View
    folder: Path
    place: Place
    shards: int = 1
    run_id: str = field(factory=partial(token_hex, 4))
    workers: Workers = field(init=False)
    observer: Observer = field(init=False)
    commander: Commander = field(init=False)
    monitor: Monitor = field(init=False)
    alarms: AlarmJudge = field(init=False)
    interrupted: bool = False
    _started: float = 0.0

    @property
    def scenario(self) -> Scenario:
        """What is run."""
        return self.prepared.scenario

    def __attrs_post_init__(self) -> None:
        scenario, run_id, folder = self.scenario, self.run_id, self.folder
        self.workers = Workers(scenario, run_id, self.shards, self.place)
        self.observer = Observer(config_of(scenario, run_id), folder / "receiver.log")
        self.commander = Commander(scenario, run_id)
        self.monitor = Monitor(scenario, self.workers, self.observer, self.view)
        self.alarms = AlarmJudge(scenario, run_id, partial(self.monitor.note, "alarms"))
        for note in self.prepared.notes:
            self.monitor.note("note", note)

    async def run(self) -> RunResult:
        """Run it to its end, or until `interrupt`, and return what came of it.

        Raises:
            SoakError: the environment is not right; nothing ran. It comes in an exception group.
        """
        async with trio.open_nursery() as nursery:
            await stores.ask(self.scenario)
            await nursery.start(self.commander.listen)
            await nursery.start(self.alarms.listen)
            try:
                result = await self._generate()
            finally:
                with trio.move_on_after(_CLEARING_S, shield=True):
                    await self.commander.clear(leftover_topics(self.workers))
            nursery.cancel_scope.cancel()
        return result

    async def _generate(self) -> RunResult:
        """Run it with a receiver and workers, none of which is left afterwards."""
        async with trio.open_nursery() as nursery:
            await self.observer.start(nursery)
            await self.workers.start(nursery)
            duration_s = await self._run_to_its_end()
            result = await self._conclude(duration_s)
            with trio.move_on_after(SHUTDOWN_S):
                await self.workers.wait_ended()
            nursery.cancel_scope.cancel()
        return result

    async def _run_to_its_end(self) -> float:
        async with trio.open_nursery() as nursery:
            await self._begin(nursery)
            await self.workers.wait_done()
            await self.commander.wait_answered()
            duration_s = self.monitor.now_s
            nursery.cancel_scope.cancel()
        return duration_s

    async def interrupt(self) -> None:
        """End it in order, before its time."""
        self.interrupted = True
        self.monitor.note("interrupted", "interrupted")
        await self.workers.end()

    async def _begin(self, nursery: trio.Nursery) -> None:
        self._started = float(ceil(time.time() + _LEAD_S))
        self.monitor.begin(self._started)
        began = self.monitor.began
        await self.observer.begin(self._started)
        await self.workers.go(self._started)
        if self.interrupted:
            return
        nursery.start_soon(self.monitor.run)
        nursery.start_soon(self.monitor.planned.announce, began)
        nursery.start_soon(self._end_without_receiver)
        for place, phase in enumerate(self.scenario.phases):
            if isinstance(phase, BrokerCommand):
                nursery.start_soon(self._run_command, place, phase, began)
        for place in range(len(self.scenario.campaigns)):
            nursery.start_soon(self.commander.campaign, place, began)

    async def _end_without_receiver(self) -> None:
        """End the run when the receiver dies: the rest of it would prove nothing."""
        await self.observer.died.wait()
        self.monitor.note("outage", f"the receiver died: {self.observer.why}")
        await self.workers.end()

    async def _run_command(self, place: int, phase: BrokerCommand, began: float) -> None:
        await trio.sleep_until(began + phase.at)
        output = self.folder / f"broker-command-{place}.log"
        if (problem := await ShellCommand(phase, output).run()) is not None:
            self.monitor.note("broker_command", problem)

    async def _conclude(self, duration_s: float) -> RunResult:
        self.workers.close(duration_s)
        sent = {device: count for state in self.workers for device, count in state.sent.items()}
        receipts = await self.observer.finish(sent, self.scenario.verify.drain)
        self.monitor.look_last()
        await self.observer.dismiss()
        checks = await stores.check(self.scenario, self.workers, sent, self._started, duration_s)
        alarms = await self.alarms.check(self.workers, duration_s)
        result = self._result(duration_s, sent, receipts)
        return replace(result, store_checks=checks, alarm_check=alarms)

    def _result(
        self,
        duration_s: float,
        sent: dict[str, int],
        receipts: Receipts,
    ) -> RunResult:
        scenario, load, states = self.scenario, self.scenario.load, self.workers.states
        return RunResult(
            scenario=scenario,
            version=__version__,
            seed=scenario.fleet.seed,
            started=datetime.fromtimestamp(self._started, UTC).isoformat(timespec="seconds"),
            duration_s=duration_s,
            samples=self.monitor.samples,
            totals=outcome.totals(states, receipts, self.commander.account),
            latencies=outcome.latencies(states, receipts, self.commander.account),
            groups=list(outcome.groups(scenario, receipts, sent)),
            worst_devices=list(outcome.worst(receipts)),
            events=sorted(self.monitor.events, key=lambda event: event.t),
            workers=list(outcome.workers(states)),
            interrupted=self.interrupted,
            receiver_died=self.observer.why,
            machine=this_machine(),
            broker_software=self.prepared.broker_software,
            settled_s=scenario.fleet.count / load.ramp_up if load.ramp_up else 0.0,
        )
