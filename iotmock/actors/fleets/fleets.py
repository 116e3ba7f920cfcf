"""The fleets of a service: what clients ask of them. Each has a task that brings it about."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from math import inf
from typing import TypeVar

import trio
from attrs import define, field

from iotmock.actors.definitions.draft import (
    BYTES_A_DEVICE,
    GroupDraft,
    Inspection,
    SitesOf,
)
from iotmock.actors.definitions.file import SavedFleets
from iotmock.actors.definitions.fleet import Fleet
from iotmock.actors.devices.left_out import BRING_IT, listed
from iotmock.actors.devices.supervisor import Supervisor
from iotmock.actors.fleets.counter_blocks import CounterBlocks
from iotmock.actors.fleets.definer import FleetDefiner
from iotmock.actors.fleets.living import LivingFleets
from iotmock.model.measures.full_meters import ReadingKind
from iotmock.model.spec import DeviceRecord

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
    living: LivingFleets = field(init=False)
    _definer: FleetDefiner = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.living = LivingFleets(self.supervisor, self.blocks)
        self._definer = FleetDefiner(self.supervisor, self.living, self._inspection)

    def recall(self, saved: SavedFleets, records: Iterable[DeviceRecord]) -> list[DeviceRecord]:
        """Take up what the file knows; return the records of devices that are of no fleet.

        Raises:
            InvalidFleetError: the words of a fleet are not to be had any more.
        """
        return self.living.recall(saved, records)

    async def run(self, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Bring about what is wanted, until cancelled."""
        await self.living.run(task_status)

    # Which fleets there are

    def __len__(self) -> int:
        return len(self.living.by_name)

    def __iter__(self) -> Iterator[Fleet]:
        return iter(self.living.by_name.values())

    def get(self, name: str) -> Fleet:
        """Return a fleet.

        Raises:
            UnknownFleetError: there is none of this name.
        """
        return self.living.get(name)

    def problems(self) -> Iterator[str]:
        """See `Part`."""
        failed = defaultdict[str, list[Fleet]](list)
        for fleet in self:
            if fleet.problem is not None:
                failed[fleet.problem].append(fleet)
        for reason, fleets in failed.items():
            missing = sum(fleet.wanted - fleet.present for fleet in fleets)
            names = listed([fleet.name for fleet in fleets])
            yield (
                f"devices of fleets do not run: {missing:,} ({names}): {reason}; {BRING_IT}, or "
                "delete these fleets"
            )

    # What is wanted of them

    @property
    def inspection(self) -> Inspection:
        """What looks over new fleets now."""
        return self._inspection()

    def _inspection(self) -> Inspection:
        supervisor = self.supervisor
        to_come = supervisor.members.taken - len(supervisor)
        memory = self.memory_left() - to_come * BYTES_A_DEVICE
        return Inspection(supervisor.catalogue, supervisor.members.room, max(0, memory))

    async def create(
        self,
        name: str,
        groups: Sequence[GroupDraft],
        seed: int | None = None,
        dialect: str | None = None,
        reading: ReadingKind | None = None,
        sites: SitesOf | None = None,
    ) -> Fleet:
        """Found a fleet; its devices come later. What is None is as the service has it.

        `sites` says what they are where `groups_of` made the groups.

        Raises:
            InvalidFleetError: with all that is wrong.
            FleetExistsError: its name or its ids are taken.
            StorageError: it could not be saved and was not founded.
        """
        create = partial(self._definer.create, name, groups, seed, dialect, reading, sites)
        return await self._ask(name, create)

    async def scale(self, name: str, counts: Mapping[str, int]) -> Fleet:
        """Want other numbers of devices in some groups.

        Raises:
            UnknownFleetError, FleetGoesError: as they say.
            InvalidFleetError: with all that is wrong.
            StorageError: it could not be saved; all is as it was.
        """
        return await self._ask(name, partial(self._definer.scale, name, counts))

    async def remove(self, name: str) -> Fleet:
        """Take a fleet down; it is there until its last device is gone.

        Raises:
            UnknownFleetError: there is none of this name.
            StorageError: it could not be saved; all is as it was.
        """
        return await self._ask(name, partial(self._definer.remove, name))

    async def ensure(
        self, name: str, groups: Sequence[GroupDraft], sites: SitesOf | None = None
    ) -> None:
        """Have a fleet of just these groups: found it, or scale it; groups not named get empty.

        Raises:
            InvalidFleetError, FleetExistsError, StorageError: see `create`.
        """
        await self._ask(name, partial(self._definer.ensure, name, groups, sites))

    async def _ask(self, name: str, deed: Callable[[], Awaitable[T]]) -> T:
        return await self.supervisor.changes.ask(f"fleet {name[:64]}", deed)
