"""Clouds that pass before the sun, in seconds to minutes."""

from math import sqrt
from statistics import NormalDist

from attrs import define

from iotmock.model.numbers.by_step import ByStep, relaxation
from iotmock.model.numbers.curve import Curve
from iotmock.model.numbers.noise import gauss_at

_CLOUD_TAU_S = 45.0
_FINE_S, _COARSE_S = 20.0, 90.0
_FINE, _COARSE = 0.6, 0.8
_EDGE = 0.5
"""Width of a cloud's edge in standard deviations: some seconds at the speed at which they pass."""

# Where a standard normal number lies that is above it with this probability.
_QUANTILES = (4.0, *(round(-NormalDist().inv_cdf(cell / 256), 12) for cell in range(1, 256)), -4.0)
_THRESHOLD = Curve(1.0, 256.0, (*_QUANTILES, -4.0))


def passing(dt_s: float) -> float:
    """Return how much of passing clouds is left in the mean over a tick (s)."""
    return relaxation(_CLOUD_TAU_S, dt_s).steady


PASSING = ByStep(passing)


@define(eq=False)
class _Wave:
    """A random line through time: normal numbers `step_s` apart, and between them as varied."""

    seed: int
    step_s: float
    _cell: int | None = None
    _value: float = 0.0
    _next: float = 0.0

    def at(self, now: float) -> float:
        cell, share = divmod(now / self.step_s, 1.0)
        if cell != self._cell:
            self._cell = number = int(cell)
            self._value, self._next = gauss_at(self.seed, number), gauss_at(self.seed, number + 1)
        rest = 1.0 - share
        # A mean of two varies less than each; so it is widened.
        return (rest * self._value + share * self._next) / sqrt(rest * rest + share * share)


@define(eq=False)
class PassingClouds:
    """Clouds that pass before the sun, in seconds to minutes: they follow from the moment alone."""

    fine: _Wave
    coarse: _Wave

    @classmethod
    def make(cls, seed: int) -> "PassingClouds":
        """Return the clouds of a seed."""
        return cls(_Wave(seed, _FINE_S), _Wave(seed ^ 1, _COARSE_S))

    def wander(self, now: float) -> float:
        """Return how unusual the light through clouds is, a standard normal number."""
        return self.coarse.at(now)

    def gap(self, now: float, shine: float) -> float:
        """Return whether the sun is out, 0 to 1 (between them only at a cloud's edge).

        Over time it is `shine` on average.
        """
        noise = _FINE * self.fine.at(now) + _COARSE * self.coarse.at(now)
        gap = 0.5 + (noise - _THRESHOLD.at(shine)) / _EDGE
        return 0.0 if gap < 0.0 else 1.0 if gap > 1.0 else gap
