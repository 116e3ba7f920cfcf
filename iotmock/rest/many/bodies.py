"""What a request for many devices carries, and what it is answered."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from iotmock.actors.messages import CommandResult
from iotmock.actors.routers.selector import Selector
from iotmock.model.quantities import (
    DeviceId,
    Interval,
    Location,
    Name,
    Power,
    Profile,
    Voltage,
)
from iotmock.rest.answers import Device
from iotmock.rest.problems import Fault, Problem
from iotmock.rest.requests import Body, DeviceSelector, DrawnBy, NewCommand, OfType

MOST_OPERATIONS = 500
MOST_LISTED = 1_000
_NOBODY = "chooses nothing; give ids, device_type, location or share, or all=true for every device"
_Ids = Annotated[str, Meta(min_length=1, max_length=65_000, description="ids, with commas between")]


class BatchOperation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One device to be made, changed or deleted, with the fields that this takes by itself."""

    op: Literal["create", "update", "delete"]
    device_id: DeviceId | UnsetType = UNSET
    device_type: Annotated[str, Meta(description="one of the device types")] | UnsetType = UNSET
    name: Name | UnsetType = UNSET
    location: Location | UnsetType = UNSET
    profile: Profile | UnsetType = UNSET
    base_power: Power | UnsetType = UNSET
    base_voltage: Voltage | UnsetType = UNSET
    interval: Interval | UnsetType = UNSET
    enabled: bool | UnsetType = UNSET

    @property
    def fields(self) -> dict[str, Any]:
        """What was given besides `op` and `device_id`."""
        given = msgspec.structs.asdict(self).items()
        return {
            name: value
            for name, value in given
            if value is not UNSET and name not in {"op", "device_id"}
        }


class Batch(Body, frozen=True):
    """Devices to be made, changed and deleted; those of one device in this order."""

    example: ClassVar[dict[str, Any]] = {
        "operations": [
            {"op": "create", "device_type": "hvac", "name": "Roof unit", "device_id": "roof-1"},
            {"op": "update", "device_id": "roof-1", "base_power": 30.0},
            {"op": "delete", "device_id": "roof-1"},
        ]
    }
    operations: Annotated[list[BatchOperation], Meta(min_length=1, max_length=MOST_OPERATIONS)]


class OperationResult(msgspec.Struct, frozen=True):
    """What became of one operation; `status` is what a request of its own had been answered."""

    op: str
    device_id: str | None
    status: int
    device: Device | UnsetType = UNSET
    problem: Problem | UnsetType = UNSET


class BatchAnswer(msgspec.Struct, frozen=True):
    """What became of each operation, in their order."""

    succeeded: int
    failed: int
    results: list[OperationResult]


class ManySelector(DeviceSelector, frozen=True):
    """Which devices: those that meet all that is given. Nothing chooses nobody; `all` everybody."""

    all: Annotated[bool, Meta(description="every device, where nothing else is given")] = False


class CommandForMany(NewCommand, frozen=True, kw_only=True):
    """A command for many devices."""

    example: ClassVar[dict[str, Any]] = {
        "selector": {"location": "Roof"},
        "command": "set_power",
        "parameters": {"power": 30.0},
    }
    selector: ManySelector


class SelectorQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which devices: those that meet all that is given; `all=true` for every device."""

    device_type: OfType | UnsetType = UNSET
    location: Location | UnsetType = UNSET
    ids: _Ids | UnsetType = UNSET
    share: Annotated[float, Meta(gt=0, le=1, description="this share of them")] | UnsetType = UNSET
    seed: DrawnBy = 0
    all: Annotated[bool, Meta(description="every device")] = False


class Failure(msgspec.Struct, frozen=True):
    """A device for which it was not done, and why."""

    device_id: str
    reason: str


class DeletedDevices(msgspec.Struct, frozen=True):
    """How many devices were deleted; `failures` lists a thousand at most."""

    deleted: int
    failed: int
    failures: list[Failure]


class CommandResults(msgspec.Struct, frozen=True):
    """What became of a command for many; `results` and `failures` list a thousand at most."""

    applied: int
    rejected: int
    failed: int
    results: list[CommandResult]
    failures: list[Failure]


def selector_of(chosen: ManySelector | SelectorQuery) -> Selector | None:
    """Return which devices are meant; None where nothing was chosen."""
    kind, location = chosen.device_type, chosen.location
    kind, location = (None if one is UNSET else one for one in (kind, location))
    ids, share = _ids(chosen.ids), chosen.share if isinstance(chosen.share, float) else 1.0
    if (kind, location, ids) == (None, None, None) and not chosen.all and share >= 1.0:
        return None
    return Selector(kind, location, ids, share, chosen.seed)


def _ids(given: list[str] | str | UnsetType | None) -> tuple[str, ...] | None:
    if isinstance(given, str):
        return tuple(one for one in given.split(",") if one)
    return tuple(given) if isinstance(given, list) else None


def nobody_chosen(name: str) -> Fault:
    """Return what is wrong with a selector that would take everybody by accident."""
    return Fault(name, _NOBODY)


def check_batch(given: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield what an operation lacks, or has that it can not take."""
    for place, operation in enumerate(given.get("operations", ())):
        if isinstance(operation, BatchOperation):
            for field, message in _wrong_with(operation):
                yield Fault(f"operations[{place}].{field}", message)


def _wrong_with(operation: BatchOperation) -> Iterator[tuple[str, str]]:
    fields, op = operation.fields, operation.op
    if op == "create":
        yield from ((name, "is required") for name in ("device_type", "name") if name not in fields)
    elif operation.device_id is UNSET:
        yield "device_id", "is required"
    for name in _TAKES_NOT[op] & fields.keys():
        yield name, f"can not be given to {op} a device"


_EVERY = set(BatchOperation.__struct_fields__) - {"op", "device_id"}
_TAKES_NOT = {"create": {"enabled"}, "update": {"device_type", "profile"}, "delete": _EVERY}
