"""Where the sun stands."""

from typing import NamedTuple

from iotmock.model.numbers.exact_math import cosine, sine

_TILT_DEG = 23.45
_DAYS_A_YEAR = 365.25
_EQUINOX_DAY = 81

HOUR_COSINES = tuple(cosine(quarter / 96.0 - 0.5) for quarter in range(96))
"""Cosine of the sun's hour angle by quarter of an hour of solar time; -1 at midnight."""
HOUR_SINES = tuple(sine(quarter / 96.0 - 0.5) for quarter in range(96))
"""Its sine: negative in the morning."""


class Sky(NamedTuple):
    """One day's sun: sin(elevation) = `level` + `swing` * cos(hour angle).

    Likewise its direction to the north is `north_level` + `north_swing` * cos(hour angle), and to
    the east `east_swing` * sin(hour angle): the three parts of a vector of length 1.
    Source: Cooper 1969, as in Duffie and Beckman, "Solar Engineering of Thermal Processes", 1.6.1.
    """

    level: float
    swing: float
    north_level: float
    north_swing: float
    east_swing: float


def sky(latitude_deg: float, day_of_year: int) -> Sky:
    """Return the sun's course at a latitude (degrees, north positive), day 1 to 366."""
    declination = _TILT_DEG * sine((day_of_year - _EQUINOX_DAY) / _DAYS_A_YEAR) / 360.0
    latitude = latitude_deg / 360.0
    return Sky(
        sine(latitude) * sine(declination),
        cosine(latitude) * cosine(declination),
        cosine(latitude) * sine(declination),
        -sine(latitude) * cosine(declination),
        -cosine(declination),
    )


def clear_daylight(sun_sine: float) -> float:
    """Return the daylight of a clear sky, 0 to 1, for the sine of the sun's elevation."""
    daylight = 1.25 * sun_sine + 0.08
    return 1.0 if daylight > 1.0 else 0.0 if daylight < 0.0 else daylight
