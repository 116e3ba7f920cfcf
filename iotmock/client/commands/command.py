"""Commands for one device or for many."""

from collections.abc import Iterator, Sequence
from http import HTTPStatus
from typing import Any

from iotmock.client.answers.devices import CommandResult
from iotmock.client.answers.many import CommandResults
from iotmock.client.commands.choice import Choice
from iotmock.client.commands.service import LONGEST_PAGE, Service
from iotmock.client.errors import RefusedError
from iotmock.client.request import of_device

_MANY = "api/v1/devices/command"
_NOT_KNOWN = {HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED}
"""What a service answers that has no commands for many yet."""
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
    """Send a command to each device, and yield what each did; of many, a rejection is a result too.

    Raises:
        RefusedError, UnreachableError: see `Service`.
    """
    if choice.single is not None:
        yield _command(service, choice.single, content)
        return
    ids = choice.ids(service)
    for begin in range(0, len(ids), LONGEST_PAGE):
        yield from _command_many(service, ids[begin : begin + LONGEST_PAGE], content)


def _command(service: Service, device_id: str, content: dict[str, Any]) -> CommandResult:
    return service.post(of_device(device_id, "/command"), CommandResult, content)


def _command_many(
    service: Service, ids: Sequence[str], content: dict[str, Any]
) -> Iterator[CommandResult]:
    try:
        done = service.post(_MANY, CommandResults, {**content, "selector": {"ids": ids}})
    except RefusedError as error:
        if error.status not in _NOT_KNOWN:
            raise
        yield from _one_by_one(service, ids, content)
        return
    command, place = content["command"], {device_id: at for at, device_id in enumerate(ids)}
    failed = [_rejected(one.device_id, command, one.reason) for one in done.failures]
    # They come as they were done, side by side.
    yield from sorted([*done.results, *failed], key=lambda one: place.get(one.device_id, -1))


def _one_by_one(
    service: Service, ids: Sequence[str], content: dict[str, Any]
) -> Iterator[CommandResult]:
    for device_id in ids:
        try:
            yield _command(service, device_id, content)
        except RefusedError as error:
            if error.kind not in _OF_THE_DEVICE:
                raise
            yield _rejected(device_id, content["command"], str(error))


def _rejected(device_id: str, command: str, reason: str) -> CommandResult:
    return CommandResult(
        device_id=device_id, command=command, status="rejected", timestamp="", reason=reason
    )
