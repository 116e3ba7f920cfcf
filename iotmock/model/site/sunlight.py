"""What of the sun arrives at one location: its beam, the light of the sky, and passing clouds."""

from collections.abc import Callable
from datetime import date
from math import sqrt
from statistics import NormalDist
from typing import NamedTuple

from attrs import define, field

from iotmock.model.numbers.by_step import ByStep, relaxation
from iotmock.model.numbers.curve import Curve
from iotmock.model.numbers.exact_math import cosine, exp, log
from iotmock.model.numbers.noise import gauss_at, seed_of
from iotmock.model.site.grid import QUARTER_S
from iotmock.model.site.sky import clear_daylight
from iotmock.model.site.weather import Quarter, Weather

SOLAR_CONSTANT = 1361.0
_AEROSOLS = 0.1
"""Optical depth at 700 nm: a clear day in the country; water vapour is 1 cm, pressure sea level."""
_CLOUD_TAU_S = 45.0
_FINE_S, _COARSE_S = 20.0, 90.0
_FINE, _COARSE = 0.6, 0.8
_EDGE = 0.5
"""Width of a cloud's edge in standard deviations: some seconds at the speed at which they pass."""


def _solis(a: float, b: float, *, horizontal: bool) -> Callable[[float], float]:
    extraterrestrial = 0.12 * _AEROSOLS**2 + 0.97 * _AEROSOLS + 1.08

    def irradiance(sun_sine: float) -> float:
        if sun_sine <= 0.0:
            return 0.0
        share = extraterrestrial * exp(-a / exp(b * log(sun_sine)))
        return share * sun_sine if horizontal else share

    return irradiance


# Ineichen, "A broadband simplified version of the Solis clear sky model", Solar Energy 82, 2008.
CLEAR_GLOBAL = Curve.of(
    _solis(
        1.24 * _AEROSOLS + 0.27,
        -0.3079 * _AEROSOLS**2 + 0.2846 * _AEROSOLS + 0.3798,
        horizontal=True,
    ),
    limit=1.0,
)
"""Of a horizontal plane under a clear sky / extraterrestrial, by the sine of the elevation."""
CLEAR_BEAM = Curve.of(
    _solis(
        1.82 * _AEROSOLS + 0.33,
        -0.7565 * _AEROSOLS**2 + 0.5057 * _AEROSOLS + 0.4557,
        horizontal=False,
    ),
    limit=1.0,
)
"""Of a plane that faces the sun, likewise."""

# Where a standard normal number lies that is above it with this probability.
_QUANTILES = (4.0, *(round(-NormalDist().inv_cdf(cell / 256), 12) for cell in range(1, 256)), -4.0)
_THRESHOLD = Curve(1.0, 256.0, (*_QUANTILES, -4.0))


def sunshine(clear: float) -> float:
    """Return how much of a clear sky's beam is left where `clear` (0 to 1) of its light arrives.

    Source: Skartveit and Olseth's model as the satellite climatology SARAH has it (Müller,
    Pfeifroth, Träger-Chatterjee, Remote Sensing 7, 2015).
    """
    left = clear - 0.38 * (1.0 - clear)
    return left * left * sqrt(left) if left > 0.0 else 0.0


def extraterrestrial(day_of_year: int) -> float:
    """Return what arrives above the air, W/m²: the distance to the sun varies (Spencer 1971)."""
    return SOLAR_CONSTANT * (1.0 + 0.033 * cosine(day_of_year / 365.0))


def passing(dt_s: float) -> float:
    """Return how much of passing clouds is left in the mean over a tick (s)."""
    return relaxation(_CLOUD_TAU_S, dt_s).steady


PASSING = ByStep(passing)


class Light(NamedTuple):
    """The sun at one moment: its direction (a vector of length 1), and W/m² on average over clouds.

    `beam` is that of a plane that faces the sun, `diffuse` that of the sky on a horizontal plane,
    `shine` how much of the time the sun is not behind a cloud.
    """

    east: float
    north: float
    up: float
    beam: float
    diffuse: float
    shine: float


