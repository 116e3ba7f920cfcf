"""Climates: what the outdoor temperature does over the year and over the day."""

from attrs import frozen


@frozen
class Climate:
    """Outdoor air, °C and K.

    Source: mean, annual and daily amplitudes after the German test reference years (DWD, TRY 2017,
    region 4) for `temperate`; `cold` and `hot` after the ASHRAE climate zones 6-7 and 1-2.
    """

    mean_c: float
    annual_k: float
    daily_k: float
    weather_k: float = 4.0
    weather_tau_s: float = 40 * 3600.0
    warmest_day: int = 202
    """Day of the year in the northern hemisphere; half a year later in the southern."""


CLIMATES: dict[str, Climate] = {
    "temperate": Climate(mean_c=10.0, annual_k=9.5, daily_k=3.3),
    "cold": Climate(mean_c=3.0, annual_k=13.0, daily_k=3.0),
    "hot": Climate(mean_c=25.0, annual_k=5.0, daily_k=5.0, weather_k=2.5),
}


class UnknownClimateError(LookupError):
    """No climate has this name."""

    def __init__(self, climate: str) -> None:
        super().__init__(f"unknown climate {climate[:64]!r}; known are {', '.join(CLIMATES)}")


def climate_of(name: str) -> Climate:
    """Return a climate by its name.

    Raises:
        UnknownClimateError: there is none of this name.
    """
    try:
        return CLIMATES[name]
    except KeyError:
        raise UnknownClimateError(name) from None
