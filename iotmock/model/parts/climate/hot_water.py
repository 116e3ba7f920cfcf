"""The hot water of a house: a tank that people draw from and that is heated up again."""

from attrs import define

from iotmock.model.numbers.exact_math import exp
from iotmock.model.numbers.noise import gauss_at
from iotmock.model.numbers.traits import Traits
from iotmock.model.parts.climate.masses import mass_of
from iotmock.model.parts.thermostat import Thermostat
from iotmock.model.site.site import Conditions

_TANK_TAU_S = 80 * 3600.0
_HYSTERESIS_K = 4.5
_HEATS_K_PER_H = 11.0
"""By a pump at its full heat: 200 l in an hour by 6 to 12 K/h for each kW per 100 l."""
_DRAWN_K = 13.0
"""A day's usual draw: 40 l of 60 °C for each of three people, off 200 l (EN 16147, profile L)."""
_AWAKE_H = 8.5


@define(eq=False, weakref_slot=False)
class HotWater:
    """`draws_k_per_h` is what the people of the house draw while all are at home and awake."""

    seed: int
    spread: float
    tank: Thermostat
    draws_k_per_h: float
    today_k_per_h: float = 0.0
    _day: int = -1

    @classmethod
    def make(cls, traits: Traits) -> "HotWater":
        """Return a tank somewhere between warm and due."""
        mass = mass_of(_TANK_TAU_S, _HYSTERESIS_K * traits.times(1.0, 0.2), 300.0, 600.0)
        tank = Thermostat(mass, traits.about(0.0, 1.5, -3.0, 3.0))
        return cls(traits.seed(), traits.spread, tank, traits.times(_DRAWN_K / _AWAKE_H, 0.35))

    def advance(self, site: Conditions, heat: float, dt_s: float) -> float:
        """Return the share of the tick in which a pump of this heat (full at 7 °C: 1) heats it."""
        day = site.day
        if day.number != self._day:
            self._day = day.number
            own = 0.35 * self.spread * gauss_at(self.seed, day.number)
            self.today_k_per_h = self.draws_k_per_h * day.home * exp(max(-0.9, min(0.9, own)))
        rate_k_per_h = self.today_k_per_h * site.at_home + 0.12
        hours = _TANK_TAU_S / 3600.0
        pull_k = hours * _HEATS_K_PER_H * heat
        return self.tank.advance(hours * rate_k_per_h, pull_k, dt_s)