DARK = Light(0.0, 0.0, -1.0, 0.0, 0.0, 0.0)


def light(direction: tuple[float, float, float], above: float, clear: float) -> Light:
    """Return what arrives where `clear` (0 to 1) of a clear sky's light does.

    `above` is what arrives above the air, W/m².
    """
    east, north, up = direction
    if up <= 0.0:
        return Light(east, north, up, 0.0, 0.0, 0.0)
    shine = sunshine(clear)
    beam = shine * CLEAR_BEAM.at(up)
    diffuse = max(0.0, clear * CLEAR_GLOBAL.at(up) - beam * up)
    return Light(east, north, up, above * beam, above * diffuse, shine)


def _between(begin: Light, end: Light, share: float) -> Light:
    east, north, up, beam, diffuse, shine = begin
    return Light(
        east + share * (end[0] - east),
        north + share * (end[1] - north),
        up + share * (end[2] - up),
        beam + share * (end[3] - beam),
        diffuse + share * (end[4] - diffuse),
        shine + share * (end[5] - shine),
    )


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

    def gap(self, now: float, shine: float) -> float:
        """Return whether the sun is out, 0 to 1 (between them only at a cloud's edge).

        Over time it is `shine` on average.
        """
        noise = _FINE * self.fine.at(now) + _COARSE * self.coarse.at(now)
        gap = 0.5 + (noise - _THRESHOLD.at(shine)) / _EDGE
        return 0.0 if gap < 0.0 else 1.0 if gap > 1.0 else gap


@define(eq=False)
class Sunlight:
    """The light of one location between two quarters of an hour, reckoned only if someone asks.

    Whoever has panels or a sensor asks; the first who does so in a second pays for all. `gap` is
    whether the sun is out at that second, 0 to 1.
    """

    direction: Callable[[int], tuple[float, float, float]] = lambda _quarter: (0.0, 0.0, -1.0)
    """Where the sun stands at a quarter of an hour after the epoch: to east, north and up."""
    clouds: PassingClouds = field(factory=lambda: PassingClouds.make(0))
    spread: float = 0.0
    now: Light = DARK
    gap: float = 0.0
    _quarter: int = 0
    _ends: tuple[Quarter, Quarter] | None = None
    _asked: tuple[Quarter, Quarter] | None = None
    _second: int | None = None
    _begin: Light = DARK
    _end: Light = DARK

    @classmethod
    def make(cls, weather: Weather, location: str) -> "Sunlight":
        """Return the light of a location."""
        seed = seed_of(weather.region.fleet_seed, f"sunlight:{location}")
        return cls(weather.direction, PassingClouds.make(seed), weather.region.spread)

    def enter(self, quarter: int, begin: Quarter, end: Quarter) -> None:
        """Go to another quarter of an hour, which the weather has at its begin and end."""
        self._quarter, self._ends = quarter, (begin, end)

    def at(self, now: float) -> Light:
        """Return the light at `now` (Unix seconds), in the quarter that was entered last."""
        second = int(now)
        if second != self._second:
            self._second = second
            self._go_to(second)
        return self.now

    def _go_to(self, second: int) -> None:
        if self._ends is not self._asked and self._ends is not None:
            begin, end = self._ends
            self._begin = self._light(self._quarter, begin)
            self._end = self._light(self._quarter + 1, end)
            self._asked = self._ends
        share = (second - self._quarter * QUARTER_S) / QUARTER_S
        self.now = _between(self._begin, self._end, share)
        self.gap = shine = self.now.shine
        if self.spread and 0.0 < shine < 1.0:
            self.gap += min(1.0, self.spread) * (self.clouds.gap(second, shine) - shine)

    def _light(self, quarter: int, weather: Quarter) -> Light:
        bright = clear_daylight(weather.sun_sine)
        clear = weather.daylight / bright if bright else 0.0
        day_of_year = date.fromordinal(weather.day.number).timetuple().tm_yday
        above = extraterrestrial(day_of_year)
        return light(self.direction(quarter), above, clear)
