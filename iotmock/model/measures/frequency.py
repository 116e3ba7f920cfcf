"""The frequency of the grid: one for all devices of a service at 50 or 60 Hz, in all its lives."""

from functools import lru_cache
from math import floor

from iotmock.model.numbers.exact_math import exp
from iotmock.model.numbers.noise import gauss_at, seed_of

_NOISES = ((11.0, 0.006), (67.0, 0.010), (293.0, 0.015))
"""Seconds between two points, and the standard deviation, Hz: in all 18 mHz. Source: continental
Europe 2012 to 2019 has 19 to 21 mHz, with a correlation time of some minutes (Gorjao et al., "Data
and models of European frequency", Nature Communications 11, 2020)."""
_HOUR_S, _JUMP_HZ, _JUMP_TAU_S = 3_600.0, 0.018, 240.0
"""At full hours schedules change: a step, which control takes back. Same source."""
_LIMIT_HZ = 0.2


@lru_cache(maxsize=1_024)
def frequency(fleet_seed: int, spread: float, nominal_hz: float, second: int) -> float:
    """Return Hz at a second since the epoch."""
    off = _jump(fleet_seed, second)
    for place, (step_s, deviation) in enumerate(_NOISES):
        off += deviation * _between(seed_of_noise(fleet_seed, place), second / step_s)
    off = max(-_LIMIT_HZ, min(_LIMIT_HZ, off * min(2.0, spread)))
    return floor((nominal_hz + off) * 1e3 + 0.5) / 1e3


@lru_cache(maxsize=64)
def seed_of_noise(fleet_seed: int, place: int) -> int:
    """Return the seed of one of the noises."""
    return seed_of(fleet_seed, f"frequency:{place}")


def _between(seed: int, at: float) -> float:
    cell = floor(at)
    share = at - cell
    # Between two points a straight line has less variance than at them: 1.22 makes up for it.
    return 1.22 * ((1.0 - share) * gauss_at(seed, cell) + share * gauss_at(seed, cell + 1))


def _jump(fleet_seed: int, second: int) -> float:
    hour, rest_s = divmod(second, _HOUR_S)
    seed = seed_of_noise(fleet_seed, len(_NOISES))
    return _JUMP_HZ * gauss_at(seed, int(hour)) * exp(-rest_s / _JUMP_TAU_S)
