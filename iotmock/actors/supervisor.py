"""The supervisor: owns the device tasks and their inboxes, routes to them, restarts them."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from math import inf
from typing import Any

import attrs
import structlog
import trio
from attrs import define, field

from iotmock.actors.answered import Answered
from iotmock.actors.device import MockDevice, Surroundings
from iotmock.actors.errors import (
    DeviceExistsError,
    DeviceFailedError,
    DeviceGoneError,
    DeviceRestartingError,
    StorageError,
    UnknownDeviceError,
)
from iotmock.actors.messages import (
    Change,
    CommandRequest,
    CommandResult,
    DeviceMessage,
    Kind,
    Outgoing,
    Perform,
    Reply,
    ReplySlot,
    Sample,
)
from iotmock.actors.one_for_one import OneForOne
from iotmock.actors.ports import EnergyCount
from iotmock.actors.registry_writer import RESERVED_S
from iotmock.actors.roster import Roster
from iotmock.model.commands import Applied, Reboot
from iotmock.model.device import Device
from iotmock.model.family import Catalogue, UnknownDeviceTypeError, UnknownProfileError
from iotmock.model.faults.active import Faults
from iotmock.model.faults.plan import FaultProfile, Plan
from iotmock.model.reading import Reading
from iotmock.model.site import Sites
from iotmock.model.spec import DeviceRecord, DeviceSpec, DeviceState

log = structlog.get_logger()

INBOX_SIZE = 16
_SLICE = 1_000
_NUMBERED = "mock-{}-{:03d}"


@define(eq=False)
class Supervisor:
    """Every device by its id. Routing runs in the caller's task; the supervisor has no queue."""

    catalogue: Catalogue
    sites: Sites
    around: Surroundings
    fault_profile: FaultProfile = FaultProfile.OFF
    roster: Roster = field(factory=Roster)
    _devices: dict[str, MockDevice] = field(factory=dict)
    singles: dict[str, MockDevice] = field(factory=dict)
    """The devices that are of no fleet: each has its own row in the registry."""
    _answered: Answered = field(factory=Answered)
    _next_number: dict[str, int] = field(factory=dict)
    strategy: OneForOne = field(init=False)
    _nursery: trio.Nursery | None = None
    _loaded: bool = False
    _closing: trio.Event = field(factory=trio.Event)
    _ended: trio.Event = field(factory=trio.Event)

    def __attrs_post_init__(self) -> None:
        self.strategy = OneForOne(self.around, self._model)
        self.around.registry.note_saved = self._note_saved

    async def run(
        self,
        records: Iterable[DeviceRecord],
        task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED,
    ) -> None:
        """Run the devices until `close` and until each has finished its inbox."""
        async with trio.open_nursery() as nursery:
            self._nursery = nursery
            for record in records:
                self._take_up(record)
            self._loaded = True
            task_status.started()
            await self._closing.wait()
        self._ended.set()

    def _take_up(self, record: DeviceRecord) -> None:
        try:
            self._spawn(record).model.meter.ceiling_kwh = record.state.energy_kwh
        except (UnknownDeviceTypeError, UnknownProfileError) as error:
            log.warning("left out", device=record.spec.device_id, reason=str(error))

    def close(self) -> None:
        """Take no more work; devices finish what is in their inboxes and end."""
        self._closing.set()
        for device in self._devices.values():
            self.around.pacer.remove(device)
            device.post.close()

    async def wait_ended(self) -> None:
        """Wait until every device has ended."""
        await self._ended.wait()

    # The roster

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

    async def create(
        self, device_type: str, *, device_id: str | None = None, **fields: Any
    ) -> MockDevice:
        """Make a device, with the defaults of its profile for what `fields` leaves out.

        Raises:
            UnknownDeviceTypeError, UnknownProfileError, InvalidFieldError, DeviceExistsError,
            IdReservedError: as they say.
            StorageError: it could not be saved and was not made.
        """
        kind = self.catalogue.get(device_type)
        device_id = device_id or self._free_id(device_type)
        profile = kind.profile(fields.get("profile"))
        defaults = {"base_power": profile.base_power, "base_voltage": profile.base_voltage}
        spec = DeviceSpec(device_id=device_id, device_type=device_type, **defaults | fields)
        if device_id in self._devices:
            raise DeviceExistsError(device_id)
        self.roster.refuse_id(device_id)
        device = self._spawn(DeviceRecord(spec, self.around.clock.now()))
        try:
            await self.around.registry.save(device.record())
        except BaseException:
            self._remove(device)
            self.around.registry.tell_gone(device_id)
            raise
        return device

    def _free_id(self, device_type: str) -> str:
        number = self._next_number.get(device_type, 1)
        while _NUMBERED.format(device_type, number) in self._devices:
            number += 1
        self._next_number[device_type] = number
        return _NUMBERED.format(device_type, number)

    async def update(self, device_id: str, **changes: Any) -> MockDevice:
        """Change fields of a device.

        Raises:
            UnknownDeviceError, InvalidFieldError: as they say.
            ActorError: the device is busy, failed or gone.
        """
        device = self.get(device_id)
        fields = {name: value for name, value in changes.items() if name != "enabled"}
        attrs.evolve(device.model.spec, **fields)  # refuses here, in the caller's task
        reply: Reply[None] = Reply()
        self.tell(device, Change(changes, reply))
        await reply.wait()
        return device

    async def delete(self, device_id: str) -> None:
        """Delete a device; whoever waits for it is told.

        Raises:
            UnknownDeviceError: there is none of this id.
            StorageError: it could not be deleted and is still there.
        """
        device = self.get(device_id)
        holes = self.roster.punch(device_id)
        try:
            await self.around.registry.forget(device_id, *holes)
        except StorageError:
            self.roster.mend(device_id)
            raise
        if self._devices.get(device_id) is device:
            self._remove(device)
            self._next_number.pop(device.model.spec.device_type, None)

    def _remove(self, device: MockDevice) -> None:
        device.gone = True
        del self._devices[device.device_id]
        self.singles.pop(device.device_id, None)
        self.around.pacer.remove(device)
        device.post.close()
        device.fail_waiting(DeviceGoneError(device.device_id))
        device.end_faults()
        device.clear_status()
        self.around.publisher.dismiss(device.device_id)

    # What fleets ask

    def bring(self, record: DeviceRecord, reserved_kwh: float = inf) -> None:
        """Make a device of a fleet; the registry keeps its fleet's rule instead of the record.

        `reserved_kwh` is the reserve of its counter that is durable.

        Raises:
            DeviceExistsError: there is a device of this id.
            DeviceGoneError: the service is stopping.
        """
        if record.spec.device_id in self._devices:
            raise DeviceExistsError(record.spec.device_id)
        self._spawn(record).model.meter.ceiling_kwh = reserved_kwh

    def take_down(self, device_id: str) -> None:
        """Remove a device of a fleet, or what an earlier life has left of it."""
        device = self._devices.get(device_id)
        if device is None:
            self.around.publisher.tell(Outgoing(Kind.STATUS, device_id, b""))
        else:
            self._remove(device)
        self.around.registry.tell_gone(device_id)

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
        remembered = self._answered.remember(device_id, request, reply)
        if remembered is None:
            return
        try:
            if device.model.failed and request.command == Reboot.name:
                self._start_again(device)
                remembered.answer(device.result(request, Applied()))
            else:
                self.tell(device, Perform(request, over_mqtt, remembered))
        except Exception:
            self._answered.forget(device_id, request)
            raise

    async def command(self, device_id: str, request: CommandRequest) -> CommandResult:
        """Have a device carry out a command and return what became of it.

        Raises:
            ActorError: see `submit`; or the device failed or was deleted meanwhile.
        """
        reply: Reply[CommandResult] = Reply()
        self.submit(device_id, request, reply)
        return await reply.wait()

    async def simulate(self, device_id: str) -> Reading:
        """Have a device take and publish a reading now.

        Raises:
            ActorError: the device is unknown, busy, failed or gone.
        """
        device = self.get(device_id)
        await self._reserve(device, self.around.pacer.tick_now(device).dt_s)
        tick = self.around.pacer.tick_now(device)
        reply: Reply[Reading] = Reply()
        self.tell(device, Sample(tick, reply))
        device.handed_to = tick.now
        return await reply.wait()

    async def _reserve(self, device: MockDevice, seconds: float) -> None:
        """See to it that the counter may show an extra tick; where it can not, it holds."""
        model, meter = device.model, device.model.meter
        if meter.energy_kwh + model.peak_kw * seconds / 3600.0 <= meter.ceiling_kwh:
            return
        device.asked_s = seconds
        with suppress(StorageError):  # which the registry writer has logged
            await self.around.registry.renew(device.device_id)
        device.asked_s = 0.0

    def tell(self, device: MockDevice, message: DeviceMessage) -> None:
        """Put a message into a device's inbox.

        Raises:
            DeviceFailedError, DeviceRestartingError, DeviceBusyError, DeviceGoneError: it was not.
        """
        if device.model.failed:
            raise DeviceFailedError(device.device_id)
        if device.restarting:
            raise DeviceRestartingError(device.device_id)
        try:
            device.tell(message)
        except trio.ClosedResourceError:
            raise DeviceGoneError(device.device_id) from None

    # Supervision

    def _spawn(self, record: DeviceRecord) -> MockDevice:
        if self._closing.is_set():
            raise DeviceGoneError(record.spec.device_id)
        now = self.around.clock.goes_on(record.state.last_seen)
        post, inbox = trio.open_memory_channel[DeviceMessage](INBOX_SIZE)
        model = self._model(record.spec, record.state)
        device = MockDevice(
            model, record.created_at, self.around, now, post, inbox, record.state.last_seen
        )
        self._devices[device.device_id] = device
        if self.roster.place(device.device_id) is None:
            self.singles[device.device_id] = device
        self._begin(device)
        return device

    def _model(self, spec: DeviceSpec, state: DeviceState) -> Device:
        kind = self.catalogue.get(spec.device_type)
        seed = self.roster.seed_for(spec.device_id)
        model = Device.make(spec, kind, self.sites, state, self.around.pacer.interval, seed)
        if self.fault_profile is not FaultProfile.OFF:
            # Seeded by the service and not by a fleet, so that a location has one gateway.
            model.faults = Faults(Plan(self.sites.fleet_seed, self.fault_profile, spec))
        model.tick(self.around.clock.now(), 0.0)  # so that its meter shows something at once
        return model

    def _begin(self, device: MockDevice) -> None:
        assert self._nursery is not None, "devices begin while the supervisor runs"  # noqa: S101
        self.around.pacer.add(device)
        self.around.publisher.admit(device.device_id)
        self._nursery.start_soon(self.strategy.supervise, device, name=device.device_id)
        if self._loaded:  # before, nobody is connected, and a connection announces all
            device.publish_status()

    def _start_again(self, device: MockDevice) -> None:
        device.crashes = ()
        device.model.failed, device.restarting = False, True
        device.handed_to = self.around.clock.now()
        self._begin(device)

    # What others ask about the fleet

    async def announce(self, carries: Callable[[str], bool]) -> None:
        """Publish these devices' statuses before the backlog, as after each connect."""
        for number, device in enumerate(tuple(self._devices.values()), start=1):
            if not device.gone and carries(device.device_id):
                device.announce()
            if number % _SLICE == 0:
                await trio.lowlevel.checkpoint()

    def say_goodbye(self) -> None:
        """Publish the status offline for every device; their tasks have ended."""
        for device in self._devices.values():
            device.say_goodbye()

    def counters(self, device_ids: Iterable[str] | None = None) -> Iterator[EnergyCount]:
        """Yield the counters of these devices, or of all, but for fleets'; see `EnergyCount`."""
        wanted = tuple(self.singles if device_ids is None else device_ids)
        horizon = self.horizon(RESERVED_S)
        for device_id in wanted:
            if device_id in self.singles:
                yield self._counter(self.singles[device_id], horizon)

    def horizon(self, reserved_s: float) -> float:
        """Return the simulated time up to which a reserve of so many seconds must last."""
        return self.around.clock.now() + self.around.clock.span(reserved_s)

    def counter(
        self, device_id: str, horizon: float
    ) -> tuple[MockDevice, EnergyCount] | tuple[None, None]:
        """Return a device and its counter, if there is one; see `EnergyCount`."""
        device = self._devices.get(device_id)
        return (device, self._counter(device, horizon)) if device else (None, None)

    def _counter(self, device: MockDevice, horizon: float) -> EnergyCount:
        model, energy = device.model, device.model.meter.energy_kwh
        ticks_before = self.around.pacer.next_due(device) <= horizon
        ahead_s = max(0.0, horizon - device.handed_to) if ticks_before else 0.0
        reserved = energy + model.peak_kw * max(ahead_s, device.asked_s) / 3600.0
        # Nobody can know which of both the file will have when the process ends.
        model.meter.ceiling_kwh = min(reserved, model.meter.ceiling_kwh)
        return EnergyCount(device.device_id, energy, reserved, device.last_seen)

    def _note_saved(self, counts: Iterable[EnergyCount]) -> None:
        """Let meters show what is durable now."""
        for count in counts:
            if device := self.singles.get(count.device_id):
                device.model.meter.ceiling_kwh = count.reserved_kwh
