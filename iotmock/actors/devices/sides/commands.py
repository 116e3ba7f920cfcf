"""The command side of a device: which it hears, what one does to it, and the answer."""

from collections.abc import Callable

from msgspec import UNSET
from msgspec.structs import replace

from iotmock.actors.devices.sides.faults import watched
from iotmock.actors.devices.sides.status import publish_settings
from iotmock.actors.devices.sides.surroundings import Surroundings
from iotmock.actors.messages import CommandRequest, CommandResult
from iotmock.model.commands import (
    ABOUT_FAULTS,
    Applied,
    Outcome,
    Rejected,
    SetOnline,
    parse_command,
)
from iotmock.model.device import Device
from iotmock.model.operations.command import handle
from iotmock.model.settings import changes_between, remembered, settings_of
from iotmock.model.timestamp import rfc3339

_ALWAYS_HEARD = frozenset({SetOnline.name, *ABOUT_FAULTS})
"""Over MQTT, by a device that is offline: else it could never come back."""


def hears(model: Device, request: CommandRequest) -> bool:
    """Say whether a command that comes over MQTT reaches a device as it is now."""
    return model.status != "offline" or request.command in _ALWAYS_HEARD


def perform(
    around: Surroundings, model: Device, request: CommandRequest, keep: Callable[[], None]
) -> CommandResult:
    """Carry out a command; `keep` is called where it changes what outlives the process."""
    command = parse_command(model.kind.commands, request.command, request.parameters)
    if isinstance(command, Rejected):
        return result_of(around, model, request, command)
    before, kept = settings_of(model), remembered(model)
    with watched(around, model):
        outcome = handle(model, command, around.clock.now())
    if remembered(model) != kept:
        keep()
    changes = changes_between(before, settings_of(model))
    if changes.keys() - {"energy"}:
        publish_settings(around, model)
    return replace(result_of(around, model, request, outcome), changes=changes or UNSET)


def result_of(
    around: Surroundings, model: Device, request: CommandRequest, outcome: Outcome
) -> CommandResult:
    """Return the result message of a command."""
    return CommandResult(
        id=request.id,
        device_id=model.spec.device_id,
        command=request.command,
        status="applied" if isinstance(outcome, Applied) else "rejected",
        reason=outcome.reason if isinstance(outcome, Rejected) else None,
        timestamp=rfc3339(around.clock.now()),
    )
