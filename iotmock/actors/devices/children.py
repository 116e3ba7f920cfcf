"""The supervisor's children: how devices begin to live, begin again, and end."""

from collections.abc import Callable, Iterable, Iterator
from math import inf

import trio
from attrs import define, field

from iotmock.actors.devices.device import MockDevice
from iotmock.actors.devices.left_out import LeftOut
from iotmock.actors.devices.model_builder import ModelBuilder
from iotmock.actors.devices.one_for_one import OneForOne
from iotmock.actors.devices.sides.awaited import AwaitedFaults
from iotmock.actors.devices.sides.faults import end_all
from iotmock.actors.devices.sides.status import (
    announce,
    clear_status,
    count_status,
    introduce,
    say_goodbye,
)
from iotmock.actors.devices.sides.surroundings import Surroundings
from iotmock.actors.errors import DeviceExistsError, DeviceGoneError
from iotmock.model.family import UnknownDeviceTypeError, UnknownProfileError
from iotmock.model.spec import DeviceRecord

_SLICE = 1_000
MIRRORED = "mock-real-"
"""What the ids of the platform's devices begin with here."""


@define(eq=False)
class Children:
    """Every device that lives, by its id, each with a task in the supervisor's nursery.

    Nothing in here is durable and nothing waits for a disk: see `Membership`.
    """

    around: Surroundings
    models: ModelBuilder
    by_id: dict[str, MockDevice] = field(factory=dict)
    singles: dict[str, MockDevice] = field(factory=dict)
    """The devices that are of no fleet: each has its own row in the registry."""
    left_out: LeftOut = field(factory=LeftOut)
    mirrored: set[str] = field(factory=set)
    """Those of the platform's devices that have a stand-in here; see `PlatformMirror`."""
    awaited: AwaitedFaults = field(init=False)
    strategy: OneForOne = field(init=False)
    _nursery: trio.Nursery | None = None
    _loaded: bool = False
    _closed: bool = False

    def __attrs_post_init__(self) -> None:
        self.awaited = AwaitedFaults(self.around)
        self.strategy = OneForOne(self.around, self.models.build)

    def begin(self, nursery: trio.Nursery, records: Iterable[DeviceRecord]) -> None:
        """Run devices in this nursery; these are what the registry knows."""
        self._nursery = nursery
        for record in records:
            try:
                self.start(record, record.state.energy_kwh)
            except (UnknownDeviceTypeError, UnknownProfileError) as error:
                self.left_out.add(record, str(error))
        self._loaded = True

    def close(self) -> None:
        """Start none any more; those that live finish what is in their inboxes and end."""
        self._closed = True
        for device in self.by_id.values():
            self.around.pacer.remove(device)
            device.inbox.close()

    def drifting(self) -> Iterator[str]:
        """Return the ids of devices whose settings change as they live."""
        return (name for name, one in self.by_id.items() if one.model.profile.drifts)

    def settle(self) -> None:
        """Have main meters count what their devices did since; all tasks have ended."""
        for device in self.by_id.values():
            device.model.settle()

    # One device

    def start(self, record: DeviceRecord, reserved_kwh: float) -> MockDevice:
        """Let a device live; `reserved_kwh` is the reserve of its counter that is durable.

        Raises:
            UnknownDeviceTypeError, UnknownProfileError: there is no such model.
            DeviceGoneError: the service is stopping.
        """
        if self._closed:
            raise DeviceGoneError(record.spec.device_id)
        state = record.state
        model = self.models.build(record.spec, state)
        now = self.around.clock.goes_on(state.last_seen)
        device = MockDevice(model, record.created_at, self.around, now, state.last_seen)
        self._enter(device)
        self._run(device)
        model.meter.let_show(reserved_kwh, state.back_kwh + (reserved_kwh - state.energy_kwh))
        return device

    def _enter(self, device: MockDevice) -> None:
        device_id = device.device_id
        self.by_id[device_id] = device
        self.around.hub.device_changed(device_id)
        if self.models.roster.place(device_id) is None:
            self.singles[device_id] = device
            if device_id.startswith(MIRRORED):
                self.mirrored.add(device_id)

    def _run(self, device: MockDevice) -> None:
        assert self._nursery is not None, "devices begin while the supervisor runs"  # noqa: S101
        self.around.pacer.add(device)
        self.around.publisher.admit(device.device_id)
        self._nursery.start_soon(self.strategy.supervise, device, name=device.device_id)
        if self._loaded:  # before, nobody is connected, and a connection announces all
            introduce(self.around, device.model)
        else:
            count_status(self.around, device.model)

    def start_again(self, device: MockDevice) -> None:
        """Let a device live that failed too often, as if it never had."""
        device.crashes = ()
        device.model.failed, device.restarting = False, True
        device.handed_to = self.around.clock.now()
        self._run(device)

    def end(self, device: MockDevice) -> None:
        """End a device for ever; whoever waits for it is told."""
        device.gone = True
        del self.by_id[device.device_id]
        self.singles.pop(device.device_id, None)
        self.mirrored.discard(device.device_id)
        self.around.pacer.remove(device)
        device.inbox.close()
        device.fail_waiting(DeviceGoneError(device.device_id))
        end_all(self.around, device.model)
        device.model.leave()
        self.around.full.forget(device.device_id)
        clear_status(self.around, device.device_id, device.model)
        self.around.publisher.dismiss(device.device_id)
        self.around.hub.device_gone(device.device_id)

    # What fleets ask

    def bring(self, record: DeviceRecord, reserved_kwh: float = inf) -> None:
        """Let a device of a fleet live; the registry keeps its fleet's rule, not the record.

        Raises:
            DeviceExistsError: there is a device of this id.
            DeviceGoneError: the service is stopping.
        """
        if record.spec.device_id in self.by_id:
            raise DeviceExistsError(record.spec.device_id)
        self.awaited.go_on(self.start(record, reserved_kwh).model)

    def take_down(self, device_id: str) -> None:
        """End a device of a fleet, or what an earlier life has left of it."""
        device = self.by_id.get(device_id)
        if device is None:
            self.awaited.give_up(device_id)
            clear_status(self.around, device_id)
            self.around.publisher.dismiss(device_id)
        else:
            self.end(device)
        self.around.registry.note(device_id)

    # Statuses of all

    async def announce(self, carries: Callable[[str], bool]) -> None:
        """Publish these devices' statuses before the backlog, as after each connect."""
        for number, device in enumerate(tuple(self.by_id.values()), start=1):
            if not device.gone and carries(device.device_id):
                announce(self.around, device.model)
            if number % _SLICE == 0:
                await trio.lowlevel.checkpoint()

    def say_goodbye(self) -> None:
        """Publish the status offline for every device; their tasks have ended."""
        for device in self.by_id.values():
            say_goodbye(self.around, device.model)
