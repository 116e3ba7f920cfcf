"""The composition root: opens the nurseries, starts the actors, owns start and shutdown."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
import trio
from attrs import frozen

from iotmock.actors.collector import Collector
from iotmock.actors.links.connect_rate import ConnectRate
from iotmock.actors.system import System
from iotmock.metrics.wire import WireMeters
from iotmock.model.families import installed
from iotmock.model.family import Catalogue
from iotmock.replays.errors import ReplayFileError
from iotmock.replays.folder import with_replays
from iotmock.service.assembly import Ground, assemble
from iotmock.service.ground.access import make_gate, warn_of_open_doors
from iotmock.service.ground.connections import Wiring, wire_up
from iotmock.service.ground.listening import listening_socket, url_of
from iotmock.service.ground.local_broker import local_broker
from iotmock.service.ground.traffic import asyncapi_of
from iotmock.service.ground.words import words_of
from iotmock.service.stages.beginning import fleet_of_settings, living
from iotmock.service.stages.farewell import farewell
from iotmock.service.stages.files import open_ledger, open_registry
from iotmock.service.stages.http import serving
from iotmock.service.stages.records import noting, writing
from iotmock.service.stages.tasks import background, running
from iotmock.settings.errors import SettingsError
from iotmock.settings.settings import Settings
from iotmock.storage import FaultLedger, Registry
from iotmock.wire import Stamping

log = structlog.get_logger()


@frozen
class Running:
    """A service that has started."""

    system: System
    port: int
    stop: trio.Event
    connect_rate: ConnectRate
    stamping: Stamping | None


@asynccontextmanager
async def run_service(
    settings: Settings, catalogue: Catalogue | None = None
) -> AsyncIterator[Running]:
    """Start everything in order; at the end of the block, end everything in the reverse order.

    Top to bottom is the start order, and indentation is the shutdown order.

    Raises:
        ServiceError, SettingsError, RegistryFileError, EmbeddedBrokerError: it can not start,
            and why.
    """
    known_types = catalogue or installed()
    catalogue = _with_replays(known_types, settings)
    gate, dialect = make_gate(settings), words_of(settings)
    with (
        listening_socket(settings) as listener,
        open_registry(settings, catalogue) as file,
        open_ledger(settings) as ledger_file,
    ):
        address, port = listener.getsockname()[:2]
        async with local_broker(settings) as broker:
            warn_of_open_doors(settings, gate, address, embedded=broker.is_wanted)
            wiring = wire_up(settings, dialect, port, embedded=broker.is_wanted)
            known = dialect.others.keys()
            describe = asyncapi_of(settings, catalogue, port, known, embedded=broker.is_wanted)
            system = assemble(
                settings, catalogue, Ground(file, ledger_file, wiring, broker, dialect)
            )
            async with (
                _delivering(system, settings, file, ledger_file),
                running(system.fleets.run),
                fleet_of_settings(system.fleets, settings),
                background(system.pacer.run),
                background(system.summaries.run),
                serving(system, listener, _meters(wiring), gate, settings, describe),
            ):
                log.info("serving", url=url_of(settings.host, port), **_facts(system))
                yield Running(system, port, trio.Event(), wiring.rate, wiring.stamping)


# A part of its own: CPython 3.12 ends with SIGSEGV where it compiles nineteen blocks in another.
@asynccontextmanager
async def _delivering(
    system: System, settings: Settings, file: Registry, ledger_file: FaultLedger
) -> AsyncIterator[None]:
    """Have devices and what they say be kept and sent, from the journal to the farewell."""
    async with (
        background(system.journal.run),
        running(Collector(system.supervisor).run),
        writing(system),
        living(system, settings, file),
        noting(system, settings, ledger_file),
        running(system.links.run),
        background(system.delivery.run),
        background(system.mirror.run),
        background(system.router.rebirths.run),
        farewell(system, settings.shutdown_timeout),
    ):
        yield


def _with_replays(known_types: Catalogue, settings: Settings) -> Catalogue:
    try:
        return with_replays(known_types, settings.replay_folder, settings.site_timezone)
    except ReplayFileError as error:
        raise SettingsError(f"REPLAY_FOLDER: {error}") from error


def _meters(wiring: Wiring) -> WireMeters:
    acknowledged = wiring.stamping.acknowledged if wiring.stamping is not None else None
    return WireMeters(wiring.traffic, acknowledged)


def _facts(system: System) -> dict[str, object]:
    links = system.links.statistics()
    return {"devices": len(system.supervisor), "broker": links.broker, "mqtt": links.state}
