"""The composition root: opens the nurseries, wires the actors, owns start and shutdown."""

import signal
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from os import getpid, kill
from typing import Any

import structlog
import trio
from attrs import define, field, frozen

from iotmock import __version__
from iotmock.actors.collector import Collector
from iotmock.actors.definitions.draft import GroupDraft, InvalidFleetError
from iotmock.actors.devices.device import Surroundings
from iotmock.actors.devices.supervisor import Supervisor
from iotmock.actors.errors import FleetExistsError, StorageError, WireDownError
from iotmock.actors.fleets.counter_blocks import CounterBlocks
from iotmock.actors.fleets.fleets import Fleets
from iotmock.actors.health import Health
from iotmock.actors.journal import Journal
from iotmock.actors.links.connect_rate import ConnectRate
from iotmock.actors.links.delivery import Delivery
from iotmock.actors.outbox.undelivered import undelivered
from iotmock.actors.records.last_seen import LastSeen
from iotmock.actors.records.ledger import Ledger
from iotmock.actors.records.registry_writer import RegistryWriter
from iotmock.actors.records.trimmer import Trimmer
from iotmock.actors.routers.command_router import CommandRouter
from iotmock.actors.routers.fault_router import FaultRouter
from iotmock.actors.routers.platform_mirror import PlatformMirror
from iotmock.actors.stream.hub import Hub
from iotmock.actors.system import System
from iotmock.actors.time.clock import Clock
from iotmock.actors.time.full_speed import FullSpeed
from iotmock.actors.time.pacer import Pacer
from iotmock.metrics.http import HttpCounts
from iotmock.metrics.wire import WireMeters
from iotmock.model.families import installed
from iotmock.model.family import Catalogue
from iotmock.model.faults.active import Closed
from iotmock.model.faults.plan import FaultProfile
from iotmock.model.fleet import FLEET_OF_SETTINGS
from iotmock.model.site.site import Sites
from iotmock.rest.app import make_app
from iotmock.rest.gate.gate import Gate
from iotmock.rest.server import Limits, Server, affordable, listen
from iotmock.service.ground.access import make_gate, warn_of_open_doors
from iotmock.service.ground.connections import Wiring, wire_up
from iotmock.service.ground.listening import listening_socket, url_of
from iotmock.service.ground.local_broker import LocalBroker, local_broker
from iotmock.service.ground.memory import bytes_left
from iotmock.settings.settings import Settings, ledger_path
from iotmock.signals import ending_signals
from iotmock.storage import FaultLedger, Registry
from iotmock.verification.stamp import Numbering
from iotmock.wire import Stamping, topic_of

log = structlog.get_logger()

DEFAULT_TYPES = ("hvac", "lighting", "server", "industrial", "appliance")
_LAST_WRITE_S = 10.0
_LAST_RESULTS_S = 2.0
"""How long an end waits for results of commands that are not saved yet."""


class ServiceError(Exception):
    """The service can not start, and what to do."""


class InterruptedStartError(Exception):
    """A signal ended the start; `code` is the exit code that a shell shows for it."""

    def __init__(self, number: int) -> None:
        super().__init__("interrupted while starting")
        self.code = 128 + number


@frozen
class Running:
    """A service that has started."""

    system: System
    port: int
    stop: trio.Event
    connect_rate: ConnectRate
    stamping: Stamping | None


async def serve_until_signal(settings: Settings) -> None:
    """Serve until SIGTERM, SIGINT or SIGHUP; a second signal ends the process at once.

    Raises:
        InterruptedStartError: the signal came before the service was there.
        ServiceError, SettingsError, RegistryFileError, EmbeddedBrokerError: it can not start, and
            why.
    """
    end = _End()
    async with trio.open_nursery() as nursery:
        await nursery.start(_heed_signals, end)
        with end.of_start:
            async with run_service(settings) as service:
                end.stop = service.stop
                await service.stop.wait()
                log.info("stopping")
        nursery.cancel_scope.cancel()
    if end.of_start.cancelled_caught:
        raise InterruptedStartError(end.signal)
    log.info("stopped")


@define
class _End:
    """What a signal asks for: of a start that it is cancelled, of a service that it stops."""

    of_start: trio.CancelScope = field(factory=trio.CancelScope)
    stop: trio.Event | None = None
    signal: int = 0

    def ask(self, number: int) -> None:
        self.signal = number
        if self.stop is None:
            self.of_start.cancel()
        else:
            self.stop.set()


async def _heed_signals(
    end: _End, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED
) -> None:
    # Before anything is started: a KeyboardInterrupt would be raised in whichever actor runs.
    with trio.open_signal_receiver(*ending_signals()) as signals:
        task_status.started()
        end.ask(await anext(signals))
        again = await anext(signals)
    signal.signal(again, signal.SIG_DFL)
    kill(getpid(), again)


