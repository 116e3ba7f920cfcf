"""Commands, one device after the other."""

from collections.abc import Iterator
from typing import Any

from iotmock.client.answers import CommandResult
from iotmock.client.choice import Choice
from iotmock.client.errors import RefusedError
from iotmock.client.service import Service, device_path

_OF_THE_DEVICE = {
    "command-rejected",
    "unknown-device",
    "device-busy",
    "device-gone",
    "device-failed",
    "device-restarting",
    "device-state",
}
"""Problems that another device need not have."""


def command_all(
    service: Service, choice: Choice, content: dict[str, Any]
) -> Iterator[CommandResult]:
    """Send a command to each device, and yield what each did; a rejection is a result too.

    Raises:
        RefusedError, UnreachableError: see `Service`; of one device alone, only when it is single.
    """
    for device_id in choice.ids(service):
        try:
            yield service.post(f"{device_path(device_id)}/command", CommandResult, content)
        except RefusedError as error:
            if error.kind not in _OF_THE_DEVICE or choice.single is not None:
                raise
            yield _rejected(device_id, content["command"], str(error))


def _rejected(device_id: str, command: str, reason: str) -> CommandResult:
    return CommandResult(device_id, command, "rejected", timestamp="", reason=reason)
