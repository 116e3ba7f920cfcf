"""What clients send. The annotations are the validation and the schema, and they are the model's.

Every field is checked again by the model, which has the last word.
"""

from typing import Annotated, Any, ClassVar

import msgspec
from msgspec import UNSET, Meta, UnsetType

from iotmock.model.reading import Status
from iotmock.model.spec import (
    ID_PATTERN,
    INTERVAL_S,
    LOCATION_LENGTH,
    NAME_LENGTH,
    POWER_KW,
    VOLTAGE_V,
)

_COMMAND_LENGTH = 64
_LONGEST_LIST = 1_000
_LAST_OFFSET = 1_000_000_000

DeviceId = Annotated[str, Meta(pattern=f"^{ID_PATTERN}$", description="the device's id")]
Name = Annotated[str, Meta(min_length=1, max_length=NAME_LENGTH, description="for people")]
Location = Annotated[
    str, Meta(max_length=LOCATION_LENGTH, description="devices of one location share its weather")
]
Profile = Annotated[
    str, Meta(min_length=1, max_length=NAME_LENGTH, description="one of the type's profiles")
]
Power = Annotated[float, Meta(ge=POWER_KW[0], le=POWER_KW[1], description="base power, kW")]
Voltage = Annotated[float, Meta(ge=VOLTAGE_V[0], le=VOLTAGE_V[1], description="nominal voltage, V")]
Interval = Annotated[
    float, Meta(ge=INTERVAL_S[0], le=INTERVAL_S[1], description="time between readings, s")
]


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


class NewCommand(Body, frozen=True):
    """A command; `GET /api/v1/device-types` lists those that a device knows."""

    example = {"command": "set_power", "parameters": {"power": 30.0}}
    command: Annotated[str, Meta(min_length=1, max_length=_COMMAND_LENGTH)]
    parameters: dict[str, Any] = {}
    id: Annotated[str, Meta(max_length=64, description="sent again, it is applied once")] | None = (
        None
    )


class DeviceQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which devices to list."""

    limit: Annotated[int, Meta(ge=1, le=_LONGEST_LIST, description="how many at most")] = 100
    offset: Annotated[int, Meta(ge=0, le=_LAST_OFFSET, description="how many to skip")] = 0
    device_type: Annotated[str, Meta(description="only these")] | UnsetType = UNSET
    status: Status | UnsetType = UNSET


class PreviewQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How far to look ahead, and how finely."""

    hours: Annotated[float, Meta(gt=0, le=168, description="how far ahead")] = 24.0
    step: Annotated[float, Meta(ge=1, le=86_400, description="s between two readings")] = 300.0


def given(fields: NewDevice | DeviceChanges) -> dict[str, Any]:
    """Return the fields that the client gave."""
    everything = msgspec.structs.asdict(fields)
    return {name: value for name, value in everything.items() if value is not UNSET}
