"""A small fleet under test: real actors around a registry and a wire that are only remembered."""

from collections.abc import (
    AsyncGenerator,
    AsyncIterator,
    Awaitable,
    Callable,
    Iterator,
    Mapping,
    Sequence,
)
from contextlib import asynccontextmanager
from functools import partial
from math import inf
from typing import Any

import msgspec
import trio
from attrs import define, field
from trio.testing import wait_all_tasks_blocked

from iotmock.actors.definitions.roster import Roster
from iotmock.actors.devices.sides.surroundings import Surroundings
from iotmock.actors.devices.supervisor import Supervisor
from iotmock.actors.errors import WireDownError
from iotmock.actors.fleets.counter_blocks import CounterBlocks
from iotmock.actors.fleets.fleets import Fleets
from iotmock.actors.messages import Incoming, Kind, Outgoing
from iotmock.actors.outbox.publisher import Publisher
from iotmock.actors.ports.ledger_file import Page, SeenFault
from iotmock.actors.ports.registry_file import Batch
from iotmock.actors.ports.wire import Terms, Whose
from iotmock.actors.records.ledger import Ledger
from iotmock.actors.records.registry_writer import RegistryWriter
from iotmock.actors.routers.command_router import CommandRouter
from iotmock.actors.routers.fault_router import FaultRouter
from iotmock.actors.stream.hub import Hub
from iotmock.actors.time.clock import Clock
from iotmock.actors.time.full_speed import FullSpeed
from iotmock.actors.time.pacer import Pacer
from iotmock.dialects.native.dialect import Native
from iotmock.model.commands import Applied, Command, Outcome
from iotmock.model.families import built_in
from iotmock.model.family import Catalogue, DeviceType
from iotmock.model.faults.entry import FaultEntry, changed_entries
from iotmock.model.faults.notes import Affected, Note, Opened
from iotmock.model.numbers.noise import Noise
from iotmock.model.site.site import Conditions
from iotmock.model.site.sites import Sites
from iotmock.model.spec import DeviceRecord, Setting

MOST_IN_FLEETS = 5_000
NOON = 1_754_913_600.0  # Monday 2025-08-11 12:00 UTC


@define(eq=False)
class RememberedFile:
    """A registry file that remembers batches, and can be made to fail or to wait for `hold`."""

    batches: list[Batch] = field(factory=list)
    failure: OSError | None = None
    hold: trio.Event | None = None

    async def write(self, batch: Batch) -> None:
        await trio.lowlevel.checkpoint()
        if self.hold is not None:
            await self.hold.wait()
        if self.failure is not None:
            raise self.failure
        self.batches.append(batch)


@define(eq=False)
class RememberedLedger:
    """A ledger file that remembers notes, and can be made to fail or to wait for `hold`."""

    notes: list[Note] = field(factory=list)
    writes: int = 0
    failure: OSError | None = None
    unreadable: OSError | None = None
    hold: trio.Event | None = None

    async def write(self, notes: Sequence[Note]) -> None:
        await trio.lowlevel.checkpoint()
        if self.hold is not None:
            await self.hold.wait()
        if self.failure is not None:
            raise self.failure
        self.writes += bool(notes)
        self.notes += notes

    async def find(self, page: Page) -> tuple[list[FaultEntry], int]:
        await trio.lowlevel.checkpoint()
        if self.unreadable is not None:
            raise self.unreadable
        return list(changed_entries(self.notes)), len(self.notes)

    async def seen(self) -> list[SeenFault]:
        await trio.lowlevel.checkpoint()
        touched = {note.fault_id: note.time for note in self.notes if isinstance(note, Affected)}
        opened = [note.injection for note in self.notes if isinstance(note, Opened)]
        return [
            SeenFault(one.device_id, one.fault.name, one.begin, touched[one.fault_id])
            for one in opened
            if one.fault_id in touched
        ]


@define(eq=False)
class RememberedConnection:
    """A connection that remembers what it took; `window` is how much it still takes."""

    window: int = 1_000_000
    taken: list[Outgoing] = field(factory=list)
    acknowledged: int = 0
    refused: int = 0
    outdated: int = 0
    arrivals: Sequence[Incoming] = ()
    lost: trio.Event = field(factory=trio.Event)
    opened: trio.Event = field(factory=trio.Event)
    flushes: int = 0
    unheard: Sequence[Whose] = ()
    followed: list[str] = field(factory=list)
    waits: bool = False
    introduced: int = 0
    """How often it has said what comes before births."""

    async def introduce(self) -> None:
        await trio.lowlevel.checkpoint()
        self.introduced += 1

    async def hear_more(self) -> bool:
        await trio.lowlevel.checkpoint()
        return True

    def unanswered(self) -> Iterator[tuple[Kind, str]]:
        for message in self.taken[self.acknowledged :]:
            yield message.kind, message.device_id

    async def follow(self, whose: Whose, device_ids: Sequence[str]) -> Sequence[str]:
        await trio.lowlevel.checkpoint()
        self.followed += device_ids
        return device_ids

    async def leave(self, whose: Whose, device_ids: Sequence[str]) -> None:
        await trio.lowlevel.checkpoint()
        for device_id in device_ids:
            self.followed.remove(device_id)

    @property
    def in_flight(self) -> int:
        return len(self.taken) - self.acknowledged

    def oldest_s(self, now: float) -> float:
        return 0.0

    def offer(self, messages: Sequence[Outgoing]) -> int:
        taken = messages[: self.window]
        self.taken += taken
        self.window -= len(taken)
        return len(taken)

    def acknowledge_all(self) -> None:
        self.acknowledge(self.in_flight)

    def acknowledge(self, count: int) -> None:
        self.window += count
        self.acknowledged += count
        self.opened.set()
        self.opened = trio.Event()

    async def flush(self) -> None:
        self.flushes += 1
        await trio.lowlevel.checkpoint()
        if self.lost.is_set():
            raise WireDownError("the test cut it")

    async def wait_window(self) -> None:
        await trio.lowlevel.checkpoint()
        while not self.window:
            await self.opened.wait()

    async def wait_settled(self) -> None:
        await trio.lowlevel.checkpoint()
        while self.in_flight:
            await self.opened.wait()

    async def incoming(self) -> AsyncGenerator[Incoming, None]:
        for message in self.arrivals:
            yield message
        await self.lost.wait()
        raise WireDownError("the test cut it")


