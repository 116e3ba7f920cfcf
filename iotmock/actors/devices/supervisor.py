"""The supervisor: the way in to every device, for whoever asks something of one.

How devices live is in `children.py`, which devices there are for good in `membership.py`, what
their counters may show in `counters.py`.
"""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

import attrs
import trio
from attrs import define, field

from iotmock.actors.definitions.roster import Roster
from iotmock.actors.devices.answered import Answered
from iotmock.actors.devices.changes import Changes
from iotmock.actors.devices.children import Children
from iotmock.actors.devices.counters import Counters
from iotmock.actors.devices.device import MockDevice
from iotmock.actors.devices.membership import Condition, Membership
from iotmock.actors.devices.model_builder import ModelBuilder
from iotmock.actors.devices.sides.commands import result_of
from iotmock.actors.devices.sides.surroundings import Surroundings
from iotmock.actors.errors import (
    DeviceFailedError,
    DeviceRestartingError,
    StorageError,
    UnknownDeviceError,
    UnsavedError,
)
from iotmock.actors.messages import (
    Change,
    CommandRequest,
    CommandResult,
    DeviceMessage,
    Perform,
    Reply,
    ReplySlot,
    Sample,
)
from iotmock.model.commands import ABOUT_FAULTS, Applied, Reboot
from iotmock.model.family import Catalogue
from iotmock.model.faults.plan import FaultProfile
from iotmock.model.reading import Reading
from iotmock.model.site.sites import Sites
from iotmock.model.spec import DeviceRecord, DeviceSpec


