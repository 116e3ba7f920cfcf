"""The commands every device has, and how a command is read from what a client sent."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

import msgspec
from attrs import frozen
from msgspec import Meta

from iotmock.model.quantities import Duration, FaultId, Interval, Power, Start, Voltage
from iotmock.wording.faults import InvalidValueError, convert
from iotmock.wording.words import meant


class Command(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A command with its parameters; the annotations are its JSON Schema and its validation."""

    name: ClassVar[str]
    alone: ClassVar[str | None] = None
    """The parameter that a control of one value gives, where all others may be left out."""

    @classmethod
    def given(cls) -> tuple[str, ...]:
        """Return the parameters that a control gives: all, or the one that is given alone."""
        names = (one.name for one in msgspec.structs.fields(cls))
        return tuple(names) if cls.alone is None else (cls.alone,)

    def for_rating(self, _base_power_kw: float) -> "Command":
        """Return the command as families take it: in shares of the base power, not in kW."""
        return self


class SetPower(Command, frozen=True):
    """Set the base power, in kW."""

    name = "set_power"
    power: Power


class SetBasePower(SetPower, frozen=True):
    """Set the base power, in kW; set_power is its older name."""

    name = "set_base_power"


class SetVoltage(Command, frozen=True):
    """Set the nominal voltage, in V."""

    name = "set_voltage"
    voltage: Voltage


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
    interval: Interval


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
    start: Start | None = None
    duration: Duration | None = None
    fault_id: FaultId | None = None


class ClearFault(Command, frozen=True):
    """End a fault; without `fault_id`, all of them."""

    name = "clear_fault"
    fault_id: str | None = None


ABOUT_FAULTS = frozenset({InjectFault.name, ClearFault.name})
"""What they do is kept in the fault ledger, and not with the device."""

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
        names, near = ", ".join(sorted(known)), meant(name[:64], known)
        return Rejected(f"unknown command {name[:64]!r}; known are {names}{near}")
    try:
        return convert(parameters, command_type)
    except InvalidValueError as error:
        return Rejected(f"parameters of {name}: {error}")
