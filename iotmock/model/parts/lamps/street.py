"""Street lamps: each has its own photocell, and a clock that dims it at night."""

from attrs import define, field, frozen

from iotmock.model.numbers.noise import gauss_at
from iotmock.model.numbers.traits import Traits
from iotmock.model.site.site import Conditions
from iotmock.model.site.sky import clear_daylight

_HALF_CLOUDED = 0.65
_CLOUDS = 0.25
"""How far clouds bring the dusk forward: some minutes."""
_TWILIGHT = 0.15


@frozen
class StreetRules:
    """One lamp post's settings, for life. Hours local.

    Source: photocells switch at 35 to 70 lx, which is a sun 0 to 2° below the horizon, and half of
    that much light apart for on and off; part-night dimming after ILP GN01. `full` is what the
    driver was set to at the start: light that is kept constant takes up to a fifth more when old.
    """

    seed: int
    dark_sine: float
    gap: float
    full: float
    night_level: float
    night_from_h: float
    night_until_h: float

    @classmethod
    def drawn(cls, traits: Traits) -> "StreetRules":
        """Return those of one post."""
        return cls(
            traits.seed(),
            dark_sine=traits.about(-0.02, 0.01, -0.05, 0.015),
            gap=traits.times(0.012, 0.3),
            full=traits.about(0.93, 0.05, 0.75, 1.0),
            night_level=1.0 if traits.among(0.25) else traits.about(0.5, 0.12, 0.25, 0.8),
            night_from_h=traits.about(23.0, 0.7, 21.5, 24.0),
            night_until_h=traits.about(5.0, 0.5, 4.0, 6.5),
        )


@define(eq=False)
class StreetControls:
    """A photocell that switches at its own darkness, a little differently each day."""

    rules: StreetRules
    spread: float
    lit: bool = False
    restless: float = field(default=0.0, init=False)
    _day: int = field(default=-1, init=False)

    @classmethod
    def make(cls, traits: Traits) -> "StreetControls":
        """Return a street lamp."""
        return cls(StreetRules.drawn(traits), traits.spread)

    def target(self, site: Conditions, hour: float, _dt_s: float) -> float:
        """See `LampControls.target`."""
        rules, sine = self.rules, site.sun_sine
        if site.day.number != self._day:
            self._day = site.day.number
            self.restless = self.spread * gauss_at(rules.seed, self._day)
        if -_TWILIGHT < sine < _TWILIGHT:
            sine += _CLOUDS * (site.daylight - _HALF_CLOUDED * clear_daylight(sine))
            sine += 0.002 * self.restless
        limit = rules.dark_sine + (rules.gap if self.lit else 0.0)
        self.lit = sine <= limit
        if not self.lit:
            return 0.0
        by_night = hour >= rules.night_from_h or hour < rules.night_until_h
        return rules.full * (rules.night_level if by_night else 1.0)