@asynccontextmanager
async def run_service(
    settings: Settings, catalogue: Catalogue | None = None
) -> AsyncIterator[Running]:
    """Start everything in order; at the end of the block, end everything in the reverse order.

    Top to bottom is the start order, and indentation is the shutdown order.

    Raises:
        ServiceError, SettingsError, RegistryFileError, EmbeddedBrokerError: it can not start, and
            why.
    """
    catalogue = catalogue or installed()
    gate = make_gate(settings)
    with (
        listening_socket(settings) as listener,
        _open_registry(settings, catalogue) as file,
        _open_ledger(settings) as ledger_file,
    ):
        address, port = listener.getsockname()[:2]
        async with local_broker(settings) as broker:
            warn_of_open_doors(settings, gate, address, embedded=broker.is_wanted)
            wiring = wire_up(settings, port, embedded=broker.is_wanted)
            system = _assemble(settings, catalogue, (file, ledger_file), wiring, broker)
            async with (
                _background(system.journal.run),
                _running(Collector(system.supervisor).run),
                _writing(system),
                _living(system, settings, file),
                _noting(system, settings, ledger_file),
                _running(system.links.run),
                _background(system.delivery.run),
                _background(system.mirror.run),
                _farewell(system, settings),
                _running(system.fleets.run),
                _fleet_of_settings(system.fleets, settings),
                _background(system.pacer.run),
                _background(system.summaries.run),
                _serving(system, _server(settings, listener), _meters(wiring), gate, settings),
            ):
                log.info("serving", url=url_of(settings.host, port), **_facts(system))
                yield Running(system, port, trio.Event(), wiring.rate, wiring.stamping)


def _assemble(
    settings: Settings,
    catalogue: Catalogue,
    files: tuple[Registry, FaultLedger],
    wiring: Wiring,
    broker: LocalBroker,
) -> System:
    file, ledger_file = files
    clock = Clock.of_the_wall(settings.simulation_speed)
    registry = RegistryWriter(file)
    publisher = wiring.carrier
    if wiring.stamping is not None:
        wiring.stamping.stamper.of_day = clock.of_day
    pacer = Pacer(clock, settings.simulation_interval)
    sites = Sites(
        settings.fleet_seed,
        settings.data_variation_percent,
        settings.site_latitude,
        settings.site_timezone,
        settings.site_climate,
    )
    hub = Hub(settings.stream_listeners, topic_of)
    ledger = Ledger(ledger_file, hub=hub)
    numbering = Numbering() if settings.mqtt_stamp != "off" else None
    announces = settings.fault_topic
    around = Surroundings(clock, publisher, registry, pacer, ledger, announces, numbering, hub)
    profile = FaultProfile[settings.fault_profile.upper()]
    supervisor = Supervisor(catalogue, sites, around, profile)
    pacer.full_speed = FullSpeed(clock, publisher, partial(registry.write_now, supervisor.counters))
    journal = Journal()
    router = CommandRouter(supervisor, publisher, journal=journal)
    mirror = PlatformMirror(supervisor, settings.platform_sync_limit, journal=journal)
    registry.blocks = blocks = CounterBlocks(supervisor.roster, supervisor)
    links = wiring.links(router, mirror)
    delivery = Delivery(publisher, links)
    return System(
        clock,
        registry,
        publisher,
        pacer,
        supervisor,
        router,
        mirror,
        links,
        ledger,
        FaultRouter(supervisor),
        Fleets(supervisor, blocks, bytes_left),
        delivery,
        Health(
            (broker, links, delivery, registry, ledger, pacer.time_of_day, mirror),
            (pacer, delivery),
        ),
        journal,
    )


@asynccontextmanager
async def _living(system: System, settings: Settings, file: Registry) -> AsyncIterator[None]:
    supervisor, fleets = system.supervisor, system.fleets
    records, saved = file.load(), file.load_fleets()
    _begin_time(system.pacer, LastSeen.of(records, saved), settings)
    async with _running(supervisor.run, fleets.recall(saved, records)):
        nothing = not (len(supervisor) or len(fleets) or settings.fleet)
        if nothing and settings.default_devices:
            await _make_default_devices(supervisor)
        await system.registry.write_now(supervisor.counters)
        yield


def _begin_time(pacer: Pacer, seen: LastSeen, settings: Settings) -> None:
    if settings.simulation_now is not None:
        pacer.clock.begin_at(settings.simulation_now)
        return
    pacer.time_of_day.look_back(seen)
    if settings.simulation_start is not None:
        pacer.clock.begin_history(seen.beginning(settings.simulation_start, time.time()))