@define(eq=False)
class Supervisor:
    """Every device by its id. Routing runs in the caller's task; the supervisor has no queue.

    Long because it is the one way in: a method for each thing that can be asked, which says how it
    can fail.
    """

    catalogue: Catalogue
    sites: Sites
    around: Surroundings
    fault_profile: FaultProfile = FaultProfile.OFF
    roster: Roster = field(factory=Roster)
    changes: Changes = field(factory=Changes)
    requests: Changes = field(factory=Changes)
    """Requests that are carried out to their end, each of several changes, whoever hangs up."""
    children: Children = field(init=False)
    members: Membership = field(init=False)
    counters: Counters = field(init=False)
    _devices: dict[str, MockDevice] = field(init=False)
    """Those of `children`, one step nearer for every command."""
    _answered: Answered = field(factory=Answered)
    _closing: trio.Event = field(factory=trio.Event)
    _ended: trio.Event = field(factory=trio.Event)

    def __attrs_post_init__(self) -> None:
        models = ModelBuilder(
            self.catalogue, self.sites, self.around, self.fault_profile, self.roster
        )
        self.children = Children(self.around, models)
        self.members = Membership(self.around, self.children, self.roster)
        self.counters = Counters(self.around, self.children, self.members)
        self._devices = self.children.by_id
        self.around.registry.records = self.members.record
        self.around.registry.note_saved = self.counters.note_saved
        self.around.hub.know(self._spec_of)

    async def run(
        self,
        records: Iterable[DeviceRecord],
        task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED,
    ) -> None:
        """Run the devices until `close` and until each has finished its inbox."""
        async with trio.open_nursery() as nursery:
            self.changes.begin(nursery)
            self.requests.begin(nursery)
            self.children.begin(nursery, records)
            task_status.started()
            await self._closing.wait()
        self.children.settle()
        self._ended.set()

    def close(self) -> None:
        """Take no more work; devices finish what is in their inboxes and end."""
        self._closing.set()
        self.changes.end()
        self.requests.end()
        self.children.close()

    async def wait_ended(self) -> None:
        """Wait until every device has ended."""
        await self._ended.wait()

    # Which devices there are

    def __len__(self) -> int:
        return len(self._devices)

    def __iter__(self) -> Iterator[MockDevice]:
        return iter(self._devices.values())

    def get(self, device_id: str) -> MockDevice:
        """Return a device.

        Raises:
            UnknownDeviceError: there is none of this id.
        """
        try:
            return self._devices[device_id]
        except KeyError:
            raise UnknownDeviceError(device_id) from None

    def _spec_of(self, device_id: str) -> DeviceSpec | None:
        device = self._devices.get(device_id)
        return None if device is None else device.model.spec

    async def create(
        self, device_type: str, *, device_id: str | None = None, **fields: Any
    ) -> MockDevice:
        """Make a device, with the defaults of its profile for what `fields` leaves out.

        Raises:
            UnknownDeviceTypeError, UnknownProfileError, InvalidFieldError, DeviceExistsError,
            DeviceLeftOutError, IdReservedError, TooManyDevicesError: as they say.
            StorageError: it could not be saved and was not made.
        """
        kind = self.catalogue.get(device_type)
        device_id = device_id or self.members.free_id(device_type, self.changes.is_changing)
        profile = kind.profile(fields.get("profile"))
        defaults = {"base_power": profile.base_power, "base_voltage": profile.base_voltage}
        spec = DeviceSpec(device_id=device_id, device_type=device_type, **defaults | fields)
        return await self.changes.ask(device_id, partial(self.members.create, spec))

    async def update(
        self, device_id: str, only_if: Condition | None = None, **changes: Any
    ) -> MockDevice:
        """Change fields of a device, if `only_if` holds of it when its turn comes.

        Raises:
            UnknownDeviceError, InvalidFieldError, DeviceChangedError: as they say.
            UnsavedError: it has changed, but that is not saved yet.
            ActorError: the device is busy, failed or gone.
        """
        fields = {name: value for name, value in changes.items() if name != "enabled"}
        attrs.evolve(self.get(device_id).model.spec, **fields)  # refuses in the caller's task
        return await self.changes.ask(device_id, partial(self._update, device_id, changes, only_if))

    async def _update(
        self, device_id: str, changes: dict[str, Any], only_if: Condition | None
    ) -> MockDevice:
        device = self.get(device_id)
        reply: Reply[None] = Reply()
        self.tell(device, Change(changes, reply, only_if and partial(only_if, device)))
        await reply.wait()
        await self._wait_saved(device_id)
        return device

    async def _wait_saved(self, device_id: str) -> None:
        try:
            await self.around.registry.wait_saved(device_id)
        except StorageError as error:
            raise UnsavedError(device_id, error) from error

    async def delete(self, device_id: str, only_if: Condition | None = None) -> None:
        """Delete a device, if `only_if` holds of it; whoever waits for it is told.

        Raises:
            UnknownDeviceError, DeviceChangedError: as they say.
            StorageError: it could not be deleted and is still there.
        """
        await self.changes.ask(device_id, partial(self.members.delete, device_id, only_if))

    # Routing

    def submit(
        self,
        device_id: str,
        request: CommandRequest,
        reply: ReplySlot[CommandResult],
        *,
        over_mqtt: bool = False,
    ) -> None:
        """Put a command into a device's inbox; the answer comes to `reply`.

        A request whose id this device has answered within five minutes is answered from memory.

        Raises:
            UnknownDeviceError, DeviceBusyError, DeviceFailedError, DeviceRestartingError,
            DeviceGoneError: nothing was done.
        """
        device = self.get(device_id)
        remembered = self._answered.remember(device.serial, request, reply)
        if remembered is None:
            return
        try:
            if device.model.failed and request.command == Reboot.name:
                self.children.start_again(device)
                remembered.answer(result_of(self.around, device.model, request, Applied()))
            else:
                self.tell(device, Perform(request, over_mqtt, remembered))
        except Exception:
            self._answered.forget(device.serial, request)
            raise

    async def command(self, device_id: str, request: CommandRequest) -> CommandResult:
        """Have a device carry out a command and return what became of it.

        Raises:
            ActorError: see `submit`; or the device failed or was deleted meanwhile.
            UnsavedError: it was carried out, but that is not saved yet.
        """
        reply: Reply[CommandResult] = Reply()
        self.submit(device_id, request, reply)
        result = await reply.wait()
        if result.status == "applied":
            await self._wait_saved(device_id)
            if request.command in ABOUT_FAULTS:
                await self.wait_on_record(device_id)
        self.around.hub.carried_out(result)
        return result

    async def wait_on_record(self, who: str) -> None:
        """Return once all that has begun and ended so far of faults is durable.

        Raises:
            UnsavedError: it is not saved yet; `who` has done it.
        """
        try:
            await self.around.ledger.wait_saved()
        except StorageError as error:
            raise UnsavedError(who, error) from error

    async def simulate(self, device_id: str) -> Reading:
        """Have a device take and publish a reading now.

        Raises:
            ActorError: the device is unknown, busy, failed or gone.
        """
        device = self.get(device_id)
        await self.counters.reserve(device, self.around.pacer.tick_now(device).dt_s)
        tick = self.around.pacer.tick_now(device)
        reply: Reply[Reading] = Reply()
        self.tell(device, Sample(tick, reply))
        device.handed_to = tick.now
        return await reply.wait()

    def tell(self, device: MockDevice, message: DeviceMessage) -> None:
        """Put a message into a device's inbox.

        Raises:
            DeviceFailedError, DeviceRestartingError, DeviceBusyError, DeviceGoneError: it was not.
        """
        if device.model.failed:
            raise DeviceFailedError(device.device_id)
        if device.restarting:
            raise DeviceRestartingError(device.device_id)
        device.tell(message)
