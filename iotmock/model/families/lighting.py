"""Lighting: follows people and daylight, and is flat while it is on."""

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

_FADE_TAU_S = 10.0
_STANDBY = 0.012


class SetBrightness(Command, frozen=True):
    """Set the brightness of lamps that are on, in percent; 100 leaves it to the controls."""

    name = "set_brightness"
    percent: Annotated[float, Meta(ge=0, le=100, description="brightness, percent")]


@define(eq=False)
class Lighting:
    """A floor of dimmed LED lamps."""

    noise: Noise
    variation: float
    brightness: float = 1.0
    level: float = 0.5

    def step(self, site: Conditions, dt_s: float) -> float:
        """See `Family.step`."""
        target = site.occupancy * max(0.15, 1.0 - 0.62 * site.daylight)
        self.level = target + (self.level - target) * exp(-dt_s / _FADE_TAU_S)
        flicker = 1.0 + self.variation * 0.05 * self.noise.gauss()
        return _STANDBY + (1.0 - _STANDBY) * self.level * self.brightness * max(0.0, flicker)

    def power_factor(self) -> float:
        """See `Family.power_factor`."""
        return 0.95 - 0.35 * exp(-self.level * self.brightness / 0.12)

    def apply(self, command: Command) -> Outcome:
        """See `Family.apply`."""
        if not isinstance(command, SetBrightness):
            return Rejected(f"lighting has no {command.name}")
        self.brightness = command.percent / 100.0
        return Applied()

    def settings(self) -> dict[str, Setting]:
        """See `Family.settings`."""
        return {"brightness": self.brightness}

    def restore(self, settings: Mapping[str, Setting]) -> None:
        """See `Family.restore`."""
        self.brightness = float(settings.get("brightness", self.brightness))


TYPE = DeviceType(
    device_type="lighting",
    name="LED Lighting",
    description="Dimmed office lighting that follows people and daylight; single-phase.",
    base_power=8.5,
    base_voltage=240.0,
    phases=1,
    build=Lighting,
    own_commands=(SetBrightness,),
)
