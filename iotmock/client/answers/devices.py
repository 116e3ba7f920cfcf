"""Devices, their readings and what they sent."""

from typing import Any, Literal

import msgspec
from msgspec import UNSET, UnsetType

Status = Literal["online", "offline", "error"]


class Readings(msgspec.Struct, frozen=True):
    """What a device's meter shows: kW, V, A, kWh."""

    power: float
    voltage: float
    current: float
    energy: float


class Reading(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, repr_omit_defaults=True
):
    """A data message: kW, kvar, kVA, Hz, V, A, kWh, °C, %, W/m².

    What follows `enabled` comes with READING=full, each where the device measures it.
    """

    device_id: str
    timestamp: str
    power: float
    voltage: float
    current: float
    energy: float
    status: Status
    enabled: bool
    reactive_power: float | None = None
    apparent_power: float | None = None
    power_factor: float | None = None
    frequency: float | None = None
    power_l1: float | None = None
    power_l2: float | None = None
    power_l3: float | None = None
    voltage_l1: float | None = None
    voltage_l2: float | None = None
    voltage_l3: float | None = None
    current_l1: float | None = None
    current_l2: float | None = None
    current_l3: float | None = None
    energy_import: float | None = None
    energy_export: float | None = None
    tariff: int | None = None
    energy_import_t1: float | None = None
    energy_import_t2: float | None = None
    energy_export_t1: float | None = None
    energy_export_t2: float | None = None
    background: float | None = None
    temperature: float | None = None
    setpoint: float | None = None
    brightness: float | None = None
    load: float | None = None
    soc: float | None = None
    session_energy: float | None = None
    irradiance: float | None = None
    cell_temperature: float | None = None
    occupancy: float | None = None
    price: float | None = None
    state: str | None = None


class SimulationFacts(msgspec.Struct, frozen=True):
    """How a device is wired."""

    phases: int
    power_factor: float


class DeviceInfo(msgspec.Struct, frozen=True, kw_only=True):
    """A device as it is now; `interval` in s."""

    device_id: str
    device_type: str
    name: str
    location: str = ""
    profile: str = ""
    base_power: float
    base_voltage: float
    interval: float
    status: Status
    enabled: bool
    simulation: SimulationFacts
    created_at: str
    last_seen: str | None = None
    readings: Readings


class SparseDevice(msgspec.Struct, frozen=True, kw_only=True):
    """A device of a list, with those of its fields that were asked for."""

    device_id: str | UnsetType = UNSET
    device_type: str | UnsetType = UNSET
    name: str | UnsetType = UNSET
    location: str | UnsetType = UNSET
    profile: str | UnsetType = UNSET
    base_power: float | UnsetType = UNSET
    base_voltage: float | UnsetType = UNSET
    interval: float | UnsetType = UNSET
    status: Status | UnsetType = UNSET
    enabled: bool | UnsetType = UNSET
    simulation: SimulationFacts | UnsetType = UNSET
    created_at: str | UnsetType = UNSET
    last_seen: str | UnsetType | None = UNSET
    readings: Readings | UnsetType = UNSET


class DeviceList(msgspec.Struct, frozen=True):
    """A page of the fleet; `total` is how many match in all."""

    devices: list[SparseDevice]
    total: int


class ShownReading(msgspec.Struct, frozen=True):
    """One moment of a device's past: kW, V, A, kWh."""

    timestamp: str
    power: float
    voltage: float
    current: float
    energy: float


class DeviceHistory(msgspec.Struct, frozen=True):
    """The last quarter of an hour of a device, a reading each `step_s`."""

    step_s: float
    readings: list[ShownReading]


class Preview(msgspec.Struct, frozen=True):
    """What a device would do from here on, without its doing so."""

    readings: list[Reading]


class SentMessage(msgspec.Struct, frozen=True):
    """A message as it went to the broker."""

    timestamp: str
    topic: str
    qos: int
    retain: bool
    payload: str


class SentMessages(msgspec.Struct, frozen=True):
    """The newest messages of a device, kept since they were first asked for."""

    since: str
    messages: list[SentMessage]


class CommandResult(msgspec.Struct, frozen=True, kw_only=True):
    """What a device did with a command; `changes` are [before, after] by field."""

    id: str | None = None
    device_id: str
    command: str | None
    status: Literal["applied", "rejected"]
    reason: str | None = None
    timestamp: str
    changes: dict[str, list[Any]] = {}
