"""The routes of devices and of their types."""

from collections.abc import Iterator
from typing import Any

from attrs import frozen

from iotmock.actors.messages import CommandRequest, CommandResult
from iotmock.actors.summary.history import STEP_S
from iotmock.actors.system import System
from iotmock.model.measures.full_reading import FullReading
from iotmock.rest.answers import (
    Device,
    DeviceHistory,
    DeviceTypeInfo,
    DeviceTypeList,
    ShownReading,
)
from iotmock.rest.http.conditional import IF_MATCH, IF_NONE_MATCH, OnlyIf, validators
from iotmock.rest.intake.bodies import JSON, MERGE_PATCH
from iotmock.rest.intake.checks import NewDeviceCheck
from iotmock.rest.operation import Answer, Operation
from iotmock.rest.problems import of_rejection
from iotmock.rest.requests import (
    DeviceChanges,
    DevicePatch,
    NewCommand,
    NewDevice,
    given,
)

_ALL = "/api/v1/devices"
_ONE = "/api/v1/devices/<device_id>"
_OF_ACTORS = (409, 429)


@frozen
class DeviceRoutes:
    """The fleet, one device at a time."""

    system: System

    def operations(self) -> Iterator[Operation]:
        """Yield the rows of the table."""
        yield Operation(
            "POST",
            _ALL,
            self.create_device,
            Device,
            201,
            body=NewDevice,
            check=NewDeviceCheck(self.system.supervisor.catalogue),
            tagged=True,
            problems=(409,),
        )
        yield Operation(
            "GET", _ONE, self.get_device, Device, tagged=True, conditions=IF_MATCH | IF_NONE_MATCH
        )
        update, patch, command = self.update_device, self.patch_device, self.command_device
        yield Operation(
            "PUT",
            _ONE,
            update,
            Device,
            body=DeviceChanges,
            tagged=True,
            problems=_OF_ACTORS,
            conditions=IF_MATCH,
        )
        yield Operation(
            "PATCH",
            _ONE,
            patch,
            Device,
            body=DevicePatch,
            media_types=(JSON, MERGE_PATCH),
            tagged=True,
            problems=_OF_ACTORS,
            conditions=IF_MATCH,
        )
        yield Operation("DELETE", _ONE, self.delete_device, None, 204, conditions=IF_MATCH)
        yield Operation("GET", f"{_ONE}/readings", self.get_readings, FullReading)
        yield Operation(
            "POST", f"{_ONE}/command", command, CommandResult, body=NewCommand, problems=_OF_ACTORS
        )
        yield Operation(
            "POST", f"{_ONE}/simulate", self.simulate_device, FullReading, problems=_OF_ACTORS
        )
        yield Operation("GET", f"{_ONE}/history", self.get_device_history, DeviceHistory)
        yield Operation("GET", "/api/v1/device-types", self.list_device_types, DeviceTypeList)

    async def create_device(self, body: NewDevice) -> Answer:
        """Make a device."""
        device = await self.system.supervisor.create(**given(body))
        where = {"Location": f"{_ALL}/{device.device_id}"}
        return Answer(Device.of(device, self.system), 201, where | validators(device))

    async def get_device(self, device_id: str) -> Answer:
        """Get a device.

        `ETag` stands for all but `last_seen`, `readings` and `simulation`: with `If-None-Match`
        a client hears 304 while nobody has changed the device.
        """
        device, only_if = self.system.supervisor.get(device_id), OnlyIf.asked()
        only_if.check(device)
        headers = validators(device)
        if only_if.knows(headers["ETag"]):
            return Answer(status=304, headers=headers)
        return Answer(Device.of(device, self.system), headers=headers)

    async def update_device(self, device_id: str, body: DeviceChanges) -> Answer:
        """Change any subset of the fields that can change."""
        return await self._update(device_id, given(body))

    async def patch_device(self, device_id: str, body: DevicePatch) -> Answer:
        """Change what a merge patch names (RFC 7396); null sets a field back to its default.

        For powers and voltages that is the profile's, for `interval` the simulation's.
        """
        profile = self.system.supervisor.get(device_id).model.profile
        defaults = {
            "location": "",
            "base_power": profile.base_power,
            "base_voltage": profile.base_voltage,
        }
        changes = given(body)
        cleared = {name for name, value in changes.items() if value is None}
        return await self._update(
            device_id, changes | {name: defaults.get(name) for name in cleared}
        )

    async def _update(self, device_id: str, changes: dict[str, Any]) -> Answer:
        supervisor, only_if = self.system.supervisor, OnlyIf.asked()
        device = await supervisor.update(device_id, only_if, **changes)
        return Answer(Device.of(device, self.system), headers=validators(device))

    async def delete_device(self, device_id: str) -> Answer:
        """Delete a device; its retained status is cleared."""
        await self.system.supervisor.delete(device_id, OnlyIf.asked())
        return Answer(status=204)

    async def get_readings(self, device_id: str) -> Answer:
        """Get the data message of now, without advancing the simulation."""
        device = self.system.supervisor.get(device_id)
        return Answer(device.told(device.reading(self.system.clock.now())))

    async def command_device(self, device_id: str, body: NewCommand) -> Answer:
        """Have a device carry out a command, and get its result."""
        request = CommandRequest(body.command, body.parameters, body.id)
        result = await self.system.supervisor.command(device_id, request)
        if result.status == "rejected":
            return Answer(of_rejection(result), 422)
        return Answer(result)

    async def simulate_device(self, device_id: str) -> Answer:
        """Take and publish a reading now, also while the simulation is stopped."""
        supervisor = self.system.supervisor
        reading = await supervisor.simulate(device_id)
        return Answer(supervisor.get(device_id).told(reading))

    async def get_device_history(self, device_id: str) -> Answer:
        """Get what a device's meter showed in the last quarter of an hour.

        Of a fleet of more than 1,000 that is kept only of devices whose messages somebody looks at.
        """
        self.system.supervisor.get(device_id)
        shown = self.system.summaries.meters.shown_by(device_id)
        return Answer(DeviceHistory(STEP_S, [ShownReading.of(one) for one in shown]))

    async def list_device_types(self) -> Answer:
        """List the device types, with the commands of each."""
        kinds = self.system.supervisor.catalogue
        return Answer(DeviceTypeList([DeviceTypeInfo.of(kind) for kind in kinds]))
