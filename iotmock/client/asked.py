"""What is asked of the service, as keywords and mappings with known names.

Powers in kW, voltages in V, intervals and durations in s, times in RFC 3339.
"""

from typing import Literal, TypedDict


class Which(TypedDict, total=False):
    """Which devices a list has, and how: `sort` and `fields` are as in docs/reference/api.md."""

    device_type: str
    status: str
    location: str
    name: str
    id_prefix: str
    sort: str
    fields: str


class DeviceFields(TypedDict, total=False):
    """What a new device may be told; the rest is its type's."""

    device_id: str
    location: str
    profile: str
    base_power: float
    base_voltage: float
    interval: float


class Changes(TypedDict, total=False):
    """What can be changed of a device. In a patch None is what it has by default."""

    name: str
    location: str | None
    base_power: float | None
    base_voltage: float | None
    interval: float | None
    enabled: bool


class Selector(TypedDict, total=False):
    """Which of many: those that meet all that is given, or a share of them, drawn by a seed.

    `all` is every device, where nothing else is given; faults do not know it.
    """

    device_type: str
    location: str
    ids: list[str]
    share: float
    seed: int
    all: bool


class NewGroup(TypedDict, total=False):
    """Devices of a fleet that are alike; `device_type` and `count` must be there."""

    device_type: str
    count: int
    name: str
    profile: str
    location: str
    interval: float
    base_power: float
    base_power_spread: float
    base_voltage: float


class FleetFields(TypedDict, total=False):
    """What a fleet, or sites, may be told beside what they are made of."""

    seed: int
    dialect: str
    reading: Literal["basic", "full"]


class SitesFields(FleetFields, total=False):
    """What sites may be told; `interval` is of all their devices, `region` of the country."""

    interval: float
    country: str
    region: str


class When(TypedDict, total=False):
    """When a fault begins and how long it is: without them now, and until it is cleared."""

    start: str
    duration: float


class Period(TypedDict, total=False):
    """Which part of the ledger: from `begin` to `end`, of a device, of a fault, page by page."""

    begin: str
    end: str
    device_id: str
    fault: str
    limit: int
    offset: int


class Heard(TypedDict, total=False):
    """Which events of the stream; several kinds, or ids, with commas between."""

    kind: str
    device_id: str
    location: str
    device_type: str
    last_event_id: str


Window = Literal["15m", "24h"]
