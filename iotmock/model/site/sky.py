"""Where the sun stands."""

from datetime import datetime
from functools import lru_cache
from math import sqrt
from zoneinfo import ZoneInfo

from attrs import frozen

from iotmock.model.numbers.exact_math import cosine, sine

_J2000 = 730_120.5
"""`date.toordinal` of 1 January 2000, 12 h: the epoch of the series below."""
_DAY_S = 86_400
_UNIX = 719_163
"""`date.toordinal` of 1 January 1970."""
_WITHIN = 8
_A_YEAR = 2025

HOUR_COSINES = tuple(cosine(quarter / 96.0 - 0.5) for quarter in range(96))
"""Cosine of the angle of a clock's hand by quarter of an hour; -1 at midnight."""


@frozen
class Sun:
    """The sun of one day, the same wherever one stands.

    `ahead_h` is the equation of time: by how much a sundial is ahead of a clock, in hours.
    """

    declination_sine: float
    declination_cosine: float
    ahead_h: float


@lru_cache(maxsize=_WITHIN)
def sun_of(day: int) -> Sun:
    """Return the sun at noon UTC of a day (as `date.toordinal` counts).

    Right within 0.02° and 4 s from 1950 to 2050; a day's change of declination, up to 0.4°, is left
    out. Source: the Astronomical Almanac's low-precision formulas (section C), with the equation of
    time of Hughes, Yallop, Hohenkerk, Mon. Not. R. Astron. Soc. 238, 1989, in turns for degrees.
    """
    days = day + 0.5 - _J2000
    mean = (280.460 + 0.9856474 * days) / 360.0
    anomaly = (357.528 + 0.9856003 * days) / 360.0
    centre = 1.915 * sine(anomaly) + 0.020 * sine(2.0 * anomaly)
    longitude = mean + centre / 360.0
    tilt = (23.439 - 0.0000004 * days) / 360.0
    declination_sine = sine(tilt) * sine(longitude)
    ahead_deg = 2.466 * sine(2.0 * longitude) - 0.053 * sine(4.0 * longitude) - centre
    return Sun(
        declination_sine,
        sqrt(1.0 - declination_sine * declination_sine),
        ahead_deg * 24.0 / 360.0,
    )


@frozen
class Sky:
    """The sky over a place; degrees, north and east positive."""

    latitude_sine: float
    latitude_cosine: float
    longitude_h: float

    @classmethod
    def over(cls, latitude_deg: float, longitude_deg: float) -> "Sky":
        """Return the sky over a place."""
        turns = latitude_deg / 360.0
        return cls(sine(turns), cosine(turns), longitude_deg * 24.0 / 360.0)

    def sun_sine(self, now: float) -> float:
        """Return the sine of the sun's elevation at `now` (Unix seconds).

        Without the air's refraction, which lifts a sun at the horizon by half a degree.
        """
        sun, turns = self._now(now)
        swing = self.latitude_cosine * sun.declination_cosine
        return self.latitude_sine * sun.declination_sine - swing * cosine(turns)

    def direction(self, now: float) -> tuple[float, float, float]:
        """Return where the sun stands at `now`: a vector of length 1 to east, north and up."""
        sun, turns = self._now(now)
        south = -sun.declination_cosine * cosine(turns)
        return (
            sun.declination_cosine * sine(turns),
            self.latitude_cosine * sun.declination_sine - self.latitude_sine * south,
            self.latitude_sine * sun.declination_sine + self.latitude_cosine * south,
        )

    def _now(self, now: float) -> tuple[Sun, float]:
        """Return the sun, and how far a sundial's hand has turned since its midnight."""
        day, second = divmod(now, _DAY_S)
        sun = sun_of(int(day) + _UNIX)
        return sun, (second / 3600.0 + self.longitude_h + sun.ahead_h) / 24.0


def meridian(zone: ZoneInfo) -> float:
    """Return the longitude (degrees east) whose clocks a zone has when it is not summer there."""
    offsets = (datetime(_A_YEAR, month, 1, tzinfo=zone).utcoffset() for month in (1, 7))
    return min(offset.total_seconds() for offset in offsets if offset is not None) / 240.0


def clear_daylight(sun_sine: float) -> float:
    """Return the daylight of a clear sky, 0 to 1, for the sine of the sun's elevation."""
    daylight = 1.25 * sun_sine + 0.08
    return 1.0 if daylight > 1.0 else 0.0 if daylight < 0.0 else daylight
