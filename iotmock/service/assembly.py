"""The parts of a service, each made and given the others that it knows; nothing runs yet."""

from collections.abc import Callable, Mapping
from functools import partial

from attrs import frozen

from iotmock.actors.devices.device import reading_in
from iotmock.actors.devices.sides.surroundings import Surroundings
from iotmock.actors.devices.supervisor import Supervisor
from iotmock.actors.fleets.counter_blocks import CounterBlocks
from iotmock.actors.fleets.fleets import Fleets
from iotmock.actors.health import Health
from iotmock.actors.journal import Journal
from iotmock.actors.links.delivery import Delivery
from iotmock.actors.links.links import Links
from iotmock.actors.ports.dialect import Dialect
from iotmock.actors.ports.health import Part
from iotmock.actors.ports.memories import Remembers
from iotmock.actors.ports.told import TellsReadings
from iotmock.actors.records.ledger import Ledger
from iotmock.actors.records.memories import Memories
from iotmock.actors.records.registry_writer import RegistryWriter
from iotmock.actors.routers.command_router import CommandRouter
from iotmock.actors.routers.fault_router import FaultRouter
from iotmock.actors.routers.platform_mirror import PlatformMirror
from iotmock.actors.stream.hub import Hub
from iotmock.actors.system import System
from iotmock.actors.time.clock import Clock
from iotmock.actors.time.full_speed import FullSpeed
from iotmock.actors.time.pacer import Pacer
from iotmock.dialects.homeassistant.dialect import HomeAssistant
from iotmock.dialects.native.dialect import Native
from iotmock.dialects.several.dialect import Several
from iotmock.dialects.sparkplug.dialect import Sparkplug
from iotmock.dialects.tasmota.dialect import Tasmota
from iotmock.dialects.template.dialect import Template
from iotmock.model.family import Catalogue
from iotmock.model.faults.plan import FaultProfile
from iotmock.model.measures.full_meters import FullMeters
from iotmock.model.site.people.calendar import UnknownCountryError, UnknownRegionError
from iotmock.model.site.sites import Sites
from iotmock.service.ground.connections import Wiring
from iotmock.service.ground.local_broker import LocalBroker
from iotmock.service.ground.memory import bytes_left
from iotmock.settings.errors import SettingsError
from iotmock.settings.settings import Settings
from iotmock.storage import FaultLedger, Registry
from iotmock.verification.stamp import NamedNumbering, Numbering


@frozen
class Ground:
    """What is there before the parts are made: files, the way to the broker, the broker."""

    registry: Registry
    ledger: FaultLedger
    wiring: Wiring
    broker: LocalBroker
    dialect: Several


def assemble(settings: Settings, catalogue: Catalogue, ground: Ground) -> System:
    """Return all parts, wired to each other.

    Raises:
        SettingsError: there is no such country or region.
    """
    around = _surroundings(settings, ground)
    profile = FaultProfile[settings.fault_profile.upper()]
    supervisor = Supervisor(catalogue, _sites(settings), around, profile)
    _mind_words(ground.dialect, supervisor)
    save = partial(around.registry.write_now, supervisor.counters)
    around.pacer.full_speed = FullSpeed(around.clock, around.publisher, save)
    around.registry.blocks = blocks = CounterBlocks(supervisor.roster, supervisor)
    journal = Journal()
    router = CommandRouter(supervisor, around.publisher, journal=journal)
    mirror = PlatformMirror(supervisor, settings.platform_sync_limit, journal=journal)
    links = ground.wiring.links(router, mirror)
    delivery = Delivery(around.publisher, links)
    fleets = Fleets(supervisor, blocks, bytes_left)
    fleets.living.take_up_words = partial(_take_up_words, ground.dialect, supervisor, links)
    return System(
        around.clock,
        around.registry,
        around.publisher,
        around.pacer,
        supervisor,
        router,
        mirror,
        links,
        around.ledger,
        FaultRouter(supervisor),
        fleets,
        delivery,
        _health(
            around, ground.broker, links, delivery, mirror, supervisor.children.left_out, fleets
        ),
        journal,
    )


def _mind_words(dialect: Several, supervisor: Supervisor) -> None:
    dialect.name_of = supervisor.roster.dialect_of
    supervisor.around.full.kind_of = supervisor.roster.reading_of
    every = (dialect.usual, *dialect.others.values())
    if any(not isinstance(one, Native | HomeAssistant) for one in every):
        supervisor.around.hub.reading_in = partial(reading_in, supervisor.children.by_id)


def _take_up_words(dialect: Several, supervisor: Supervisor, links: Links, name: str) -> None:
    if dialect.take_up(name):
        _mind_words(dialect, supervisor)
        links.hear_more()


def _surroundings(settings: Settings, ground: Ground) -> Surroundings:
    clock = Clock.of_the_wall(settings.simulation_speed)
    if (stamping := ground.wiring.stamping) is not None:
        stamping.stamper.of_day = clock.of_day
    memories = ground.registry.load_memories()
    full = FullMeters(settings.reading)
    full.recall(memories)
    bring = partial(_bring_into_life, clock, memories, full)
    ground.dialect.make = partial(_made_in_time, bring, ground.dialect.make)
    bring(ground.dialect.usual)
    hub = Hub(settings.stream_listeners)
    return Surroundings(
        clock,
        ground.wiring.carrier,
        RegistryWriter(ground.registry, memories=Memories(partial(_changed, ground.dialect, full))),
        Pacer(clock, settings.simulation_interval),
        Ledger(ground.ledger, hub=hub),
        settings.fault_topic,
        _numbering(ground.dialect.usual) if settings.mqtt_stamp != "off" else None,
        hub=hub,
        dialect=ground.dialect,
        full=full,
    )


def _changed(dialect: Several, full: FullMeters, most: int | None) -> dict[str, bytes | None]:
    return dialect.take_changed(most) | full.take_changed(most)


def _numbering(dialect: Dialect) -> Numbering:
    names = isinstance(dialect, TellsReadings) and dialect.told.device_level is None
    return NamedNumbering() if names else Numbering()


def _made_in_time(
    bring: Callable[[Dialect], None], make: Callable[[str], Dialect], name: str
) -> Dialect:
    made = make(name)
    bring(made)
    return made


def _bring_into_life(
    clock: Clock, memories: Mapping[str, bytes], full: FullMeters, dialect: Dialect
) -> None:
    if isinstance(dialect, Remembers):
        dialect.recall(memories)
    match dialect:
        case Sparkplug():  # its births have a time, and what is older is history
            dialect.entries.now = clock.now
        case Native():
            dialect.full = full
        case Tasmota() | Template():
            dialect.now = clock.now


def _sites(settings: Settings) -> Sites:
    try:
        return Sites(
            settings.fleet_seed,
            settings.data_variation_percent,
            settings.site_latitude,
            settings.site_timezone,
            settings.site_climate,
            settings.site_country,
            settings.site_region,
            settings.site_longitude,
        )
    except UnknownCountryError as error:
        raise SettingsError(
            f"SITE_COUNTRY={settings.site_country} is not allowed: {error}"
        ) from error
    except UnknownRegionError as error:
        raise SettingsError(
            f"SITE_REGION={settings.site_region} is not allowed: {error}"
        ) from error


def _health(
    around: Surroundings,
    broker: LocalBroker,
    links: Links,
    delivery: Delivery,
    *others: Part,
) -> Health:
    pacer = around.pacer
    own: tuple[Part, ...] = (links, delivery, around.registry, around.ledger, pacer.time_of_day)
    return Health((broker, *own, *others), (pacer, delivery))
