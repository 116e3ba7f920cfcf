"""One device, to be spoken to: told, read, waited for, broken for a while."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from attrs import frozen

from iotmock.client.answers.devices import CommandResult, DeviceInfo, Reading
from iotmock.client.answers.faults import FaultEntry
from iotmock.client.asked import When
from iotmock.client.errors import RefusedError
from iotmock.client.synchronous.waiting import first_of

if TYPE_CHECKING:
    from iotmock.client.synchronous.client import Client

PATIENCE_S = 30.0


@frozen
class Device:
    """A device of a service. Every method raises what those of `Client` raise."""

    client: "Client"
    device_id: str

    def info(self) -> DeviceInfo:
        """Return all that the service shows of it."""
        return self.client.get_device(self.device_id)

    def reading(self) -> Reading:
        """Return what its meter shows now."""
        return self.client.get_readings(self.device_id)

    def send(self, command: str, **parameters: Any) -> CommandResult:
        """Tell it to do something: `device.send("set_power", power=30.0)`."""
        return self.client.command_device(self.device_id, command, parameters)

    @contextmanager
    def fault(
        self, fault: str, *, duration: float | None = None, **parameters: Any
    ) -> Iterator[FaultEntry]:
        """Have it fail during the block, or for `duration` s of simulated time if that is less."""
        more: When = {} if duration is None else {"duration": duration}
        entry = self.client.inject_fault(self.device_id, fault, parameters, **more)
        try:
            yield entry
        finally:
            self._clear(entry)

    def next_reading(self, *, within: float = PATIENCE_S) -> Reading:
        """Return the next reading that it publishes; `within` so many s of the wall.

        Raises:
            TimeoutError: none came.
        """
        return self.wait_for(lambda _: True, within=within)

    def wait_for(
        self, condition: Callable[[Reading], bool], *, within: float = PATIENCE_S
    ) -> Reading:
        """Return the first reading that it publishes from now on and that meets a condition.

        Raises:
            TimeoutError: none did within so many s of the wall; it says what came last.
        """
        who = self.device_id
        with self.client.listen(kind="reading", device_id=who, within=within) as events:
            return first_of(events, Reading, condition, f"reading of {who}")

    def delete(self) -> None:
        """Take it away."""
        self.client.delete_device(self.device_id)

    def _clear(self, entry: FaultEntry) -> None:
        try:
            self.client.clear_fault(self.device_id, entry.fault_id)
        except RefusedError as error:
            if error.status not in {404, 409}:  # it has ended by itself, or its device has
                raise
