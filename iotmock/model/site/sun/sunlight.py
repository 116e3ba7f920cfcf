"""The light of one location from second to second, reckoned only if someone asks."""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from attrs import define

from iotmock.model.numbers.noise import seed_of
from iotmock.model.site.grid import QUARTER_S
from iotmock.model.site.sky import clear_daylight
from iotmock.model.site.sun.clear_sky import CLEAR_BEAM, CLEAR_GLOBAL, extraterrestrial, sunshine
from iotmock.model.site.sun.clouds import PassingClouds
from iotmock.model.site.weather import CLEAR, Quarter, Weather

_CLEAR, _MORE_VARIED, _OVERCAST = 0.62, 1.3, 0.12
"""How much of a clear day's light arrives, against what rooms see of it. Daily sums of German
stations (DWD, hourly global radiation) have a mean of about 0.6 and a standard deviation of about
0.25 of a clear day's."""
_WANDER = 0.07
"""Of the light through a closed cover, standard deviation over minutes: judgement."""


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


def _outside(clear: float) -> float:
    # Rooms have blinds and depth: what they see of the sky varies less than what a roof gets.
    clear = _CLEAR + _MORE_VARIED * (clear - CLEAR)
    return 1.0 if clear > 1.0 else _OVERCAST if clear < _OVERCAST else clear


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
class Sunlight:
    """The light of one location between two quarters of an hour, reckoned only if someone asks.

    Whoever has panels or a sensor asks; the first who does so in a second pays for all. `gap` is
    whether the sun is out at that second, 0 to 1, and `wander` by how much the light of the sky
    differs from `now`'s, as clouds thin and thicken: a share of it, 0 on average.
    """

    direction: Callable[[int], tuple[float, float, float]] = lambda _quarter: (0.0, 0.0, -1.0)
    """Where the sun stands at a quarter of an hour after the epoch: to east, north and up."""
    seed: int = 0
    spread: float = 0.0
    now: Light = DARK
    gap: float = 0.0
    wander: float = 0.0
    _quarter: int = 0
    _ends: tuple[Quarter, Quarter] | None = None
    _asked: tuple[Quarter, Quarter] | None = None
    _second: int | None = None
    _begin: Light = DARK
    _end: Light = DARK
    _clouds: PassingClouds | None = None

    @property
    def clouds(self) -> PassingClouds:
        """What passes before the sun."""
        if self._clouds is None:
            self._clouds = PassingClouds.make(self.seed)
        return self._clouds

    @classmethod
    def make(cls, weather: Weather, location: str) -> "Sunlight":
        """Return the light of a location."""
        seed = seed_of(weather.region.fleet_seed, f"sunlight:{location}")
        return cls(weather.direction, seed, weather.region.spread)

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
        self.gap, self.wander = self.now.shine, 0.0
        shine = self.gap
        if self.spread and shine < 1.0:
            self.wander = _WANDER * self.spread * (1.0 - shine) * self.clouds.wander(second)
        if self.spread and 0.0 < shine < 1.0:
            self.gap += min(1.0, self.spread) * (self.clouds.gap(second, shine) - shine)

    def _light(self, quarter: int, weather: Quarter) -> Light:
        bright = clear_daylight(weather.sun_sine)
        clear = _outside(weather.daylight / bright) if bright else 0.0
        day_of_year = date.fromordinal(weather.day.number).timetuple().tm_yday
        above = extraterrestrial(day_of_year)
        return light(self.direction(quarter), above, clear)
