"""The command that every thermostat knows, its limits, and the setting that is kept."""

from collections.abc import Mapping
from typing import Annotated

from attrs import define

from iotmock.model.commands import Applied, Command, Outcome, Rejected
from iotmock.model.quantities import quantity
from iotmock.model.spec import Setting, read_setting

SETPOINT_C = (5.0, 35.0)


class SetSetpoint(Command, frozen=True):
    """Set the room temperature that the thermostat holds, in °C."""

    name = "set_setpoint"
    temperature: Annotated[float, quantity(SETPOINT_C, "°C", "room temperature")]


@define(eq=False, weakref_slot=False)
class HasSetpoint:
    """A machine that is set to a temperature, in °C."""

    setpoint_c: float

    def apply(self, command: Command) -> Outcome:
        """See `Family.apply`."""
        if not isinstance(command, SetSetpoint):
            return Rejected(f"hvac has no {command.name}")
        self.setpoint_c = command.temperature
        return Applied()

    def settings(self) -> dict[str, Setting]:
        """See `Family.settings`."""
        return {"setpoint": self.setpoint_c}

    def restore(self, settings: Mapping[str, Setting]) -> None:
        """See `Family.restore`."""
        self.setpoint_c = read_setting(settings, "setpoint", SETPOINT_C, self.setpoint_c)
