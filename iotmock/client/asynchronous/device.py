"""One device, to be spoken to: told, read, waited for, broken for a while."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from attrs import frozen

from iotmock.client.answers.devices import CommandResult, DeviceInfo, Reading
from iotmock.client.answers.faults import FaultEntry
from iotmock.client.asked import When
from iotmock.client.asynchronous.waiting import first_of
from iotmock.client.errors import RefusedError

if TYPE_CHECKING:
    from iotmock.client.asynchronous.client import AsyncClient

PATIENCE_S = 30.0


@frozen
class AsyncDevice:
    """A device of a service. Every method raises what those of `AsyncClient` raise."""

    client: "AsyncClient"
    device_id: str

    async def info(self) -> DeviceInfo:
        """Return all that the service shows of it."""
        return await self.client.get_device(self.device_id)

    async def reading(self) -> Reading:
        """Return what its meter shows now."""
        return await self.client.get_readings(self.device_id)

    async def send(self, command: str, **parameters: Any) -> CommandResult:
        """Tell it to do something: `await device.send("set_power", power=30.0)`."""
        return await self.client.command_device(self.device_id, command, parameters)

    @asynccontextmanager
    async def fault(
        self, fault: str, *, duration: float | None = None, **parameters: Any
    ) -> AsyncIterator[FaultEntry]:
        """Have it fail during the block, or for `duration` s of simulated time if that is less."""
        more: When = {} if duration is None else {"duration": duration}
        entry = await self.client.inject_fault(self.device_id, fault, parameters, **more)
        try:
            yield entry
        finally:
            await self._clear(entry)

    async def next_reading(self, *, within: float = PATIENCE_S) -> Reading:
        """Return the next reading that it publishes; `within` so many s of the wall.

        Raises:
            TimeoutError: none came.
        """
        return await self.wait_for(lambda _: True, within=within)

    async def wait_for(
        self, condition: Callable[[Reading], bool], *, within: float = PATIENCE_S
    ) -> Reading:
        """Return the first reading that it publishes from now on and that meets a condition.

        Raises:
            TimeoutError: none did within so many s of the wall; it says what came last.
        """
        who = self.device_id
        async with self.client.listen(kind="reading", device_id=who, within=within) as events:
            return await first_of(events, Reading, condition, f"reading of {who}")

    async def delete(self) -> None:
        """Take it away."""
        await self.client.delete_device(self.device_id)

    async def _clear(self, entry: FaultEntry) -> None:
        try:
            await self.client.clear_fault(self.device_id, entry.fault_id)
        except RefusedError as error:
            if error.status not in {404, 409}:  # it has ended by itself, or its device has
                raise
