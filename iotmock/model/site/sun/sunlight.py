"""The light of one location from second to second, reckoned only if someone asks."""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from attrs import define, field

from iotmock.model.numbers.noise import seed_of
from iotmock.model.site.grid import QUARTER_S
from iotmock.model.site.sky import clear_daylight
from iotmock.model.site.sun.clear_sky import CLEAR_BEAM, CLEAR_GLOBAL, extraterrestrial, sunshine
from iotmock.model.site.sun.clouds import PassingClouds
from iotmock.model.site.weather import Quarter, Weather


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
