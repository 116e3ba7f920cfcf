"""The routes of devices and of their types."""

from collections.abc import Iterable, Iterator
from itertools import islice

import trio
from attrs import frozen
from msgspec import UNSET

from iotmock.actors.device import MockDevice
from iotmock.actors.messages import CommandRequest, CommandResult
from iotmock.actors.system import System
from iotmock.model.reading import Reading
from iotmock.model.spec import InvalidFieldError
from iotmock.rest.answers import Device, DeviceList, DeviceTypeInfo, DeviceTypeList, Preview
from iotmock.rest.intake.checks import NewDeviceCheck
from iotmock.rest.operation import Answer, Operation
from iotmock.rest.problems import of_rejection
from iotmock.rest.requests import (
    DeviceChanges,
    DeviceQuery,
    NewCommand,
    NewDevice,
    PreviewQuery,
    given,
)

_ALL = "/api/v1/devices"
_ONE = "/api/v1/devices/<device_id>"
_OF_ACTORS = (409, 429)
_LONGEST_PREVIEW = 5_000
_WALK = 5_000
"""Devices that are looked at between two turns of the others: a few milliseconds."""


@frozen
class DeviceRoutes:
    """The fleet, one device at a time."""

    system: System

    def operations(self) -> Iterator[Operation]:
        """Yield the rows of the table."""
        yield Operation("GET", _ALL, self.list_devices, DeviceList, query=DeviceQuery)
        yield Operation(
            "POST",
            _ALL,
            self.create_device,
            Device,
            201,
            body=NewDevice,
            check=NewDeviceCheck(self.system.supervisor.catalogue),
            problems=(409,),
        )
        yield Operation("GET", _ONE, self.get_device, Device)
        update, command = self.update_device, self.command_device
        yield Operation("PUT", _ONE, update, Device, body=DeviceChanges, problems=_OF_ACTORS)
        yield Operation("DELETE", _ONE, self.delete_device, None, 204)
        yield Operation("GET", f"{_ONE}/readings", self.get_readings, Reading)
        yield Operation(
            "POST", f"{_ONE}/command", command, CommandResult, body=NewCommand, problems=_OF_ACTORS
        )
        yield Operation(
            "POST", f"{_ONE}/simulate", self.simulate_device, Reading, problems=_OF_ACTORS
        )
        yield Operation("GET", f"{_ONE}/preview", self.preview, Preview, query=PreviewQuery)
        yield Operation("GET", "/api/v1/device-types", self.list_device_types, DeviceTypeList)

    async def list_devices(self, query: DeviceQuery) -> Answer:
        """List devices, the oldest first."""
        page, total = await self._page(query)
        return Answer(DeviceList([Device.of(device, self.system) for device in page], total))

    async def _page(self, query: DeviceQuery) -> tuple[Iterable[MockDevice], int]:
        supervisor, end = self.system.supervisor, query.offset + query.limit
        if query.device_type is UNSET and query.status is UNSET:
            # The usual question, which must not cost a walk over the fleet.
            return islice(supervisor, query.offset, end), len(supervisor)
        matching = await self._matching(query)
        return matching[query.offset : end], len(matching)

    async def _matching(self, query: DeviceQuery) -> list[MockDevice]:
        supervisor, matching = self.system.supervisor, list[MockDevice]()
        if query.device_type is not UNSET:
            supervisor.catalogue.get(query.device_type)  # refuses a type that does not exist
        for number, device in enumerate(tuple(supervisor), start=1):
            of_type = query.device_type in {UNSET, device.model.spec.device_type}
            if of_type and query.status in {UNSET, device.model.status}:
                matching.append(device)
            if number % _WALK == 0:
                await trio.lowlevel.checkpoint()
        return matching

    async def create_device(self, body: NewDevice) -> Answer:
        """Make a device."""
        device = await self.system.supervisor.create(**given(body))
        where = {"Location": f"{_ALL}/{device.device_id}"}
        return Answer(Device.of(device, self.system), 201, where)

    async def get_device(self, device_id: str) -> Answer:
        """Get a device."""
        return Answer(Device.of(self.system.supervisor.get(device_id), self.system))

    async def update_device(self, device_id: str, body: DeviceChanges) -> Answer:
        """Change any subset of the fields that can change."""
        device = await self.system.supervisor.update(device_id, **given(body))
        return Answer(Device.of(device, self.system))

    async def delete_device(self, device_id: str) -> Answer:
        """Delete a device; its retained status is cleared."""
        await self.system.supervisor.delete(device_id)
        return Answer(status=204)

    async def get_readings(self, device_id: str) -> Answer:
        """Get the data message of now, without advancing the simulation."""
        device = self.system.supervisor.get(device_id)
        return Answer(device.reading(self.system.clock.now()))

    async def command_device(self, device_id: str, body: NewCommand) -> Answer:
        """Have a device carry out a command, and get its result."""
        request = CommandRequest(body.command, body.parameters, body.id)
        result = await self.system.supervisor.command(device_id, request)
        if result.status == "rejected":
            return Answer(of_rejection(result), 422)
        return Answer(result)

    async def simulate_device(self, device_id: str) -> Answer:
        """Take and publish a reading now, also while the simulation is stopped."""
        return Answer(await self.system.supervisor.simulate(device_id))

    async def preview(self, device_id: str, query: PreviewQuery) -> Answer:
        """See what this device will look like, computed on a copy."""
        device = self.system.supervisor.get(device_id)
        if query.hours * 3600.0 / query.step > _LONGEST_PREVIEW:
            raise InvalidFieldError(
                "step", f"hours and step give more than {_LONGEST_PREVIEW} readings; widen step"
            )
        now = self.system.clock.now()
        return Answer(Preview(device.model.preview(now, query.hours, query.step)))

    async def list_device_types(self) -> Answer:
        """List the device types, with the commands of each."""
        kinds = self.system.supervisor.catalogue
        return Answer(DeviceTypeList([DeviceTypeInfo.of(kind) for kind in kinds]))
