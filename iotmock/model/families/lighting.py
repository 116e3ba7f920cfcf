"""Lighting: follows people and daylight, and is flat while it is on."""

from collections.abc import Callable, Mapping
from typing import Annotated

from attrs import define

from iotmock.model.commands import Applied, Command, Outcome, Rejected
from iotmock.model.family import DeviceType, Family, Profile
from iotmock.model.numbers.by_step import ByStep, Relaxation, relaxation
from iotmock.model.numbers.curve import Curve
from iotmock.model.numbers.exact_math import exp
from iotmock.model.numbers.noise import Noise
from iotmock.model.parts.lamp_controls import (
    HomeControls,
    LampControls,
    OfficeControls,
    StreetControls,
)
from iotmock.model.parts.zip_load import LAMP
from iotmock.model.quantities import quantity
from iotmock.model.site.site import Conditions, spread_of
from iotmock.model.spec import PERCENT, Setting, read_setting

STANDBY = 0.012
"""What drivers and controls draw while the lamps are dark / base power (realism.md)."""
_FADE_TAU_S = 10.0
_FLICKER = 0.002


class SetBrightness(Command, frozen=True):
    """Set the brightness of lamps that are on, in percent; 100 leaves it to the controls."""

    name = "set_brightness"
    percent: Annotated[float, quantity(PERCENT, "%", "brightness")]


def _fade(dt_s: float) -> Relaxation:
    return relaxation(_FADE_TAU_S, dt_s)


_FADES = ByStep(_fade)
# LED drivers (EN IEC 61000-3-2, class C) are good at full load and poor when dimmed (realism.md).
_POWER_FACTOR = Curve.of(lambda load: 0.95 - 0.35 * exp(-load / 0.12), limit=1.25)


@define(eq=False)
class Lighting:
    """Lamps whose level (0 to 1) fades to what their controls ask for; `brightness` scales it."""

    noise: Noise
    spread: float
    controls: LampControls
    brightness: float = 1.0
    level: float = 0.0
    load: float = STANDBY

    def step(self, site: Conditions, dt_s: float) -> float:
        """See `Family.step`."""
        target = self.controls.target(site, dt_s)
        keep, _, mean, _ = _FADES[dt_s]
        gap = self.level - target
        self.level = target + gap * keep
        flicker = 1.0 + _FLICKER * self.spread * self.noise.gauss()
        level = (target + gap * mean) * self.brightness * (flicker if flicker > 0.0 else 0.0)
        self.load = load = STANDBY + (1.0 - STANDBY) * level
        return load

    def power_factor(self) -> float:
        """See `Family.power_factor`."""
        return _POWER_FACTOR.at(self.load)

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
        self.brightness = read_setting(settings, "brightness", PERCENT, self.brightness)


def _lamps(controls: Callable[[Noise, float], LampControls]) -> Callable[[Noise, float], Family]:
    def build(noise: Noise, variation: float) -> Lighting:
        spread = spread_of(variation)
        return Lighting(noise, spread, controls(noise, spread))

    return build


TYPE = DeviceType.of_profiles(
    device_type="lighting",
    name="LED Lighting",
    description="Lamps that follow people, daylight or the dark; flat while on; single-phase.",
    profiles=(
        Profile(
            "office_led",
            "A dimmed office floor that follows people and daylight.",
            8.5,
            240.0,
            1,
            _lamps(OfficeControls.make),
            1.1,
        ),
        Profile(
            "street",
            "Street lamps from dusk to dawn, dimmed at night.",
            4.0,
            240.0,
            1,
            _lamps(StreetControls.make),
            1.1,
        ),
        Profile(
            "bulb",
            "One lamp of a home, switched by hand when it is dark.",
            0.009,
            240.0,
            1,
            _lamps(HomeControls.make),
            1.1,
            zip_load=LAMP,
        ),
    ),
    own_commands=(SetBrightness,),
)
