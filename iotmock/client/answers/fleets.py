"""Fleets: devices by rule."""

from typing import Literal

import msgspec


class Counted(msgspec.Struct, frozen=True):
    """How many devices there should be, and how many there are."""

    wanted: int
    present: int


class FleetGroup(msgspec.Struct, frozen=True):
    """Devices of a fleet that are alike: kW, V, s."""

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


class FleetInfo(msgspec.Struct, frozen=True, kw_only=True):
    """A fleet as it is now; `problem` says what keeps it from what it should be."""

    name: str
    state: Literal["creating", "deleting", "failed", "ready", "scaling"]
    problem: str | None
    seed: int
    dialect: str | None = None
    reading: Literal["basic", "full"] | None = None
    created_at: str
    devices: Counted
    groups: list[FleetGroup]


class FleetList(msgspec.Struct, frozen=True):
    """Every fleet."""

    fleets: list[FleetInfo]
    total: int


class SitesInfo(msgspec.Struct, frozen=True, kw_only=True):
    """Sites of a kind as they are now; `types` counts the devices of all of them by type."""

    name: str
    kind: str
    state: Literal["creating", "deleting", "failed", "ready", "scaling"]
    problem: str | None
    seed: int
    dialect: str | None = None
    reading: Literal["basic", "full"] | None = None
    country: str | None = None
    region: str | None = None
    created_at: str
    sites: int
    devices: Counted
    types: dict[str, int]


class SitesList(msgspec.Struct, frozen=True):
    """All sites that were made by rule."""

    sites: list[SitesInfo]
    total: int


class Location(msgspec.Struct, frozen=True, kw_only=True):
    """A location that has a main meter; `power` is what that shows, negative while it feeds in."""

    location: str
    devices: int
    meter: str
    power: float
    black_out: bool
    island: bool


class LocationList(msgspec.Struct, frozen=True):
    """Some of all locations that have a main meter."""

    locations: list[Location]
    total: int
