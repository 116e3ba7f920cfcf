"""HVAC: a room, a thermostat with hysteresis, a compressor."""

from collections.abc import Mapping
from math import exp
from typing import Annotated

from attrs import define
from msgspec import Meta

from iotmock.model.commands import Applied, Command, Outcome, Rejected
from iotmock.model.family import DeviceType
from iotmock.model.noise import Noise
from iotmock.model.site import Conditions
from iotmock.model.spec import Setting

_ROOM_TAU_S = 4 * 3600.0
_COOLING_K_PER_S = 6.0 / 3600.0
_GAIN_K = 6.0
_HYSTERESIS_K = 0.6
_FAN = 0.12


class SetSetpoint(Command, frozen=True):
    """Set the room temperature that the thermostat holds, in °C."""

    name = "set_setpoint"
    temperature: Annotated[float, Meta(ge=5, le=35, description="room temperature, °C")]


@define(eq=False)
class Hvac:
    """A cooled room. Temperatures in °C."""

    noise: Noise
    variation: float
    setpoint_c: float = 22.0
    room_c: float = 22.5
    running: bool = True

    def step(self, site: Conditions, dt_s: float) -> float:
        """See `Family.step`."""
        rest = site.outdoor_c + _GAIN_K * site.occupancy
        self.room_c = rest + (self.room_c - rest) * exp(-dt_s / _ROOM_TAU_S)
        self.room_c -= _COOLING_K_PER_S * dt_s * self.running
        if abs(self.room_c - self.setpoint_c) > _HYSTERESIS_K:
            self.running = self.room_c > self.setpoint_c
            self.room_c = max(self.room_c, self.setpoint_c - 1.0)
        load = (1.0 - _FAN) * (1.0 + 0.016 * (site.outdoor_c - 35.0)) * self.running
        return max(0.02, (_FAN + load) * (1.0 + self.variation * 0.2 * self.noise.gauss()))

    def power_factor(self) -> float:
        """See `Family.power_factor`."""
        return 0.9 if self.running else 0.7

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
        self.setpoint_c = float(settings.get("setpoint", self.setpoint_c))


TYPE = DeviceType(
    device_type="hvac",
    name="HVAC System",
    description="Cools a room to its setpoint with a cycling compressor; three-phase.",
    base_power=25.0,
    base_voltage=240.0,
    phases=3,
    build=Hvac,
    own_commands=(SetSetpoint,),
)
