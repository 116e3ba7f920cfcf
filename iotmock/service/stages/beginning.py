"""The devices of a service: those of an earlier life, and those that the settings ask for."""

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from iotmock.actors.definitions.draft import GroupDraft, InvalidFleetError, SitesOf
from iotmock.actors.definitions.file import SavedFleets
from iotmock.actors.devices.supervisor import Supervisor
from iotmock.actors.errors import FleetExistsError, StorageError
from iotmock.actors.fleets.fleets import Fleets
from iotmock.actors.fleets.sites import country_named, groups_of
from iotmock.actors.records.last_seen import LastSeen
from iotmock.actors.system import System
from iotmock.actors.time.pacer import Pacer
from iotmock.model.fleet import FLEET_OF_SETTINGS, fleet_of_sites
from iotmock.model.spec import DeviceRecord, InvalidFieldError
from iotmock.service.errors import ServiceError
from iotmock.service.stages.tasks import running
from iotmock.settings.places import SomeSites
from iotmock.settings.settings import Settings
from iotmock.storage import Registry

DEFAULT_TYPES = ("hvac", "lighting", "server", "industrial", "appliance")


@asynccontextmanager
async def living(system: System, settings: Settings, file: Registry) -> AsyncIterator[None]:
    """Begin time, and let the devices of `file` live; five of our own where there is none.

    Raises:
        ServiceError: the default devices can not be made, or a fleet can not be taken up.
    """
    supervisor, fleets = system.supervisor, system.fleets
    records, saved = file.load(), file.load_fleets()
    _begin_time(system.pacer, LastSeen.of(records, saved), settings)
    async with running(supervisor.run, _singles(fleets, saved, records)):
        nothing = not (supervisor.members.taken or len(fleets) or settings.fleet)
        if nothing and settings.default_devices:
            await _make_default_devices(supervisor)
        await system.registry.write_now(supervisor.counters)
        yield


def _singles(
    fleets: Fleets, saved: SavedFleets, records: Sequence[DeviceRecord]
) -> list[DeviceRecord]:
    try:
        return fleets.recall(saved, records)
    except InvalidFleetError as error:
        raise ServiceError(
            f"a fleet of STATE_FILE can not be taken up: {error}; start once as before and delete "
            "that fleet, or choose another STATE_FILE"
        ) from error


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
async def fleet_of_settings(fleets: Fleets, settings: Settings) -> AsyncIterator[None]:
    """Make the fleet of FLEET and the sites of SITES, or bring them to what these say now.

    Before the block begins.

    Raises:
        ServiceError: it can not be made.
    """
    try:
        if settings.fleet:
            groups = [
                GroupDraft(kind, count, profile=profile) for kind, profile, count in settings.fleet
            ]
            await fleets.ensure(FLEET_OF_SETTINGS, groups)
        for some in settings.sites:
            await _ensure_sites(fleets, some)
    except InvalidFleetError as error:
        reasons = "; ".join(fault.message for fault in error.faults)
        raise ServiceError(f"{_which(settings)} can not be made: {reasons}") from error
    except (FleetExistsError, StorageError) as error:
        raise ServiceError(f"{_which(settings)} can not be made: {error}") from error
    yield


async def _ensure_sites(fleets: Fleets, some: SomeSites) -> None:
    name = fleet_of_sites(*some.where)
    try:
        sites = SitesOf(some.kind, country_named(some.country, some.region))
        groups = groups_of(sites, name, some.count, None, fleets.supervisor.catalogue)
    except InvalidFieldError as error:
        raise InvalidFleetError([error]) from error
    await fleets.ensure(name, groups, sites)


def _which(settings: Settings) -> str:
    return " or ".join(
        name for name, given in (("FLEET", settings.fleet), ("SITES", settings.sites)) if given
    )
