"""The fault router: from a request for a fault to the inboxes of those it befalls."""

from collections.abc import Iterable, Iterator
from secrets import token_hex

import structlog
import trio
from attrs import define, frozen

from iotmock.actors.devices.device import MockDevice
from iotmock.actors.devices.sides.faults import resume
from iotmock.actors.devices.supervisor import Supervisor
from iotmock.actors.errors import (
    ActorError,
    FaultExistsError,
    UnknownDeviceError,
    UnknownFaultError,
)
from iotmock.actors.messages import Clear, Inject, Reply
from iotmock.actors.ports.ledger_file import OpenFault
from iotmock.actors.routers.selector import Selector
from iotmock.model.faults.fault import Injection
from iotmock.model.faults.request import FaultRequest, InvalidFaultError, parse_fault

log = structlog.get_logger()

_SLICE = 256


@frozen
class Injected:
    """What became of a request for many devices; `refused` are ids and reasons."""

    group: str
    faults: list[Injection]
    refused: list[tuple[str, str]]


@define(eq=False)
class FaultRouter:
    """Runs in the caller's task; each device answers for itself.

    Whoever asks for faults is answered once they are on record, so that they are there in the next
    life too.
    """

    supervisor: Supervisor

    async def inject(self, device_id: str, request: FaultRequest) -> Injection:
        """Have one device fail; a fault of its location takes its neighbours too.

        Raises:
            InvalidFaultError: the fault is unknown or its parameters contradict.
            ActorError: the device is unknown, busy, failed or gone.
            UnsavedError: it has the fault, but that is not saved yet.
        """
        device = self.supervisor.get(device_id)
        if not parse_fault(request.fault, request.parameters).of_location:
            injection = await self._inject_one(device, self._injection(device, request))
            await self.supervisor.wait_on_record(device_id)
            return injection
        return await self._inject_around(device, request)

    async def _inject_around(self, device: MockDevice, request: FaultRequest) -> Injection:
        # The one that was asked for is first: when it can not, its neighbours have nothing, either.
        there = Selector(location=device.model.spec.location or _no_location(request))
        others = [one for one in there.of(self.supervisor) if one is not device]
        injected = Injected(token_hex(8), [], [])
        injection = self._injection(device, request, injected.group)
        await self._inject_one(device, injection)
        await self._inject_each(others, request, injected)
        await self.supervisor.wait_on_record(_every(injected.group))
        return injection

    def _injection(
        self, device: MockDevice, request: FaultRequest, group: str | None = None
    ) -> Injection:
        now = self.supervisor.around.clock.now()
        return request.injection(device.model.spec, now, token_hex(8), group)

    async def _inject_one(self, device: MockDevice, injection: Injection) -> Injection:
        reply: Reply[bool] = Reply()
        self.supervisor.tell(device, Inject(injection, reply))
        if not await reply.wait():
            raise FaultExistsError(device.device_id, injection.fault_id)
        return injection

    async def inject_where(self, selector: Selector, request: FaultRequest) -> Injected:
        """Have many devices fail, and say which could not.

        Raises:
            InvalidFaultError: the fault is unknown or its parameters contradict, for all of them.
            UnknownDeviceError: an id is not of the fleet.
            UnsavedError: the faults are there, but that is not saved yet.
        """
        injected = await self.begin_where(selector, request)
        if injected.faults:
            await self.supervisor.wait_on_record(_every(injected.group))
        return injected

    async def begin_where(self, selector: Selector, request: FaultRequest) -> Injected:
        """Do so without waiting for the ledger.

        Raises:
            InvalidFaultError, UnknownDeviceError: see `inject_where`.
        """
        parse_fault(request.fault, request.parameters)
        injected = Injected(token_hex(8), [], [])
        await self._inject_each(list(selector.of(self.supervisor)), request, injected)
        return injected

    async def _inject_each(
        self, devices: Iterable[MockDevice], request: FaultRequest, injected: Injected
    ) -> None:
        for number, device in enumerate(devices, start=1):
            try:
                injection = self._injection(device, request, injected.group)
                injected.faults.append(await self._inject_one(device, injection))
            except (ActorError, InvalidFaultError) as error:
                injected.refused.append((device.device_id, str(error)))
            if number % _SLICE == 0:
                await trio.lowlevel.checkpoint()

    async def clear(self, device_id: str, fault_id: str) -> None:
        """End a fault.

        Raises:
            UnknownFaultError: the device has no fault of this id.
            ActorError: the device is unknown, busy, failed or gone.
            UnsavedError: it has ended, but that is not saved yet.
        """
        await self._end(device_id, fault_id)
        await self.supervisor.wait_on_record(device_id)

    async def _end(self, device_id: str, fault_id: str) -> None:
        reply: Reply[bool] = Reply()
        self.supervisor.tell(self.supervisor.get(device_id), Clear(fault_id, reply))
        if not await reply.wait():
            raise UnknownFaultError(device_id, fault_id)

    async def clear_group(self, group: str) -> int:
        """End all faults of a request for many devices; return how many there were.

        Raises:
            UnsavedError: they have ended, but that is not saved yet.
        """
        ended = 0
        for device, injection in list(self._of_group(group)):
            try:
                await self._end(device.device_id, injection.fault_id)
            except ActorError as error:
                log.warning("a fault was not cleared", device=device.device_id, reason=str(error))
            else:
                ended += 1
        if ended:
            await self.supervisor.wait_on_record(_every(group))
        return ended

    def _of_group(self, group: str) -> Iterator[tuple[MockDevice, Injection]]:
        for device in self.supervisor:
            for injection in known_faults(device):
                if injection.group == group:
                    yield device, injection

    def resume(self, faults: Iterable[OpenFault]) -> list[OpenFault]:
        """Go on with the faults of an earlier life; return those whose device is gone.

        Those of fleets go on when their devices are made.
        """
        orphans = []
        for fault in faults:
            try:
                device = self.supervisor.get(fault.injection.device_id)
            except UnknownDeviceError:
                if self._comes(fault.injection.device_id):
                    self.supervisor.children.awaited.wait(fault)
                else:
                    orphans.append(fault)
            else:
                resume(device.around, device.model, fault)
        return orphans

    def _comes(self, device_id: str) -> bool:
        place = self.supervisor.roster.place(device_id)
        return place is not None and place[1] <= place[0].top and place[0].has(place[1])


def known_faults(device: MockDevice) -> list[Injection]:
    """Return the faults of a device that are active, and those that were asked for and wait."""
    faults = device.model.faults
    if faults is None:
        return []
    return [*(active.injection for active in faults.active.values()), *faults.schedule.requested]


def _every(group: str) -> str:
    return f"every device of the group {group}"


def _no_location(request: FaultRequest) -> str:
    raise InvalidFaultError("fault", f"{request.fault} needs a device with a location")
