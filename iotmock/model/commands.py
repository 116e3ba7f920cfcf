"""The commands every device has, and how a command is read from what a client sent."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

import msgspec
from attrs import frozen
from msgspec import Meta

from iotmock.model.spec import ID_PATTERN, INTERVAL_S, POWER_KW, VOLTAGE_V


class Command(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A command with its parameters; the annotations are its JSON Schema and its validation."""

    name: ClassVar[str]


class SetPower(Command, frozen=True):
    """Set the base power, in kW."""

    name = "set_power"
    power: Annotated[float, Meta(ge=POWER_KW[0], le=POWER_KW[1], description="base power, kW")]


class SetBasePower(SetPower, frozen=True):
    """Set the base power, in kW; set_power is its older name."""

    name = "set_base_power"


class SetVoltage(Command, frozen=True):
    """Set the nominal voltage, in V."""

    name = "set_voltage"
    voltage: Annotated[
        float, Meta(ge=VOLTAGE_V[0], le=VOLTAGE_V[1], description="nominal voltage, V")
    ]


class SetEnabled(Command, frozen=True):
    """Switch the device on or off: a disabled device draws nothing."""

    name = "set_enabled"
    enabled: bool


class SetOnline(Command, frozen=True):
    """Connect or disconnect the device: an offline device consumes and publishes no data."""

    name = "set_online"
    online: bool


class SetInterval(Command, frozen=True):
    """Set the time between two readings, in s."""

    name = "set_interval"
    interval: Annotated[
        float, Meta(ge=INTERVAL_S[0], le=INTERVAL_S[1], description="time between readings, s")
    ]


class ResetEnergy(Command, frozen=True):
    """Set the energy counter to zero."""

    name = "reset_energy"


class Reboot(Command, frozen=True):
    """Restart the device: it is offline for ten seconds and then begins anew."""

    name = "reboot"


class InjectFault(Command, frozen=True):
    """Have the device fail: `GET /api/v1/fault-types` lists how, with the parameters of each."""

    name = "inject_fault"
    fault: Annotated[str, Meta(description="one of the fault types")]
    parameters: dict[str, Any] = {}
    start: Annotated[str, Meta(description="RFC 3339; default: now")] | None = None
    duration: Annotated[float, Meta(gt=0, description="s; default: until cleared")] | None = None
    fault_id: Annotated[str, Meta(pattern=f"^{ID_PATTERN}$")] | None = None


class ClearFault(Command, frozen=True):
    """End a fault; without `fault_id`, all of them."""

    name = "clear_fault"
    fault_id: str | None = None


COMMON_COMMANDS: tuple[type[Command], ...] = (
    SetPower,
    SetBasePower,
    SetVoltage,
    SetEnabled,
    SetOnline,
    SetInterval,
    ResetEnergy,
    Reboot,
    InjectFault,
    ClearFault,
)


@frozen
class Applied:
    """The device has done what the command asked."""


@frozen
class Rejected:
    """The device has changed nothing, and why."""

    reason: str


Outcome = Applied | Rejected


def parse_command(
    known: Mapping[str, type[Command]], name: str, parameters: Mapping[str, Any]
) -> Command | Rejected:
    """Return the command that a client named, or why it can not be one."""
    command_type = known.get(name)
    if command_type is None:
        return Rejected(f"unknown command {name[:64]!r}; known are {', '.join(sorted(known))}")
    try:
        return msgspec.convert(parameters, command_type)
    except msgspec.ValidationError as error:
        return Rejected(f"parameters of {name}: {_plain(error)}")


def _plain(error: msgspec.ValidationError) -> str:
    return str(error).replace("Object", "object").replace(" - at `$.", " - at `")