async def _make_default_devices(supervisor: Supervisor) -> None:
    try:
        for kind in DEFAULT_TYPES:
            await supervisor.create(kind, name=supervisor.catalogue.get(kind).name)
    except StorageError as error:
        raise ServiceError(f"the default devices can not be made: {error}") from error


@asynccontextmanager
async def _fleet_of_settings(fleets: Fleets, settings: Settings) -> AsyncIterator[None]:
    try:
        if settings.fleet:
            groups = [
                GroupDraft(kind, count, profile=profile) for kind, profile, count in settings.fleet
            ]
            await fleets.ensure(FLEET_OF_SETTINGS, groups)
    except InvalidFleetError as error:
        reasons = "; ".join(fault.message for fault in error.faults)
        raise ServiceError(f"FLEET can not be made: {reasons}") from error
    except (FleetExistsError, StorageError) as error:
        raise ServiceError(f"FLEET can not be made: {error}") from error
    yield


def _meters(wiring: Wiring) -> WireMeters:
    acknowledged = wiring.stamping.acknowledged if wiring.stamping is not None else None
    return WireMeters(wiring.traffic, acknowledged)


def _facts(system: System) -> dict[str, object]:
    links = system.links.statistics()
    return {"devices": len(system.supervisor), "broker": links.broker, "mqtt": links.state}


@contextmanager
def _open_registry(settings: Settings, catalogue: Catalogue) -> Iterator[Registry]:
    file = Registry.open(settings.state_file, catalogue.check)
    try:
        yield file
    finally:
        file.close()


@contextmanager
def _open_ledger(settings: Settings) -> Iterator[FaultLedger]:
    file = FaultLedger.open(ledger_path(settings))
    try:
        yield file
    finally:
        file.close()


@asynccontextmanager
async def _noting(system: System, settings: Settings, file: FaultLedger) -> AsyncIterator[None]:
    trimmer = Trimmer(file, system.clock.now, settings.fault_ledger_days)
    orphans = system.faults.resume(file.open_faults())
    now = system.clock.now()
    system.ledger.tell([Closed(orphan.injection, now) for orphan in orphans])
    try:
        async with _background(system.ledger.run), _background(trimmer.run):
            yield
    finally:
        with trio.move_on_after(_LAST_WRITE_S, shield=True):
            await system.ledger.write_now()
        if waiting := system.ledger.waiting:
            log.error("notes of the fault ledger were not written", notes=waiting)


@asynccontextmanager
async def _running(actor: Callable[..., Awaitable[Any]], *args: Any) -> AsyncIterator[None]:
    """Run an actor that says when it has started."""
    async with trio.open_nursery() as nursery:
        await nursery.start(actor, *args)
        yield
        nursery.cancel_scope.cancel()


@asynccontextmanager
async def _background(actor: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    """Run an actor that is there at once."""
    async with trio.open_nursery() as nursery:
        nursery.start_soon(actor)
        yield
        nursery.cancel_scope.cancel()


@asynccontextmanager
async def _writing(system: System) -> AsyncIterator[None]:
    counters = system.supervisor.counters
    try:
        async with _background(partial(system.registry.run, counters)):
            yield
    finally:
        with trio.move_on_after(_LAST_WRITE_S, shield=True):
            await system.registry.write_now(counters, closes=True)
        if reason := system.registry.failing:
            what = "the last counters were not saved: the next life goes on from their reserves"
            log.error(what, reason=reason)


@asynccontextmanager
async def _farewell(system: System, settings: Settings) -> AsyncIterator[None]:
    yield
    with trio.move_on_after(settings.shutdown_timeout):
        system.supervisor.close()
        await system.supervisor.wait_ended()
        system.supervisor.children.say_goodbye()
        with trio.move_on_after(_LAST_RESULTS_S):
            await system.registry.after_save.wait_empty()
        try:
            await system.publisher.wait_drained()
        except WireDownError as error:
            log.warning("the broker is away at the end", reason=str(error))
    if facts := undelivered(system.publisher):
        log.warning("messages were not delivered", **facts)


def _server(settings: Settings, listener: socket.socket) -> Server:
    most = affordable(settings.http_max_connections)
    return Server(listen(listener), Limits(most), HttpCounts())


@asynccontextmanager
async def _serving(
    system: System, server: Server, meters: WireMeters, gate: Gate, settings: Settings
) -> AsyncIterator[None]:
    app = make_app(
        system,
        version=__version__,
        ready=lambda: server.is_open,
        wire=meters,
        http=server.counts,
        prefix=settings.http_root_path,
        gate=gate,
    )
    async with server.serving(app):
        try:
            yield
        finally:
            system.hub.close()
