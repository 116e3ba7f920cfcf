"""The light of a clear sky, and how much of the sun's own part clouds leave."""

from collections.abc import Callable
from math import sqrt

from iotmock.model.numbers.curve import Curve
from iotmock.model.numbers.exact_math import cosine, exp, log

SOLAR_CONSTANT = 1361.0
"""W/m² above the air, at the mean distance to the sun."""
_AEROSOLS = 0.1
"""Optical depth at 700 nm: a clear day in the country; water vapour is 1 cm, pressure sea level."""


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
