"""The definer: changes what is wanted of a fleet, and has it saved before it is so."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from math import ceil

from attrs import define, evolve

from iotmock.actors.definitions.draft import (
    GroupDraft,
    Inspection,
    InvalidFleetError,
    SitesOf,
)
from iotmock.actors.definitions.file import SaveFleet
from iotmock.actors.definitions.fleet import Fleet
from iotmock.actors.definitions.roster import Group
from iotmock.actors.devices.supervisor import Supervisor
from iotmock.actors.errors import FleetExistsError, FleetGoesError, UnknownFleetError
from iotmock.actors.fleets.living import LivingFleets
from iotmock.model.fleet import FleetRecord, split_id
from iotmock.model.measures.full_meters import ReadingKind
from iotmock.model.spec import InvalidFieldError


@define(eq=False)
class FleetDefiner:
    """What it does runs in the tasks of `Changes`, one change of a fleet at a time."""

    supervisor: Supervisor
    living: LivingFleets
    inspection: Callable[[], Inspection]
    """What looks over new fleets at a moment."""

    async def create(
        self,
        name: str,
        groups: Sequence[GroupDraft],
        seed: int | None,
        dialect: str | None = None,
        reading: ReadingKind | None = None,
        sites: SitesOf | None = None,
    ) -> Fleet:
        """See `Fleets.create`."""
        if faults := list(self.inspection().faults(name, groups)):
            raise InvalidFleetError(faults)
        record = self._record(name, groups, seed)
        kind, country = (None, None) if sites is None else (sites.kind, sites.country)
        record = evolve(record, dialect=dialect, reading=reading, kind=kind, country=country)
        fleet = Fleet.of(record)
        self._refuse_taken(fleet)
        self.living.speak(dialect)
        self.living.admit(fleet)
        try:
            async with fleet.turns.alone():
                await self._change(fleet, fleet.record())
        except BaseException:
            self.living.dismiss(fleet)
            raise
        self.living.begin(fleet)
        return fleet

    def _record(self, name: str, groups: Sequence[GroupDraft], seed: int | None) -> FleetRecord:
        supervisor = self.supervisor
        seed = supervisor.sites.fleet_seed if seed is None else seed
        records = tuple(draft.record(supervisor.catalogue) for draft in groups)
        now = supervisor.around.clock.now()
        return FleetRecord(name, seed, now, records)

    def _refuse_taken(self, fleet: Fleet) -> None:
        if fleet.name in self.living.by_name:
            raise FleetExistsError(f"fleet {fleet.name!r} exists already; choose another name")
        prefixes = {group.prefix for group in fleet.groups.values()}
        for prefix in prefixes:
            self.supervisor.roster.refuse_prefix(prefix)
        for device_id in self.supervisor.members.single_ids():
            parts = split_id(device_id)
            if parts and parts[0] in prefixes:
                raise FleetExistsError(f"device {device_id!r} exists already; choose another name")

    async def scale(self, name: str, counts: Mapping[str, int]) -> Fleet:
        """See `Fleets.scale`."""
        fleet = self.living.get(name)
        async with fleet.turns.alone():
            self._refuse_going(fleet)
            if faults := list(self._scale_faults(fleet, counts)):
                raise InvalidFleetError(faults)
            await self._change(fleet, fleet.scaled(counts))
        return fleet

    def _refuse_going(self, fleet: Fleet) -> None:
        self._refuse_gone(fleet)
        if fleet.deleting:
            raise FleetGoesError(fleet.name)

    def _refuse_gone(self, fleet: Fleet) -> None:
        if self.living.by_name.get(fleet.name) is not fleet:
            raise UnknownFleetError(fleet.name)

    def _scale_faults(self, fleet: Fleet, counts: Mapping[str, int]) -> Iterator[InvalidFieldError]:
        known = ", ".join(fleet.groups)
        more = 0
        for name, count in counts.items():
            if group := fleet.groups.get(name):
                more += ceil(count * group.spec.share) - group.wanted
            else:
                yield InvalidFieldError(f"groups.{name[:64]}", f"is no group; known are {known}")
        yield from self.inspection().too_many(more)

    async def _change(self, fleet: Fleet, record: FleetRecord) -> None:
        await self.supervisor.around.registry.save_fleet(SaveFleet(record))
        fleet.take_up(record)

    async def remove(self, name: str) -> Fleet:
        """See `Fleets.remove`."""
        fleet = self.living.get(name)
        async with fleet.turns.alone():
            self._refuse_gone(fleet)
            record = fleet.scaled(dict.fromkeys(fleet.groups, 0))
            await self._change(fleet, evolve(record, deleting=True))
        return fleet

    async def ensure(
        self, name: str, groups: Sequence[GroupDraft], sites: SitesOf | None = None
    ) -> None:
        """See `Fleets.ensure`."""
        if name not in self.living.by_name:
            await self.create(name, groups, None, sites=sites)
            return
        fleet = self.living.get(name)
        async with fleet.turns.alone():
            if faults := list(self._inspection_without(fleet).faults(name, groups)):
                raise InvalidFleetError(faults)
            self._add_groups(fleet, groups)
            named = {draft.own_name: draft.count or 0 for draft in groups}
            record = fleet.scaled({group: named.get(group, 0) for group in fleet.groups})
            await self._change(fleet, evolve(record, deleting=False))

    def _inspection_without(self, fleet: Fleet) -> Inspection:
        inspection = self.inspection()
        return evolve(inspection, room=inspection.room + fleet.wanted)

    def _add_groups(self, fleet: Fleet, drafts: Sequence[GroupDraft]) -> None:
        roster = self.supervisor.roster
        for draft in drafts:
            record = evolve(draft.record(self.supervisor.catalogue), top=0)
            about = fleet.name, fleet.seed, fleet.created_at
            group = Group.of(*about, record, fleet.turns, fleet.dialect, fleet.reading)
            if record.spec.name not in fleet.groups:
                roster.refuse_prefix(group.prefix)
                roster.add(group)
                fleet.groups[record.spec.name] = group