@define(eq=False)
class NoPlace:
    """What a wire has beside its connections."""

    address: str = field(default="mqtt://nowhere", init=False)
    is_heard: bool = field(default=True, init=False)
    dropped: int = field(default=0, init=False)
    renews_at: float = field(default=inf, init=False)
    terms: Terms = field(factory=Terms, init=False)

    def drop(self) -> None:
        pass


@define(eq=False)
class Plain:
    """A family that draws its base power, and raises when it is told to."""

    failing: list[Exception]

    def step(self, site: Conditions, dt_s: float) -> float:
        if self.failing:
            raise self.failing[0]
        return 1.0

    def power_factor(self) -> float:
        return 1.0

    def apply(self, command: Command) -> Outcome:
        return Applied()

    def settings(self) -> dict[str, Setting]:
        return {}

    def restore(self, settings: Mapping[str, Setting]) -> None:
        pass


def plain_type(failing: list[Exception]) -> DeviceType:
    def build(noise: Noise, variation: float) -> Plain:
        return Plain(failing)

    return DeviceType("plain", "Plain", "Draws its base power.", 10.0, 240.0, 1, build)


@define(eq=False)
class Rig:
    """The actors of a service, and how to look at what they did."""

    clock: Clock
    file: RememberedFile
    registry: RegistryWriter
    publisher: Publisher
    pacer: Pacer
    supervisor: Supervisor
    router: CommandRouter
    fleets: Fleets
    failing: list[Exception]
    ledger: Ledger
    ledger_file: RememberedLedger
    faults: FaultRouter
    pacing: trio.CancelScope = field(factory=trio.CancelScope)
    """Ends the pacer alone."""

    def sent(self, kind: Kind, device_id: str | None = None) -> list[dict[str, Any]]:
        """What was accepted for the broker and not taken yet, decoded."""
        waiting = [*self.publisher._first.values(), *self.publisher._waiting]
        return [
            msgspec.json.decode(message.payload or b"null")
            for message in waiting
            if message.kind is kind and device_id in {None, message.device_id}
        ]


def assemble(backlog: int = 1_000_000, interval: float = 5.0) -> Rig:
    clock = Clock(NOON - trio.current_time())
    file, failing = RememberedFile(), list[Exception]()
    registry, publisher = RegistryWriter(file), Publisher(backlog)
    pacer = Pacer(clock, interval)
    catalogue: Catalogue = built_in()
    catalogue.add(plain_type(failing))
    ledger_file = RememberedLedger()
    hub = Hub()
    ledger = Ledger(ledger_file, hub=hub)
    around = Surroundings(clock, publisher, registry, pacer, ledger, hub=hub, dialect=Native())
    roster = Roster(most=MOST_IN_FLEETS)
    supervisor = Supervisor(catalogue, Sites(7, 0.1), around, roster=roster)
    pacer.full_speed = FullSpeed(clock, publisher, partial(registry.write_now, supervisor.counters))
    router = CommandRouter(supervisor, publisher)
    registry.blocks = blocks = CounterBlocks(supervisor.roster, supervisor)
    return Rig(
        clock,
        file,
        registry,
        publisher,
        pacer,
        supervisor,
        router,
        Fleets(supervisor, blocks),
        failing,
        ledger,
        ledger_file,
        FaultRouter(supervisor),
    )


async def given_up(rig: Rig, ask: Callable[[], Awaitable[object]]) -> None:
    """Ask, and be cancelled while the file is being written."""
    rig.file.hold = trio.Event()
    async with trio.open_nursery() as nursery:
        nursery.start_soon(ask)
        await wait_all_tasks_blocked()
        nursery.cancel_scope.cancel()
    rig.file.hold.set()
    rig.file.hold = None
    await wait_all_tasks_blocked()


@asynccontextmanager
async def running(
    rig: Rig, *, paced: bool = True, records: Sequence[DeviceRecord] = ()
) -> AsyncIterator[Rig]:
    """Run the actors during the block; a hang becomes a failure."""
    with trio.fail_after(100_000):
        async with trio.open_nursery() as nursery:
            nursery.start_soon(rig.registry.run, rig.supervisor.counters)
            nursery.start_soon(rig.ledger.run)
            await nursery.start(rig.supervisor.run, records)
            await nursery.start(rig.fleets.run)
            if paced:
                nursery.start_soon(_pace, rig)
            yield rig
            nursery.cancel_scope.cancel()


async def _pace(rig: Rig) -> None:
    with rig.pacing:
        await rig.pacer.run()
