"""The coordinator: starts receiver and shards, lets them run, and puts together what came of it."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from secrets import token_hex

import trio
from attrs import define, field

from iotmock import __version__
from iotmock.mqtt.topics import mock_status_topic
from iotmock.soak.live import View
from iotmock.soak.measures import RunResult, StoreCheck
from iotmock.soak.receipts import Receipts
from iotmock.soak.run import outcome
from iotmock.soak.run.commander import Commander
from iotmock.soak.run.error import SoakError
from iotmock.soak.run.monitor import Monitor
from iotmock.soak.run.observer import Observer, config_of
from iotmock.soak.run.shards import Place
from iotmock.soak.run.workers import Workers
from iotmock.soak.scenario import Scenario
from iotmock.soak.shard.settings import SHUTDOWN_S, client_id_of, pool_size
from iotmock.soak.stored import StoreError
from iotmock.soak.stores import ask_stores, check_stores
from iotmock.soak.timeline import BrokerCommand

_LEAD_S = 0.3
"""From the word to all shards until they begin, so that they begin together."""


@define(eq=False)
class Soak:
    """A run of a scenario, whose secrets are in it, with its logs in a folder."""

    scenario: Scenario
    view: View
    folder: Path
    place: Place
    shards: int = 1
    run_id: str = field(factory=partial(token_hex, 4))
    workers: Workers = field(init=False)
    observer: Observer = field(init=False)
    commander: Commander = field(init=False)
    monitor: Monitor = field(init=False)
    interrupted: bool = False
    _started: float = 0.0

    def __attrs_post_init__(self) -> None:
        scenario, run_id, folder = self.scenario, self.run_id, self.folder
        self.workers = Workers(scenario, run_id, self.shards, self.place)
        self.observer = Observer(config_of(scenario, run_id), folder / "receiver.log")
        self.commander = Commander(scenario, run_id)
        self.monitor = Monitor(scenario, self.workers, self.observer, self.view)

    async def run(self) -> RunResult:
        """Run it to its end, or until `interrupt`, and return what came of it.

        Raises:
            SoakError: the environment is not right; nothing ran. It comes in an exception group.
        """
        async with trio.open_nursery() as nursery:
            await self._ask_stores()
            await nursery.start(self.commander.listen)
            await self.observer.start(nursery)
            await self.workers.start(nursery)
            async with trio.open_nursery() as running:
                await self._begin(running)
                await self.workers.wait_done()
                await self.commander.wait_answered()
                duration_s = self.monitor.now_s
                running.cancel_scope.cancel()
            result = await self._conclude(duration_s)
            with trio.move_on_after(SHUTDOWN_S):
                await self.workers.wait_ended()
                await self.commander.clear(*self._status_topics())
            nursery.cancel_scope.cancel()
        return result

    def _status_topics(self) -> Iterator[str]:
        """Yield where the shards' connections have said whether they live."""
        pool = range(1, pool_size(self.scenario) + 1)
        for state in self.workers:
            name = client_id_of(self.scenario, self.run_id, state.number)
            yield mock_status_topic(name)
            yield from (mock_status_topic(f"{name}-{place}") for place in pool)

    async def _ask_stores(self) -> None:
        try:
            await ask_stores(self.scenario.verify)
        except StoreError as error:
            raise SoakError(str(error)) from error

    async def interrupt(self) -> None:
        """End it in order, before its time."""
        self.interrupted = True
        self.monitor.note("interrupted", "interrupted")
        await self.workers.end()

    async def _begin(self, nursery: trio.Nursery) -> None:
        self._started = time.time() + _LEAD_S
        self.monitor.begin(self._started)
        began = self.monitor.began
        await self.workers.go(self._started)
        if self.interrupted:
            return
        nursery.start_soon(self.monitor.run)
        nursery.start_soon(self.monitor.announce)
        nursery.start_soon(self._end_without_receiver)
        for phase in self.scenario.phases:
            if isinstance(phase, BrokerCommand):
                nursery.start_soon(self._run_command, phase, began)
        for place in range(len(self.scenario.campaigns)):
            nursery.start_soon(self.commander.campaign, place, began)

    async def _end_without_receiver(self) -> None:
        """End the run when the receiver dies: the rest of it would prove nothing."""
        await self.observer.died.wait()
        self.monitor.note("outage", f"the receiver died: {self.observer.why}")
        await self.workers.end()

    async def _run_command(self, phase: BrokerCommand, began: float) -> None:
        await trio.sleep_until(began + phase.at)
        with trio.move_on_after(phase.timeout) as scope:
            ended = await trio.run_process(
                ["/bin/sh", "-c", phase.command],
                capture_stdout=True,
                capture_stderr=True,
                check=False,
            )
            if ended.returncode:
                why = ended.stderr.decode(errors="replace").strip().splitlines()[-1:]
                text = ": ".join([f"{phase.label} ended with {ended.returncode}", *why])
                self.monitor.note("broker_command", text)
        if scope.cancelled_caught:
            self.monitor.note("broker_command", f"{phase.label} took too long and was killed")

    async def _conclude(self, duration_s: float) -> RunResult:
        sent = {device: count for state in self.workers for device, count in state.sent.items()}
        receipts = await self.observer.finish(sent, self.scenario.verify.drain)
        self.monitor.look_last()
        await self.observer.dismiss()
        checks = await self._check_stores(sent, duration_s)
        return self._result(duration_s, sent, receipts, checks)

    async def _check_stores(self, sent: dict[str, int], duration_s: float) -> list[StoreCheck]:
        marked = {device: count for state in self.workers for device, count in state.marked.items()}
        # Messages have the time of the simulation, which begins now and runs at its own speed.
        end = self._started + duration_s * self.scenario.load.speed
        return await check_stores(self.scenario.verify, sent, self._started, end, spoiled=marked)

    def _result(
        self,
        duration_s: float,
        sent: dict[str, int],
        receipts: Receipts,
        checks: list[StoreCheck],
    ) -> RunResult:
        scenario, load, states = self.scenario, self.scenario.load, self.workers.states
        return RunResult(
            store_checks=checks,
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
            settled_s=scenario.fleet.count / load.ramp_up if load.ramp_up else 0.0,
        )
