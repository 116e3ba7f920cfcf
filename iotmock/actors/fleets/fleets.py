"""The fleets of a service: what clients ask of them, each with a task that brings it about."""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from math import inf
from typing import TypeVar

import trio
from attrs import define, evolve, field

from iotmock.actors.definitions.draft import (
    BYTES_A_DEVICE,
    GroupDraft,
    Inspection,
    InvalidFleetError,
)
from iotmock.actors.definitions.file import SavedFleets, SaveFleet
from iotmock.actors.definitions.fleet import Fleet
from iotmock.actors.definitions.past import Past
from iotmock.actors.definitions.roster import Group
from iotmock.actors.devices.supervisor import Supervisor
from iotmock.actors.errors import (
    FleetExistsError,
    FleetGoesError,
    UnknownFleetError,
)
from iotmock.actors.fleets.builder import FleetBuilder
from iotmock.actors.fleets.counter_blocks import CounterBlocks
from iotmock.actors.records.registry_writer import RegistryWriter
from iotmock.model.fleet import FleetRecord, split_id
from iotmock.model.spec import DeviceRecord, InvalidFieldError

T = TypeVar("T")
MemoryLeft = Callable[[], float]


def unlimited() -> float:
    """Return that memory does not limit anything."""
    return inf


@define(eq=False)
class Fleets:
    """Every fleet. What is asked is durable before it is answered, and brought about later."""

    supervisor: Supervisor
    blocks: CounterBlocks
    memory_left: MemoryLeft = unlimited
    """How many bytes the process may still take."""
    _fleets: dict[str, Fleet] = field(factory=dict)
    _past: Past = field(factory=Past)
    _nursery: trio.Nursery | None = None

    def recall(self, saved: SavedFleets, records: Iterable[DeviceRecord]) -> list[DeviceRecord]:
        """Take up what the file knows; return the records of devices that are of no fleet."""
        for record in saved.fleets:
            self._admit(Fleet.of(record))
        ours: dict[str, DeviceRecord] = {}
        others: list[DeviceRecord] = []
        for device in records:
            if self.supervisor.roster.place(device.spec.device_id):
                ours[device.spec.device_id] = device
            else:
                others.append(device)
        self._past = Past(dict(saved.blocks), ours)
        return others

    async def run(self, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Bring about what is wanted, until cancelled."""
        async with trio.open_nursery() as nursery:
            self._nursery = nursery
            for fleet in self._fleets.values():
                nursery.start_soon(self._tend, fleet, name=fleet.name)
            task_status.started()
            try:
                await trio.sleep_forever()
            finally:
                self._nursery = None  # what is founded yet is brought about in the next life

    async def _tend(self, fleet: Fleet) -> None:
        if await FleetBuilder(fleet, self.supervisor, self.blocks, self._past).run():
            self._dismiss(fleet)

    def _admit(self, fleet: Fleet) -> None:
        self._fleets[fleet.name] = fleet
        for group in fleet.groups.values():
            self.supervisor.roster.add(group)

    def _dismiss(self, fleet: Fleet) -> None:
        del self._fleets[fleet.name]
        for group in fleet.groups.values():
            self.supervisor.roster.remove(group)

    # What clients ask

    def __len__(self) -> int:
        return len(self._fleets)

    def __iter__(self) -> Iterator[Fleet]:
        return iter(self._fleets.values())

    def get(self, name: str) -> Fleet:
        """Return a fleet.

        Raises:
            UnknownFleetError: there is none of this name.
        """
        try:
            return self._fleets[name]
        except KeyError:
            raise UnknownFleetError(name) from None

    @property
    def inspection(self) -> Inspection:
        """What looks over new fleets now."""
        supervisor = self.supervisor
        to_come = supervisor.members.taken - len(supervisor)
        memory = self.memory_left() - to_come * BYTES_A_DEVICE
        return Inspection(supervisor.catalogue, supervisor.members.room, max(0, memory))

    async def create(
        self, name: str, groups: Sequence[GroupDraft], seed: int | None = None
    ) -> Fleet:
        """Found a fleet; its devices come later. `seed` is the service's where there is none.

        Raises:
            InvalidFleetError: with all that is wrong.
            FleetExistsError: its name or its ids are taken.
            StorageError: it could not be saved and was not founded.
        """
        return await self._ask(name, partial(self._create, name, groups, seed))

    async def _ask(self, name: str, deed: Callable[[], Awaitable[T]]) -> T:
        return await self.supervisor.changes.ask(f"fleet {name[:64]}", deed)

    async def _create(self, name: str, groups: Sequence[GroupDraft], seed: int | None) -> Fleet:
        if faults := list(self.inspection.faults(name, groups)):
            raise InvalidFleetError(faults)
        supervisor = self.supervisor
        seed = supervisor.sites.fleet_seed if seed is None else seed
        records = tuple(draft.record(supervisor.catalogue) for draft in groups)
        fleet = Fleet.of(FleetRecord(name, seed, supervisor.around.clock.now(), records))
        self._refuse_taken(fleet)
        self._admit(fleet)
        try:
            async with fleet.turns.alone():
                await self._change(fleet, fleet.record())
        except BaseException:
            self._dismiss(fleet)
            raise
        self._begin(fleet)
        return fleet

    def _refuse_taken(self, fleet: Fleet) -> None:
        if fleet.name in self._fleets:
            raise FleetExistsError(f"fleet {fleet.name!r} exists already; choose another name")
        prefixes = {group.prefix for group in fleet.groups.values()}
        for prefix in prefixes:
            self.supervisor.roster.refuse_prefix(prefix)
        for device_id in self.supervisor.members.single_ids():
            parts = split_id(device_id)
            if parts and parts[0] in prefixes:
                raise FleetExistsError(f"device {device_id!r} exists already; choose another name")

    @property
    def _registry(self) -> RegistryWriter:
        return self.supervisor.around.registry

    def _begin(self, fleet: Fleet) -> None:
        if self._nursery is not None and fleet.name in self._fleets:
            self._nursery.start_soon(self._tend, fleet, name=fleet.name)

    async def scale(self, name: str, counts: Mapping[str, int]) -> Fleet:
        """Want other numbers of devices in some groups.

        Raises:
            UnknownFleetError, FleetGoesError: as they say.
            InvalidFleetError: with all that is wrong.
            StorageError: it could not be saved; all is as it was.
        """
        return await self._ask(name, partial(self._scale, name, counts))

    async def _scale(self, name: str, counts: Mapping[str, int]) -> Fleet:
        fleet = self.get(name)
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
        if self._fleets.get(fleet.name) is not fleet:
            raise UnknownFleetError(fleet.name)

    def _scale_faults(self, fleet: Fleet, counts: Mapping[str, int]) -> Iterator[InvalidFieldError]:
        known = ", ".join(fleet.groups)
        more = 0
        for name, count in counts.items():
            if group := fleet.groups.get(name):
                more += count - group.wanted
            else:
                yield InvalidFieldError(f"groups.{name[:64]}", f"is no group; known are {known}")
        yield from self.inspection.too_many(more)

    async def _change(self, fleet: Fleet, record: FleetRecord) -> None:
        await self._registry.save_fleet(SaveFleet(record))
        fleet.take_up(record)

    async def remove(self, name: str) -> Fleet:
        """Take a fleet down; it is there until its last device is gone.

        Raises:
            UnknownFleetError: there is none of this name.
            StorageError: it could not be saved; all is as it was.
        """
        return await self._ask(name, partial(self._remove, name))

    async def _remove(self, name: str) -> Fleet:
        fleet = self.get(name)
        async with fleet.turns.alone():
            self._refuse_gone(fleet)
            record = fleet.scaled(dict.fromkeys(fleet.groups, 0))
            await self._change(fleet, evolve(record, deleting=True))
        return fleet

    async def ensure(self, name: str, groups: Sequence[GroupDraft]) -> None:
        """Have a fleet of just these groups: found it, or scale it; groups not named get empty.

        Raises:
            InvalidFleetError, FleetExistsError, StorageError: see `create`.
        """
        await self._ask(name, partial(self._ensure, name, groups))

    async def _ensure(self, name: str, groups: Sequence[GroupDraft]) -> None:
        if name not in self._fleets:
            await self._create(name, groups, None)
            return
        fleet = self.get(name)
        async with fleet.turns.alone():
            if faults := list(self._inspection_without(fleet).faults(name, groups)):
                raise InvalidFleetError(faults)
            self._add_groups(fleet, groups)
            named = {draft.own_name: draft.count or 0 for draft in groups}
            record = fleet.scaled({group: named.get(group, 0) for group in fleet.groups})
            await self._change(fleet, evolve(record, deleting=False))

    def _inspection_without(self, fleet: Fleet) -> Inspection:
        return evolve(self.inspection, room=self.inspection.room + fleet.wanted)

    def _add_groups(self, fleet: Fleet, drafts: Sequence[GroupDraft]) -> None:
        for draft in drafts:
            record = evolve(draft.record(self.supervisor.catalogue), top=0)
            group = Group.of(fleet.name, fleet.seed, fleet.created_at, record, fleet.turns)
            if record.spec.name not in fleet.groups:
                self.supervisor.roster.refuse_prefix(group.prefix)
                self.supervisor.roster.add(group)
                fleet.groups[record.spec.name] = group
