"""The supervisor: owns the device tasks and their inboxes, routes to them, restarts them."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import partial
from math import inf
from typing import Any

import attrs
import structlog
import trio
from attrs import define, field

from iotmock.actors.definitions.roster import Roster
from iotmock.actors.devices.answered import Answered
from iotmock.actors.devices.changes import Changes
from iotmock.actors.devices.device import MockDevice, Surroundings
from iotmock.actors.devices.one_for_one import OneForOne
from iotmock.actors.errors import (
    DeviceChangedError,
    DeviceExistsError,
    DeviceFailedError,
    DeviceGoneError,
    DeviceRestartingError,
    StorageError,
    TooManyDevicesError,
    UnknownDeviceError,
    UnsavedError,
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
from iotmock.actors.ports import EnergyCount
from iotmock.actors.records.registry_writer import RESERVED_S
from iotmock.model.commands import Applied, Reboot
from iotmock.model.device import Device
from iotmock.model.family import Catalogue, UnknownDeviceTypeError, UnknownProfileError
from iotmock.model.faults.active import Faults
from iotmock.model.faults.plan import FaultProfile, Plan
from iotmock.model.meter import MOST_GAIN
from iotmock.model.reading import Reading
from iotmock.model.site.site import Sites
from iotmock.model.spec import DeviceRecord, DeviceSpec, DeviceState

log = structlog.get_logger()

Condition = Callable[[MockDevice], bool]
_SLICE = 1_000
MIRRORED = "mock-real-"
"""What the ids of the platform's devices begin with here."""
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
    mirrored: set[str] = field(factory=set)
    """Those of the platform's devices that have a stand-in here; see `PlatformMirror`."""
    changes: Changes = field(factory=Changes)
    requests: Changes = field(factory=Changes)
    """Requests that are carried out to their end, each of several changes, whoever hangs up."""
    _coming: dict[str, DeviceRecord] = field(factory=dict)
    """Devices that are being saved; they live once they are durable."""
    _leaving: set[str] = field(factory=set)
    """Devices that live until their end is durable."""
    _answered: Answered = field(factory=Answered)
    _next_number: dict[str, int] = field(factory=dict)
    strategy: OneForOne = field(init=False)
    _nursery: trio.Nursery | None = None
    _loaded: bool = False
    _closing: trio.Event = field(factory=trio.Event)
    _ended: trio.Event = field(factory=trio.Event)

    def __attrs_post_init__(self) -> None:
        self.strategy = OneForOne(self.around, self._model)
        self.around.registry.records = self._record
        self.around.registry.note_saved = self._note_saved

    async def run(
        self,
        records: Iterable[DeviceRecord],
        task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED,
    ) -> None:
        """Run the devices until `close` and until each has finished its inbox."""
        async with trio.open_nursery() as nursery:
            self._nursery = nursery
            self.changes.begin(nursery)
            self.requests.begin(nursery)
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
        self.changes.end()
        self.requests.end()
        for device in self._devices.values():
            self.around.pacer.remove(device)
            device.inbox.close()

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

    @property
    def taken(self) -> int:
        """How many devices there are or will be, fleets' included."""
        return len(self.singles) + len(self._coming) + self.roster.taken

    @property
    def room(self) -> int:
        """How many more devices there may be."""
        return max(0, self.roster.most - self.taken)

    def single_ids(self) -> Iterator[str]:
        """Yield the ids of devices that are of no fleet, those that are being made included."""
        yield from self.singles
        yield from self._coming

    def _record(self, device_id: str) -> DeviceRecord | None:
        """Return what the file must have of a device now."""
        device = self._devices.get(device_id)
        if device is None:
            return self._coming.get(device_id)
        return None if device_id in self._leaving else device.record()

    async def create(
        self, device_type: str, *, device_id: str | None = None, **fields: Any
    ) -> MockDevice:
        """Make a device, with the defaults of its profile for what `fields` leaves out.

        Raises:
            UnknownDeviceTypeError, UnknownProfileError, InvalidFieldError, DeviceExistsError,
            IdReservedError, TooManyDevicesError: as they say.
            StorageError: it could not be saved and was not made.
        """
        kind = self.catalogue.get(device_type)
        device_id = device_id or self._free_id(device_type)
        profile = kind.profile(fields.get("profile"))
        defaults = {"base_power": profile.base_power, "base_voltage": profile.base_voltage}
        spec = DeviceSpec(device_id=device_id, device_type=device_type, **defaults | fields)
        return await self.changes.ask(device_id, partial(self._create, spec))

    async def _create(self, spec: DeviceSpec) -> MockDevice:
        if spec.device_id in self._devices:
            raise DeviceExistsError(spec.device_id)
        self.roster.refuse_id(spec.device_id)
        if not self.room:
            raise TooManyDevicesError(self.roster.most)
        record = self._coming[spec.device_id] = DeviceRecord(spec, self.around.clock.now())
        give_up = partial(self._give_up, spec)
        try:
            await self.around.registry.save(spec.device_id, undo=give_up)
            return self._begin_to_live(record)
        except BaseException:
            self.around.registry.note(spec.device_id)
            raise
        finally:
            give_up()

    def _begin_to_live(self, record: DeviceRecord) -> MockDevice:
        device = self._spawn(record)
        device.model.meter.ceiling_kwh = self.first_counter(record, RESERVED_S).reserved_kwh
        return device

    def _give_up(self, spec: DeviceSpec) -> None:
        self._coming.pop(spec.device_id, None)
        if spec.device_id not in self._devices:
            self._next_number.pop(spec.device_type, None)

    def _free_id(self, device_type: str) -> str:
        number = self._next_number.get(device_type, 1)
        while self._is_taken(_NUMBERED.format(device_type, number)):
            number += 1
        self._next_number[device_type] = number + 1
        return _NUMBERED.format(device_type, number)

    def _is_taken(self, device_id: str) -> bool:
        return device_id in self._devices or self.changes.is_changing(device_id)

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
        await self.changes.ask(device_id, partial(self._delete, device_id, only_if))

    async def _delete(self, device_id: str, only_if: Condition | None) -> None:
        if only_if is not None and not only_if(self.get(device_id)):
            raise DeviceChangedError(device_id)
        place = self.roster.place(device_id)
        if place is None:
            await self._let_go(device_id)
            return
        async with place[0].turns.beside():
            await self._let_go(device_id)

    async def _let_go(self, device_id: str) -> None:
        device = self.get(device_id)
        holes = self.roster.punch(device_id)
        self._leaving.add(device_id)
        keep = partial(self._keep, device_id)
        try:
            await self.around.registry.save(device_id, *holes, undo=keep)
        finally:
            self._leaving.discard(device_id)
        if self._devices.get(device_id) is device:
            self._remove(device)
            self._next_number.pop(device.model.spec.device_type, None)

    def _keep(self, device_id: str) -> None:
        self._leaving.discard(device_id)
        self.roster.mend(device_id)

    def _remove(self, device: MockDevice) -> None:
        device.gone = True
        del self._devices[device.device_id]
        self.singles.pop(device.device_id, None)
        self.mirrored.discard(device.device_id)
        self.around.pacer.remove(device)
        device.inbox.close()
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
        self.around.registry.note(device_id)

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
            UnsavedError: it was carried out, but that is not saved yet.
        """
        reply: Reply[CommandResult] = Reply()
        self.submit(device_id, request, reply)
        result = await reply.wait()
        if result.status == "applied":
            await self._wait_saved(device_id)
        return result

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
        device.tell(message)

    # Supervision

    def _spawn(self, record: DeviceRecord) -> MockDevice:
        if self._closing.is_set():
            raise DeviceGoneError(record.spec.device_id)
        now = self.around.clock.goes_on(record.state.last_seen)
        model = self._model(record.spec, record.state)
        device = MockDevice(model, record.created_at, self.around, now, record.state.last_seen)
        self._devices[device.device_id] = device
        if self.roster.place(device.device_id) is None:
            self.singles[device.device_id] = device
            if device.device_id.startswith(MIRRORED):
                self.mirrored.add(device.device_id)
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
            elif device_id in self._coming:
                yield self.first_counter(self._coming[device_id], RESERVED_S)

    def first_counter(self, record: DeviceRecord, reserve_s: float) -> EnergyCount:
        """Return the counter of a device that is about to be made."""
        spec, state = record.spec, record.state
        profile = self.catalogue.get(spec.device_type).profile(spec.profile)
        peak_kw = spec.base_power * profile.peak * MOST_GAIN
        reserved = state.energy_kwh + peak_kw * self.around.clock.span(reserve_s) / 3600.0
        return EnergyCount(spec.device_id, state.energy_kwh, reserved, state.last_seen)

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
        # Comparisons and no min or max: every device comes here once an interval.
        model, meter, ahead_s = device.model, device.model.meter, device.asked_s
        energy, to_horizon_s = meter.energy_kwh, horizon - device.handed_to
        if to_horizon_s > ahead_s and self.around.pacer.next_due(device) <= horizon:
            ahead_s = to_horizon_s
        reserved = energy + model.peak_kw * ahead_s / 3600.0
        # Nobody can know which of both the file will have when the process ends.
        meter.ceiling_kwh = min(meter.ceiling_kwh, reserved)
        return EnergyCount(device.device_id, energy, reserved, device.last_seen)

    def _note_saved(self, counts: Iterable[EnergyCount]) -> None:
        """Let meters show what is durable now."""
        for count in counts:
            if device := self.singles.get(count.device_id):
                device.model.meter.ceiling_kwh = count.reserved_kwh
