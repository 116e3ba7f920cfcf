"""The cooling of a computer room: fans and a compressor that never rest, by heat and outdoor air.

Sources: ASHRAE TC 9.9, "Thermal Guidelines for Data Processing Environments", 2021 (supply air of
24 °C, all year), with economisers whole below 6 °C and none above 16 °C; cooling at 20 to 40 % of
the racks' power (Uptime Institute's surveys 2020 to 2023: PUE 1.55 to 1.6). Judgement: what of its
rating a unit carries, as units are installed in pairs.
"""

from attrs import define

from iotmock.model.numbers.by_step import ByStep, relaxation
from iotmock.model.numbers.noise import Noise
from iotmock.model.numbers.slow_noise import SlowNoise
from iotmock.model.parts.climate.setpoint import HasSetpoint
from iotmock.model.site.site import Conditions, spread_of

_HEAT, _HEAT_SD = 0.55, 0.12
"""What of its rating a unit carries, and how units differ."""
_BY_HOUR, _BY_WORK, _TAU_S = 0.06, 0.05, 5 * 3600.0
"""How the heat of the racks wanders, and how much more it is while people work."""
_FANS = 0.28
_FREE_C, _FULL_C = 6.0, 16.0
_DESIGN_C, _PER_K = 35.0, 0.014
"""At 35 °C the compressor draws what it is rated; each kelvin below saves 1.4 % (EN 14511)."""
_SUPPLY_C, _BY_SETPOINT = 24.0, 0.02
"""A supply that is colder by a kelvin costs 2 % (data sheets of chillers)."""
_RIPPLE, _RIPPLE_TAU_S = 0.012, 60.0
_POWER_FACTOR = 0.93


def _steady(dt_s: float) -> float:
    return relaxation(_RIPPLE_TAU_S, dt_s).steady


_STEADY = ByStep(_steady)


@define(eq=False, weakref_slot=False)
class ComputerRoom(HasSetpoint):
    """One unit. `heat` is what it carries / its rating, in the mean; `setpoint_c` of its supply."""

    noise: Noise
    spread: float
    heat: float
    racks: SlowNoise
    setpoint_c: float = _SUPPLY_C

    @classmethod
    def make(cls, noise: Noise, variation: float) -> "ComputerRoom":
        """Return a unit of one room."""
        spread = spread_of(variation)
        own = max(-2.0, min(2.0, noise.gauss()))
        racks = SlowNoise.make(noise.branch().state, _TAU_S, stride=2)
        return cls(noise, spread, _HEAT * (1.0 + _HEAT_SD * spread * own), racks)

    def step(self, site: Conditions, dt_s: float) -> float:
        """See `Family.step`."""
        heat = self.heat * (1.0 + _BY_WORK * site.occupancy)
        heat *= 1.0 + _BY_HOUR * self.spread * self.racks.between(site.now)
        heat = min(1.0, max(0.1, heat))
        speed = 0.4 + 0.6 * heat
        ripple = 1.0 + _RIPPLE * self.spread * _STEADY[dt_s] * self.noise.gauss()
        lift = 1.0 + _BY_SETPOINT * (_SUPPLY_C - self.setpoint_c)
        compressor = (1.0 - _FANS) * heat * lift * _compressor(site)
        return (_FANS * speed * speed * speed + compressor) * ripple

    def power_factor(self) -> float:
        """See `Family.power_factor`."""
        return _POWER_FACTOR


def _compressor(site: Conditions) -> float:
    """Return what the compressor draws / rating and heat: outdoor air does the rest."""
    outdoor = site.outdoor_c
    needed = min(1.0, max(0.0, (outdoor - _FREE_C) / (_FULL_C - _FREE_C)))
    return needed * max(0.5, 1.0 - _PER_K * (_DESIGN_C - outdoor))
