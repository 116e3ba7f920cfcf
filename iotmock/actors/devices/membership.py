"""The membership: which devices there are for good, as the registry file will have it."""

from collections.abc import Callable, Iterator
from functools import partial

from attrs import define, field

from iotmock.actors.definitions.roster import Roster
from iotmock.actors.devices.children import Children
from iotmock.actors.devices.device import MockDevice
from iotmock.actors.devices.sides.surroundings import Surroundings
from iotmock.actors.errors import (
    DeviceChangedError,
    DeviceExistsError,
    TooManyDevicesError,
    UnknownDeviceError,
)
from iotmock.actors.records.registry_writer import RESERVED_S
from iotmock.model.spec import DeviceRecord, DeviceSpec

Condition = Callable[[MockDevice], bool]
_NUMBERED = "mock-{}-{:03d}"


@define(eq=False)
class Membership:
    """Lets devices come once they are durable, and go once their end is.

    What it does runs in the tasks of `Changes`: one change of a device at a time, each carried out
    to its end.
    """

    around: Surroundings
    children: Children
    roster: Roster
    coming: dict[str, DeviceRecord] = field(factory=dict)
    """Devices that are being saved; they live once they are durable."""
    _leaving: set[str] = field(factory=set)
    """Devices that live until their end is durable."""
    _next_number: dict[str, int] = field(factory=dict)

    @property
    def taken(self) -> int:
        """How many devices there are or will be, fleets' and those left out included."""
        singles = len(self.children.singles) + len(self.coming) + len(self.children.left_out)
        return singles + self.roster.taken

    @property
    def room(self) -> int:
        """How many more devices there may be."""
        return max(0, self.roster.most - self.taken)

    def single_ids(self) -> Iterator[str]:
        """Yield the ids of devices that are of no fleet, with those that come or are left out."""
        yield from self.children.singles
        yield from self.coming
        yield from self.children.left_out

    def record(self, device_id: str) -> DeviceRecord | None:
        """Return what the file must have of a device now."""
        if device_id in self._leaving:
            return None
        if device := self.children.by_id.get(device_id):
            return device.record()
        return self.coming.get(device_id) or self.children.left_out.record(device_id)

    # Who comes

    def free_id(self, device_type: str, is_changing: Callable[[str], bool]) -> str:
        """Return the next id of a type that is not taken."""
        number = self._next_number.get(device_type, 1)
        name = _NUMBERED.format(device_type, number)
        children = self.children
        while name in children.by_id or name in children.left_out or is_changing(name):
            number += 1
            name = _NUMBERED.format(device_type, number)
        self._next_number[device_type] = number + 1
        return name

    async def create(self, spec: DeviceSpec) -> MockDevice:
        """Save a device and let it live.

        Raises:
            DeviceExistsError, DeviceLeftOutError, IdReservedError, TooManyDevicesError: as they
                say.
            StorageError: it could not be saved and was not made.
        """
        self.children.left_out.refuse(spec.device_id)
        if spec.device_id in self.children.by_id:
            raise DeviceExistsError(spec.device_id)
        self.roster.refuse_id(spec.device_id)
        if not self.room:
            raise TooManyDevicesError(self.roster.most)
        record = self.coming[spec.device_id] = DeviceRecord(spec, self.around.clock.now())
        give_up = partial(self._give_up, spec)
        try:
            await self.around.registry.save(spec.device_id, undo=give_up)
            first = self.children.models.first_counter(record, RESERVED_S)
            return self.children.start(record, first.reserved_kwh)
        except BaseException:
            self.around.registry.note(spec.device_id)
            raise
        finally:
            give_up()

    def _give_up(self, spec: DeviceSpec) -> None:
        self.coming.pop(spec.device_id, None)
        if spec.device_id not in self.children.by_id:
            self._next_number.pop(spec.device_type, None)

    # Who goes

    async def delete(self, device_id: str, only_if: Condition | None) -> None:
        """Save that a device is gone and end it; a fleet's definition stays as it is meanwhile.

        Raises:
            UnknownDeviceError, DeviceChangedError: as they say.
            StorageError: it could not be deleted and is still there.
        """
        if device_id in self.children.left_out:
            await self._save_that_it_goes(device_id)
            self.children.left_out.forget(device_id)
            return
        if only_if is not None and not only_if(self._get(device_id)):
            raise DeviceChangedError(device_id)
        place = self.roster.place(device_id)
        if place is None:
            await self._let_go(device_id)
            return
        async with place[0].turns.beside():
            await self._let_go(device_id)

    def _get(self, device_id: str) -> MockDevice:
        try:
            return self.children.by_id[device_id]
        except KeyError:
            raise UnknownDeviceError(device_id) from None

    async def _let_go(self, device_id: str) -> None:
        device = self._get(device_id)
        await self._save_that_it_goes(device_id)
        if self.children.by_id.get(device_id) is device:
            self.children.end(device)
            self._next_number.pop(device.model.spec.device_type, None)

    async def _save_that_it_goes(self, device_id: str) -> None:
        holes = self.roster.punch(device_id)
        self._leaving.add(device_id)
        keep = partial(self._keep, device_id)
        try:
            await self.around.registry.save(device_id, *holes, undo=keep)
        finally:
            self._leaving.discard(device_id)

    def _keep(self, device_id: str) -> None:
        self._leaving.discard(device_id)
        self.roster.mend(device_id)
