"""Types of devices, and what they can be told."""

from typing import Any

import msgspec


class TypeDefaults(msgspec.Struct, frozen=True):
    """What a device has that is told nothing else: kW, V."""

    base_power: float
    base_voltage: float
    phases: int


class ProfileInfo(msgspec.Struct, frozen=True):
    """A variant of a type."""

    profile: str
    description: str
    defaults: TypeDefaults


class CommandInfo(msgspec.Struct, frozen=True):
    """A command that devices of a type know; `parameters` is a JSON Schema."""

    command: str
    description: str
    parameters: dict[str, Any]


class DeviceTypeInfo(msgspec.Struct, frozen=True):
    """A type of device."""

    device_type: str
    name: str
    description: str
    defaults: TypeDefaults
    profiles: list[ProfileInfo]
    commands: list[CommandInfo]


class DeviceTypeList(msgspec.Struct, frozen=True):
    """Every type."""

    device_types: list[DeviceTypeInfo]
