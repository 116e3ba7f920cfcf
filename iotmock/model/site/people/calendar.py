"""Which day is what: the public holidays of a country and its region.

The calendars are those of the package `holidays`, which is loaded when the first site asks: 75 ms
and 13 MB that nobody pays who has no country.
"""

from functools import lru_cache

from attrs import frozen

NO_COUNTRY = "none"
_YEARS = 64


class UnknownCountryError(LookupError):
    """No calendar of public holidays is of this country."""

    def __init__(self, country: str) -> None:
        super().__init__(
            f"unknown country {country[:64]!r}; a code of ISO 3166 as DE, GB or US, or {NO_COUNTRY}"
        )


class UnknownRegionError(LookupError):
    """The country has no region of this name."""

    def __init__(self, country: str, region: str, known: tuple[str, ...]) -> None:
        names = ", ".join(known) or "none"
        super().__init__(f"unknown region {region[:64]!r} of {country}; known are {names}")


@frozen
class PublicHolidays:
    """The public holidays of a country, and of a region of it: `DE` and `BY`, `US` and `CA`.

    Without a region they are those that the whole country has; without a country there are none.
    """

    country: str = NO_COUNTRY
    region: str = ""

    @classmethod
    def of(cls, country: str, region: str = "") -> "PublicHolidays":
        """Return those of a country, by its code.

        Raises:
            UnknownCountryError: there is no such country.
            UnknownRegionError: it has no such region.
        """
        if country.lower() == NO_COUNTRY:
            if region:
                raise UnknownRegionError(NO_COUNTRY, region, ())
            return cls()
        known = _regions(country.upper())
        if region and region not in known:
            raise UnknownRegionError(country.upper(), region, known)
        return cls(country.upper(), region)

    def on(self, year: int, number: int) -> bool:
        """Say whether day `number` (as `date.toordinal` counts), of this year, is a holiday."""
        return number in _holidays(self.country, self.region, year)


def _regions(country: str) -> tuple[str, ...]:
    import holidays  # noqa: PLC0415 - most of what it costs is its import

    try:
        return tuple(holidays.list_supported_countries(include_aliases=False)[country])
    except KeyError:
        raise UnknownCountryError(country) from None


@lru_cache(maxsize=_YEARS)
def _holidays(country: str, region: str, year: int) -> frozenset[int]:
    if country == NO_COUNTRY:
        return frozenset()
    import holidays  # noqa: PLC0415 - as above

    days = holidays.country_holidays(country, subdiv=region or None, years=year)
    return frozenset(day.toordinal() for day in days)
