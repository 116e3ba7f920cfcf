"""What clients give, as types: annotations are the limits, the schema and the words."""

from typing import Annotated

from msgspec import Meta

from iotmock.model.spec import (
    ID_PATTERN,
    INTERVAL_S,
    LOCATION_LENGTH,
    NAME_LENGTH,
    PERCENT,
    POWER_KW,
    VOLTAGE_V,
)
from iotmock.wording.patterns import whole


def quantity(limits: tuple[float, float], unit: str, description: str) -> Meta:
    """Say what a number is, from where to where it goes, and in which unit."""
    low, high = limits
    return Meta(ge=low, le=high, description=f"{description}, {unit}", extra={"unit": f" {unit}"})


def above_zero(unit: str, description: str, most: float | None = None) -> Meta:
    """Say what a number is that must be more than none, and in which unit."""
    return Meta(gt=0, le=most, description=f"{description}, {unit}", extra={"unit": f" {unit}"})


ID_WORDS = {"words": "1 to 64 of A-Z a-z 0-9 _ . -"}

DeviceId = Annotated[
    str, Meta(pattern=whole(ID_PATTERN), description="the device's id", extra=ID_WORDS)
]
FaultId = Annotated[str, Meta(pattern=whole(ID_PATTERN), description="its id", extra=ID_WORDS)]
Name = Annotated[str, Meta(min_length=1, max_length=NAME_LENGTH, description="for people")]
Location = Annotated[
    str, Meta(max_length=LOCATION_LENGTH, description="devices of one location share its weather")
]
Profile = Annotated[
    str, Meta(min_length=1, max_length=NAME_LENGTH, description="one of the type's profiles")
]
Power = Annotated[float, quantity(POWER_KW, "kW", "base power")]
Voltage = Annotated[float, quantity(VOLTAGE_V, "V", "nominal voltage")]
Interval = Annotated[float, quantity(INTERVAL_S, "s", "time between readings")]
Percent = Annotated[float, quantity(PERCENT, "%", "share of the whole")]
Moment = Annotated[
    str, Meta(description="RFC 3339 with a time zone", extra_json_schema={"format": "date-time"})
]
Start = Annotated[
    str,
    Meta(
        description="when it begins, RFC 3339; default: now",
        extra_json_schema={"format": "date-time"},
    ),
]
Duration = Annotated[float, above_zero("s", "how long; default: until it is cleared")]
