"""The command that every thermostat knows, and its limits."""

from typing import Annotated

from iotmock.model.commands import Command
from iotmock.model.quantities import quantity

SETPOINT_C = (5.0, 35.0)


class SetSetpoint(Command, frozen=True):
    """Set the room temperature that the thermostat holds, in °C."""

    name = "set_setpoint"
    temperature: Annotated[float, quantity(SETPOINT_C, "°C", "room temperature")]
