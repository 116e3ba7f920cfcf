"""The fleets that there are: each has its groups in the roster, and a task that tends it."""

from collections.abc import Callable, Iterable

import trio
from attrs import define, field

from iotmock.actors.definitions.draft import InvalidFleetError
from iotmock.actors.definitions.file import SavedFleets
from iotmock.actors.definitions.fleet import Fleet
from iotmock.actors.definitions.past import Past
from iotmock.actors.devices.supervisor import Supervisor
from iotmock.actors.errors import UnknownFleetError
from iotmock.actors.fleets.builder import FleetBuilder
from iotmock.actors.fleets.counter_blocks import CounterBlocks
from iotmock.model.spec import DeviceRecord, InvalidFieldError


def _no_others(dialect: str) -> None:
    raise ValueError(f"{dialect}: there is none but the service's")


@define(eq=False)
class LivingFleets:
    """Fleets by name. One that was deleted is here until its last device is gone."""

    supervisor: Supervisor
    blocks: CounterBlocks
    by_name: dict[str, Fleet] = field(factory=dict)
    take_up_words: Callable[[str], None] = _no_others
    """Called with the name of a fleet's dialect before its devices live."""
    _past: Past = field(factory=Past)
    _nursery: trio.Nursery | None = None

    def get(self, name: str) -> Fleet:
        """Return a fleet.

        Raises:
            UnknownFleetError: there is none of this name.
        """
        try:
            return self.by_name[name]
        except KeyError:
            raise UnknownFleetError(name) from None

    def speak(self, dialect: str | None) -> None:
        """Have the words of a fleet ready.

        Raises:
            InvalidFleetError: there are none of this name, or they do not go with the settings.
        """
        if dialect is None:
            return
        try:
            self.take_up_words(dialect)
        except ValueError as error:
            raise InvalidFleetError([InvalidFieldError("dialect", str(error))]) from error

    def recall(self, saved: SavedFleets, records: Iterable[DeviceRecord]) -> list[DeviceRecord]:
        """Take up what the file knows; return the records of devices that are of no fleet.

        Raises:
            InvalidFleetError: the words of a fleet are not to be had any more.
        """
        for record in saved.fleets:
            self.speak(record.dialect)
            self.admit(Fleet.of(record))
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
            for fleet in self.by_name.values():
                nursery.start_soon(self._tend, fleet, name=fleet.name)
            task_status.started()
            try:
                await trio.sleep_forever()
            finally:
                self._nursery = None  # what is founded yet is brought about in the next life

    def begin(self, fleet: Fleet) -> None:
        """Bring about a fleet that was just founded."""
        if self._nursery is not None and fleet.name in self.by_name:
            self._nursery.start_soon(self._tend, fleet, name=fleet.name)

    async def _tend(self, fleet: Fleet) -> None:
        if await FleetBuilder(fleet, self.supervisor, self.blocks, self._past).run():
            self.dismiss(fleet)

    def admit(self, fleet: Fleet) -> None:
        """Let a fleet's name and ids be taken."""
        self.by_name[fleet.name] = fleet
        for group in fleet.groups.values():
            self.supervisor.roster.add(group)
        self.supervisor.sites.settle(fleet.name, fleet.country)

    def dismiss(self, fleet: Fleet) -> None:
        """Let them be free again."""
        del self.by_name[fleet.name]
        for group in fleet.groups.values():
            self.supervisor.roster.remove(group)
        self.supervisor.sites.settle(fleet.name, None)
