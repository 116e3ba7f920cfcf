"""What clients send. The annotations are the validation and the schema, and they are the model's.

Every field is checked again by the model, which has the last word.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from iotmock.actors.time.steps import LONGEST_S
from iotmock.model.quantities import (
    DeviceId,
    Duration,
    Interval,
    Location,
    Moment,
    Name,
    Power,
    Profile,
    Start,
    Voltage,
)
from iotmock.model.spec import LOCATION_LENGTH
from iotmock.rest.problems import Fault
from iotmock.settings.numbers import SLOWEST

_COMMAND_LENGTH = 64
LONGEST_LIST = 1_000
LAST_OFFSET = 1_000_000_000

OfType = Annotated[str, Meta(description="only these")]
AtLocation = Annotated[str, Meta(max_length=LOCATION_LENGTH, description="exactly this one")]


class Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a request carries, with an example for the document."""

    example: ClassVar[dict[str, Any]]


class NewDevice(Body, frozen=True):
    """A device to be made; what is left out is its type's default."""

    example = {"device_type": "hvac", "name": "Roof unit", "base_power": 30.0}
    device_type: Annotated[str, Meta(description="one of the device types")]
    name: Name
    location: Location | UnsetType = UNSET
    profile: Profile | UnsetType = UNSET
    base_power: Power | UnsetType = UNSET
    base_voltage: Voltage | UnsetType = UNSET
    device_id: DeviceId | UnsetType = UNSET
    interval: Interval | UnsetType = UNSET


class DeviceChanges(Body, frozen=True):
    """The fields of a device that can change; what is left out stays as it is."""

    example = {"name": "Roof unit, north", "interval": 10.0}
    name: Name | UnsetType = UNSET
    location: Location | UnsetType = UNSET
    base_power: Power | UnsetType = UNSET
    base_voltage: Voltage | UnsetType = UNSET
    interval: Interval | UnsetType = UNSET
    enabled: bool | UnsetType = UNSET


class DevicePatch(Body, frozen=True):
    """What of a device is to be otherwise (RFC 7396): null is the default again."""

    example = {"location": "Hall 2", "interval": None}
    name: Name | UnsetType = UNSET
    location: Location | UnsetType | None = UNSET
    base_power: Power | UnsetType | None = UNSET
    base_voltage: Voltage | UnsetType | None = UNSET
    interval: Interval | UnsetType | None = UNSET
    enabled: bool | UnsetType = UNSET


class NewCommand(Body, frozen=True):
    """A command; `GET /api/v1/device-types` lists those that a device knows."""

    example = {"command": "set_power", "parameters": {"power": 30.0}}
    command: Annotated[str, Meta(min_length=1, max_length=_COMMAND_LENGTH)]
    parameters: dict[str, Any] = {}
    id: Annotated[str, Meta(max_length=64, description="sent again, it is applied once")] | None = (
        None
    )


class NewSpeed(Body, frozen=True):
    """How fast simulated time is to run: a number, or `step`, so that it is moved by hand."""

    example = {"speed": 60}
    speed: (
        Annotated[
            float,
            Meta(
                ge=0,
                le=100_000,
                description=f"1 is the wall clock's, 0 as fast as it can; else {SLOWEST} at least",
                extra_json_schema={"anyOf": [{"const": 0}, {"minimum": SLOWEST}]},
            ),
        ]
        | Literal["step"]
    )


class NewStep(Body, frozen=True):
    """How far simulated time is to be moved by hand: by so many seconds, or up to a time."""

    example = {"seconds": 300}
    seconds: (
        Annotated[float, Meta(gt=0, le=LONGEST_S, description="s of simulated time")] | UnsetType
    ) = UNSET
    until: (
        Annotated[
            str,
            Meta(
                max_length=40,
                description="a time of day at the site, as 18:00, or a moment to come, as "
                "2026-06-03T18:00:00Z",
            ),
        ]
        | UnsetType
    ) = UNSET
    timeout: Annotated[float, Meta(ge=0.1, le=3_600, description="s that the answer may take")] = (
        60.0
    )


class PreviewQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How far to look ahead, and how finely."""

    hours: Annotated[float, Meta(gt=0, le=168, description="how far ahead")] = 24.0
    step: Annotated[float, Meta(ge=1, le=86_400, description="s between two readings")] = 300.0


FaultName = Annotated[str, Meta(min_length=1, max_length=64, description="one of the fault types")]


class NewFault(Body, frozen=True):
    """A fault of one device."""

    example = {"fault": "stuck", "parameters": {"what": "all"}, "duration": 600.0}
    fault: FaultName
    parameters: dict[str, Any] = {}
    start: Start | None = None
    duration: Duration | None = None


DrawnBy = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1, description="which, of a share")]
"""Bounded, as it is written out for every device that may be drawn."""


class DeviceSelector(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which devices: those that meet all that is given; `share` of them, drawn by `seed`."""

    device_type: str | None = None
    location: str | None = None
    ids: Annotated[list[DeviceId], Meta(min_length=1, max_length=1_000)] | None = None
    share: Annotated[float, Meta(gt=0, le=1)] = 1.0
    seed: DrawnBy = 0


class NewFaults(Body, frozen=True):
    """The same fault for many devices."""

    example = {
        "selector": {"device_type": "hvac", "share": 0.1, "seed": 7},
        "fault": "gap",
        "duration": 60.0,
    }
    fault: FaultName
    selector: DeviceSelector
    parameters: dict[str, Any] = {}
    start: Start | None = None
    duration: Duration | None = None


class LedgerQuery(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"begin": "from"}
):
    """Which entries: those that were active between `from` and `to`."""

    begin: Moment | UnsetType = UNSET
    to: Moment | UnsetType = UNSET
    device_id: DeviceId | UnsetType = UNSET
    fault: FaultName | UnsetType = UNSET
    limit: Annotated[int, Meta(ge=1, le=LONGEST_LIST, description="how many at most")] = 100
    offset: Annotated[int, Meta(ge=0, le=LAST_OFFSET, description="how many to skip")] = 0


class GroupQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which faults: those of one request for many devices."""

    group: Annotated[
        str, Meta(min_length=1, max_length=64, description="what the request was answered")
    ]


def check_speed(fields: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield what is wrong with a speed at which nobody would see time move."""
    speed = fields.get("speed")
    if isinstance(speed, int | float) and 0 < speed < SLOWEST:
        yield Fault("speed", f"must be 0, or a number of at least {SLOWEST}, not {speed}")


def given(fields: NewDevice | DeviceChanges | DevicePatch) -> dict[str, Any]:
    """Return the fields that the client gave."""
    everything = msgspec.structs.asdict(fields)
    return {name: value for name, value in everything.items() if value is not UNSET}
