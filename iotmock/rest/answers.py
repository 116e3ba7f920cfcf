"""What clients get about devices and their types. Units are kW, V, A, kWh and s, everywhere."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from iotmock.actors.devices.device import MockDevice
from iotmock.actors.summary.meters import Shown
from iotmock.actors.system import System
from iotmock.model.commands import Command
from iotmock.model.family import DeviceType
from iotmock.model.reading import Reading, Status
from iotmock.model.timestamp import rfc3339

Timestamp = Annotated[str, Meta(extra_json_schema={"format": "date-time"})]


class Readings(msgspec.Struct, frozen=True):
    """What the meter shows: kW, V, A, kWh."""

    power: float
    voltage: float
    current: float
    energy: float


class SimulationFacts(msgspec.Struct, frozen=True):
    """What a client needs to check P = k·V·I·pf, with k = 1 or √3."""

    phases: int
    power_factor: float


class Device(msgspec.Struct, frozen=True):
    """A device as it stands."""

    device_id: str
    device_type: str
    name: str
    location: str
    profile: str
    base_power: float
    base_voltage: float
    interval: float
    status: Status
    enabled: bool
    simulation: SimulationFacts
    created_at: Timestamp
    last_seen: Timestamp | None
    readings: Readings

    @classmethod
    def of(cls, device: MockDevice, system: System) -> "Device":
        """Return what a client sees of `device` now."""
        spec, model = device.model.spec, device.model
        shown = device.reading(system.clock.now())
        seen = device.last_seen
        return cls(
            device_id=spec.device_id,
            device_type=spec.device_type,
            name=spec.name,
            location=spec.location,
            profile=model.profile.name,
            base_power=spec.base_power,
            base_voltage=spec.base_voltage,
            interval=device.interval,
            status=model.status,
            enabled=model.enabled,
            simulation=SimulationFacts(model.profile.phases, round(model.power_factor(), 4)),
            created_at=rfc3339(device.created_at),
            last_seen=None if seen is None else rfc3339(seen),
            readings=Readings(shown.power, shown.voltage, shown.current, shown.energy),
        )


class TypeDefaults(msgspec.Struct, frozen=True):
    """What a device of this type has where its maker says nothing."""

    base_power: float
    base_voltage: float
    phases: int


def parameters_schema(kind: type[msgspec.Struct]) -> dict[str, Any]:
    """Return the JSON Schema of what a client gives for a command or a fault."""
    schema = msgspec.json.schema(kind)
    definitions = schema["$defs"]
    parameters: dict[str, Any] = definitions.pop(kind.__name__)
    if definitions:
        parameters["$defs"] = definitions
    return parameters


class CommandInfo(msgspec.Struct, frozen=True):
    """A command; `parameters` is a JSON Schema."""

    command: str
    description: str
    parameters: dict[str, Any]

    @classmethod
    def of(cls, command: type[Command]) -> "CommandInfo":
        """Return what a client can know about a command."""
        parameters = parameters_schema(command)
        return cls(command.name, parameters.pop("description", ""), parameters)


class ProfileInfo(msgspec.Struct, frozen=True):
    """A variant of a family, chosen when a device is made."""

    profile: str
    description: str
    defaults: TypeDefaults


class Preview(msgspec.Struct, frozen=True):
    """What a device will look like, one reading every step."""

    readings: list[Reading]


class ShownReading(msgspec.Struct, frozen=True):
    """What a meter showed: kW, V, A, kWh."""

    timestamp: Timestamp
    power: float
    voltage: float
    current: float
    energy: float

    @classmethod
    def of(cls, shown: Shown) -> "ShownReading":
        """Return it as clients get it."""
        at = rfc3339(shown.at, milliseconds=True)
        return cls(at, shown.power, shown.voltage, shown.current, shown.energy)


class DeviceHistory(msgspec.Struct, frozen=True):
    """What a device's meter showed in the last quarter of an hour, the oldest first."""

    step_s: Annotated[float, Meta(description="how far two are apart, or more, s (wall clock)")]
    readings: list[ShownReading]


class DeviceTypeInfo(msgspec.Struct, frozen=True):
    """A family of devices; the first profile is the default."""

    device_type: str
    name: str
    description: str
    defaults: TypeDefaults
    profiles: list[ProfileInfo]
    commands: list[CommandInfo]

    @classmethod
    def of(cls, kind: DeviceType) -> "DeviceTypeInfo":
        """Return what a client can know about a family."""
        return cls(
            device_type=kind.device_type,
            name=kind.name,
            description=kind.description,
            defaults=TypeDefaults(kind.base_power, kind.base_voltage, kind.phases),
            profiles=[
                ProfileInfo(
                    profile.name,
                    profile.description,
                    TypeDefaults(profile.base_power, profile.base_voltage, profile.phases),
                )
                for profile in kind.profiles
            ],
            commands=[CommandInfo.of(command) for command in kind.commands.values()],
        )


class DeviceTypeList(msgspec.Struct, frozen=True):
    """Every family that this service knows."""

    device_types: list[DeviceTypeInfo]
