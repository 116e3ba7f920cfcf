"""Lighting: follows people and daylight, and is flat while it is on."""

from collections.abc import Callable, Mapping
from typing import Annotated

from attrs import define

from iotmock.model.commands import Applied, Command, Outcome, Rejected
from iotmock.model.family import DeviceType, Profile
from iotmock.model.numbers.by_step import ByStep, Relaxation, relaxation
from iotmock.model.numbers.curve import Curve
from iotmock.model.numbers.exact_math import exp
from iotmock.model.numbers.noise import Noise
from iotmock.model.numbers.shared import shared
from iotmock.model.numbers.traits import Traits
from iotmock.model.parts.lamps.controls import LampControls
from iotmock.model.parts.lamps.hall import HallControls
from iotmock.model.parts.lamps.home import HomeControls
from iotmock.model.parts.lamps.office import OfficeControls
from iotmock.model.parts.lamps.street import StreetControls
from iotmock.model.parts.zip_load import LAMP
from iotmock.model.quantities import quantity
from iotmock.model.site.site import Conditions, spread_of
from iotmock.model.spec import PERCENT, Setting, read_setting

STANDBY = 0.0068
"""What drivers and controls usually draw while the lamps are dark / base power (realism.md)."""
_SMART_STANDBY = 0.04
"""Of a lamp with radio: 0.3 to 0.5 W of 9 W (IEA 4E, "Smart lamps testing", 2016)."""
_SMART = 0.15
_WANDER = 0.012
"""How far the standby wanders from hour to hour (HouseZero's lights at rest: 0.3 to 0.7 %)."""
_FADE_TAU_S = 10.0
_FLICKER = 0.002
_BULB_FLICKER = 0.006
"""Of small drivers, which follow the mains: what a meter of 1 W sees of tracebase's lamps."""
_LONG_S, _MOST_PIECES = 150.0, 96
_NOTHING = 1e-12
"""Square of a gap that nobody sees: without it a lamp that is off would never be."""


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
    """Lamps whose level (0 to 1) fades to what their controls ask for; `brightness` scales it.

    `standby` and `flicker` are the device's own, / base power.
    """

    noise: Noise
    controls: LampControls
    standby: float = STANDBY
    flicker: float = _FLICKER
    brightness: float = 1.0
    level: float = 0.0
    load: float = 0.0

    def step(self, site: Conditions, dt_s: float) -> float:
        """See `Family.step`."""
        controls = self.controls
        if dt_s <= _LONG_S:
            target = controls.target(site, site.hour, dt_s)
        else:
            target = self._mean_target(site, dt_s)
        keep, _, mean, _ = _FADES[dt_s]
        gap = self.level - target
        self.level = target + gap * keep if gap * gap > _NOTHING else target
        flicker = 1.0 + self.flicker * self.noise.gauss()
        level = (target + gap * mean) * self.brightness * (flicker if flicker > 0.0 else 0.0)
        standby = self.standby * (1.0 + _WANDER * controls.restless)
        self.load = load = standby + (1.0 - self.standby) * level
        return load

    def _mean_target(self, site: Conditions, dt_s: float) -> float:
        """Return the mean over a long tick, in which people come and go."""
        count = min(_MOST_PIECES, int(dt_s / _LONG_S) + 1)
        piece_s = dt_s / count
        hour, total = site.hour - (dt_s - piece_s) / 7200.0, 0.0
        for _ in range(count):
            total += self.controls.target(site, hour, piece_s)
            hour += piece_s / 3600.0
        return total / count

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


def _lit_by(
    make: Callable[[Traits], LampControls], deviation: float = 0.2
) -> Callable[[Noise, float], Lighting]:
    """Return what makes lamps with these controls, whose standby differs by `deviation`."""

    def lamps(noise: Noise, variation: float) -> Lighting:
        traits = Traits(noise.branch(), spread_of(variation))
        controls, standby = make(traits), traits.times(STANDBY, deviation)
        return Lighting(noise, controls, standby, _flicker(traits))

    return lamps


def _bulb(noise: Noise, variation: float) -> Lighting:
    traits = Traits(noise.branch(), spread_of(variation))
    smart = traits.among(_SMART)
    standby = traits.times(_SMART_STANDBY, 0.3) if smart else 0.0
    controls = HomeControls.make(traits, dimmed=smart)
    return Lighting(noise, controls, standby, _flicker(traits, _BULB_FLICKER, 0.8))


def _flicker(traits: Traits, usual: float = _FLICKER, deviation: float = 0.5) -> float:
    return shared(usual * traits.spread * traits.times(1.0, deviation))


TYPE = DeviceType.of_profiles(
    device_type="lighting",
    name="LED Lighting",
    description="Lamps that follow people, daylight or the dark; flat while on.",
    profiles=(
        Profile(
            "office_led",
            "A dimmed office floor that follows people and daylight.",
            8.5,
            240.0,
            1,
            _lit_by(OfficeControls.make),
            1.1,
        ),
        Profile(
            "hall",
            "High bays of a factory's hall, lit row by row while a shift works.",
            12.0,
            480.0,
            3,
            _lit_by(HallControls.make),
            1.1,
        ),
        Profile(
            "street",
            "Street lamps from dusk to dawn, dimmed at night.",
            4.0,
            240.0,
            1,
            _lit_by(StreetControls.make, 0.3),
            1.1,
        ),
        Profile(
            "bulb",
            "One lamp of a home, switched by hand when it is dark.",
            0.009,
            240.0,
            1,
            _bulb,
            1.1,
            zip_load=LAMP,
        ),
    ),
    own_commands=(SetBrightness,),
)
