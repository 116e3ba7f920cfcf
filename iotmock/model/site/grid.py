"""The voltage that the grid brings to one location, before the location draws anything.

Levels and spreads are chosen so that a day has the statistics of 240 days of the UCI household
(2.08 million minutes): realism2.md, tests/model/site/test_voltage.py.
"""

from typing import NamedTuple

from attrs import define

from iotmock.model.numbers.noise import gauss_at, uniform_at
from iotmock.model.numbers.slow_noise import SlowNoise
from iotmock.model.site.sky import HOUR_COSINES

QUARTER_S = 900
_NOON = 48
_BUSIEST, _BY_DAY = 74, 0.006
"""18:30, when the grid's load is highest and its voltage lowest; by how much of nominal."""
_SLOW, _SLOW_TAU_S = 0.0065, 4 * 3600.0
_MIDDLE, _MIDDLE_TAU_S = 0.003, 30 * 60.0
_UPSTREAM, _UPSTREAM_TAU_S = 0.014, 8 * 3600.0
_TAP = 0.011
"""A step of the transformer's tap changer (1 to 1.5 %, IEC 60214-1), which follows the upstream."""
_NEIGHBOUR = 0.0042
_UNREST_AT, _UNREST = 80, 0.45
"""20:00, when most is switched, and by how much of their mean the quick changes are larger then."""


class Supply(NamedTuple):
    """The grid at the beginning of a quarter of an hour; of nominal voltage.

    `smooth` goes to the next along a line, `stepped` in one step; `unrest` is how strong the quick
    changes are, on average 1.
    """

    smooth: float
    stepped: float
    unrest: float


@define(eq=False)
class Grid:
    """The slow voltage of one location: it follows from seed and time."""

    seed: int
    spread: float
    by_day: float
    lively: float
    slow: SlowNoise
    middle: SlowNoise
    upstream: SlowNoise

    @classmethod
    def make(cls, seed: int, spread: float) -> "Grid":
        """Return the grid at the location with this seed."""
        return cls(
            seed,
            spread,
            _BY_DAY * max(0.2, min(1.8, 1.0 + 0.4 * spread * gauss_at(seed, 0))),
            max(0.5, min(1.6, 1.0 + 0.2 * spread * gauss_at(seed, 1))),
            SlowNoise.make(seed ^ 3, _SLOW_TAU_S, stride=2),
            SlowNoise.make(seed ^ 4, _MIDDLE_TAU_S, stride=1),
            SlowNoise.make(seed ^ 5, _UPSTREAM_TAU_S, stride=8),
        )

    def at(self, quarter: int, place: int) -> Supply:
        """Return the grid at a quarter of an hour, `place` of 96 of its local day."""
        spread = min(1.5, self.spread)
        by_day = self.by_day * HOUR_COSINES[(place - _BUSIEST + _NOON) % 96]
        if not spread:
            return Supply(-by_day, 0.0, 1.0)
        upstream = _UPSTREAM * spread * self.upstream.at(quarter)
        smooth = _SLOW * self.slow.at(quarter) + _MIDDLE * self.middle.at(quarter)
        unrest = self._unrest(quarter, place)
        neighbour = _NEIGHBOUR * spread * unrest * max(0.0, gauss_at(self.seed, quarter))
        taps = round(upstream / _TAP)
        return Supply(upstream + spread * smooth - by_day, -_TAP * taps - neighbour, unrest)

    def _unrest(self, quarter: int, place: int) -> float:
        today = 1.0 + 0.15 * max(-2.5, min(2.5, gauss_at(self.seed ^ 6, quarter // 96)))
        by_hour = 1.0 + _UNREST * HOUR_COSINES[(place - _UNREST_AT + _NOON) % 96]
        return self.lively * today * by_hour

    def switches_at(self, quarter: int) -> int:
        """Return the second of a quarter of an hour in which `stepped` becomes the next one's."""
        return int(QUARTER_S * uniform_at(self.seed, quarter))
