"""What clients send and get about fleets. Units are kW, V and s."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from iotmock.actors.definitions.draft import GroupDraft
from iotmock.actors.definitions.fleet import Fleet, FleetState
from iotmock.actors.definitions.roster import Group
from iotmock.model.fleet import MOST_DEVICES, MOST_GROUPS, MOST_SPREAD, NAME_PATTERN
from iotmock.model.quantities import Interval, Location, Power, Profile, Voltage
from iotmock.model.spec import NAME_LENGTH
from iotmock.model.timestamp import rfc3339
from iotmock.rest.answers import Timestamp
from iotmock.rest.requests import Body
from iotmock.wording.patterns import whole

_NAME_WORDS = {"words": "1 to 54 of A-Z a-z 0-9 _ . -"}
FleetName = Annotated[
    str,
    Meta(
        pattern=whole(NAME_PATTERN),
        description="begins its devices' ids",
        extra=_NAME_WORDS,
    ),
]
GroupName = Annotated[
    str,
    Meta(
        pattern=whole(NAME_PATTERN),
        description="else its type, or type-profile",
        extra=_NAME_WORDS,
    ),
]
Count = Annotated[int, Meta(ge=0, le=MOST_DEVICES, description="how many devices")]
Spread = Annotated[
    float, Meta(ge=0, le=MOST_SPREAD, description="base powers lie evenly in base_power · (1 ± it)")
]
Words = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=NAME_LENGTH,
        description="one of `iotmock dialect list`; else DIALECT",
    ),
]
ReadingWord = Annotated[
    Literal["basic", "full"],
    Meta(description="the eight fields, or all that a meter measures; else READING"),
]
Seed = Annotated[int, Meta(ge=0, le=2**63 - 1, description="else FLEET_SEED")]


class NewGroup(Body, frozen=True):
    """Devices that are alike; what is left out is their type's default."""

    device_type: Annotated[str, Meta(description="one of the device types")]
    count: Count
    name: GroupName | UnsetType = UNSET
    profile: Profile | UnsetType = UNSET
    location: Location | UnsetType = UNSET
    interval: Interval | UnsetType = UNSET
    base_power: Power | UnsetType = UNSET
    base_power_spread: Spread | UnsetType = UNSET
    base_voltage: Voltage | UnsetType = UNSET


class NewFleet(Body, frozen=True):
    """A fleet to be made; device 7 of group roof of fleet soak is soak-roof-000007."""

    example: ClassVar[dict[str, Any]] = {
        "name": "soak",
        "groups": [{"name": "roof", "device_type": "hvac", "count": 20, "base_power_spread": 0.2}],
    }
    name: FleetName
    groups: Annotated[list[NewGroup], Meta(min_length=1, max_length=MOST_GROUPS)]
    seed: Seed | UnsetType = UNSET
    dialect: Words | UnsetType = UNSET
    reading: ReadingWord | UnsetType = UNSET


class FleetChanges(Body, frozen=True):
    """How many devices groups shall have; groups that are not named stay as they are."""

    example: ClassVar[dict[str, Any]] = {"groups": {"roof": 30}}
    groups: Annotated[dict[str, Count], Meta(min_length=1, max_length=MOST_GROUPS)]


def draft_of(group: NewGroup | Mapping[str, Any]) -> GroupDraft:
    """Return a group as the model looks it over; of a faulty one, what could be read."""
    if not isinstance(group, NewGroup):
        known = {"device_type": None, "count": None, **group}
        return GroupDraft(**known, name_is_known=False)
    fields = msgspec.structs.asdict(group).items()
    return GroupDraft(**{name: value for name, value in fields if value is not UNSET})


class Counted(msgspec.Struct, frozen=True):
    """How many devices there shall be, and how many there are."""

    wanted: int
    present: int


class FleetGroup(msgspec.Struct, frozen=True):
    """A group as it stands. `deleted` is how many of its devices were deleted singly."""

    name: str
    device_type: str
    profile: str | None
    location: str
    interval: float | None
    base_power: float
    base_power_spread: float
    base_voltage: float
    wanted: int
    present: int
    deleted: int

    @classmethod
    def of(cls, group: Group) -> "FleetGroup":
        """Return what a client sees of `group` now."""
        spec = group.spec
        return cls(
            name=spec.name,
            device_type=spec.device_type,
            profile=spec.profile,
            location=spec.location,
            interval=spec.interval,
            base_power=spec.base_power,
            base_power_spread=round(spec.base_power_spread, 4),
            base_voltage=spec.base_voltage,
            wanted=group.wanted,
            present=group.present,
            deleted=len(group.holes),
        )


class FleetInfo(msgspec.Struct, frozen=True):
    """A fleet as it stands. `problem` says why it has failed.

    `dialect` null is DIALECT, `reading` null is READING.
    """

    name: str
    state: FleetState
    problem: str | None
    seed: int
    dialect: str | None
    reading: Literal["basic", "full"] | None
    created_at: Timestamp
    devices: Counted
    groups: list[FleetGroup]

    @classmethod
    def of(cls, fleet: Fleet) -> "FleetInfo":
        """Return what a client sees of `fleet` now."""
        return cls(
            name=fleet.name,
            state=fleet.state,
            problem=fleet.problem,
            seed=fleet.seed,
            dialect=fleet.dialect,
            reading=fleet.reading,
            created_at=rfc3339(fleet.created_at),
            devices=Counted(fleet.wanted, fleet.present),
            groups=[FleetGroup.of(group) for group in fleet.groups.values()],
        )


class FleetList(msgspec.Struct, frozen=True):
    """Every fleet."""

    fleets: list[FleetInfo]
    total: int
