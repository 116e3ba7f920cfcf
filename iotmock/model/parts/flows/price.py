"""What energy costs by the hour: a market that all sites share. Money / kWh."""

from functools import lru_cache
from typing import NamedTuple

from iotmock.model.numbers.curve import Points, between
from iotmock.model.numbers.noise import gauss_at
from iotmock.model.site.day import Day, DayKind

_SEED = 0x5EED_0F_7DA
"""The market's own: it is one for all fleets, whatever their seed."""
_GRID_AND_TAXES = 0.18
_MARKET = 0.085
# Hourly day-ahead prices of Germany 2023 to 2024 (SMARD.de), relative to the mean: peaks of the
# morning and evening, and a dip that the sun makes, three times as deep in summer.
_BY_HOUR: Points = (
    (0.0, 0.92), (3.0, 0.82), (5.0, 0.92), (7.0, 1.30), (9.0, 1.15), (13.0, 0.90), (16.0, 1.05),
    (18.0, 1.40), (19.0, 1.48), (20.0, 1.35), (22.0, 1.08), (24.0, 0.92),
)  # fmt: skip
_SUN: Points = ((8.0, 0.0), (11.0, 0.7), (13.0, 1.0), (15.0, 0.7), (18.0, 0.0))
_QUIET = {DayKind.WORKDAY: 1.0, DayKind.SATURDAY: 0.88, DayKind.SUNDAY: 0.78}
_MOST_SPREAD_OF_DAYS = 0.30
_SUN_BY_DAY, _BY_THE_HOUR, _DRAWS = 0.6, 0.09, 32
"""How days differ in the dip that sun and wind make, and hours beside, as those of SMARD.de do."""


class Prices(NamedTuple):
    """A day's prices by hour, and from where on an hour is cheap or dear."""

    by_hour: tuple[float, ...]
    cheap: float
    dear: float


@lru_cache(maxsize=64)
def prices(day: Day, spread: float) -> Prices:
    """Return the prices of a day: five hours are cheap, five are dear."""
    first = day.number * _DRAWS
    level = _QUIET[day.kind] * (1.0 + _MOST_SPREAD_OF_DAYS * spread * _unusual(day.number))
    sunny = max(0.1, 1.0 + _SUN_BY_DAY * spread * _unusual(first + 24))
    dip = 2.0 * (0.20 + 0.13 * day.summer) * sunny
    hours = tuple(
        round(_GRID_AND_TAXES + _MARKET * level * _market(first, hour, dip, spread), 4)
        for hour in range(24)
    )
    ranked = sorted(hours)
    return Prices(hours, ranked[4], ranked[-5])


def _market(first: int, hour: int, dip: float, spread: float) -> float:
    usual = between(_BY_HOUR, hour + 0.5) - dip * between(_SUN, hour)
    return usual + _BY_THE_HOUR * spread * _unusual(first + hour)


def _unusual(number: int) -> float:
    return max(-2.0, min(2.0, gauss_at(_SEED, number)))
