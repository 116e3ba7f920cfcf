"""Which day is what: the public and school holidays of a country and its region, its weekend.

The calendars are those of the package `holidays`, which is loaded when the first site asks: 75 ms
and 13 MB that nobody pays who has no country.
"""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from attrs import frozen

NO_COUNTRY = "none"
_YEARS = 1_024
"""Of all countries together: a year of one has some 2 kB, and some 8 kB with school holidays."""
_LEAST_SCHOOL_FREE = 40
"""Days of a year: what a calendar of fewer has are single days, and no holidays of a school."""
_SATURDAY, _SUNDAY = 5, 6


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


class Year(NamedTuple):
    """The days of a country's year, as `date.toordinal` counts.

    `out_of_school` is empty where the calendar knows no school holidays, `summer` is then None;
    else it is the first Monday of the longest of them. `ahead` is by how many days the weekend is
    before Saturday and Sunday.
    """

    public: frozenset[int] = frozenset()
    out_of_school: frozenset[int] = frozenset()
    summer: int | None = None
    ahead: int = 0


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
        return number in self.of_year(year).public

    def of_year(self, year: int) -> Year:
        """Return a year."""
        return _year(self.country, self.region, year)


def _regions(country: str) -> tuple[str, ...]:
    import holidays  # noqa: PLC0415 - most of what it costs is its import

    try:
        return tuple(holidays.list_supported_countries(include_aliases=False)[country])
    except KeyError:
        raise UnknownCountryError(country) from None


@lru_cache(maxsize=_YEARS)
def _year(country: str, region: str, year: int) -> Year:
    if country == NO_COUNTRY:
        return Year()
    import holidays  # noqa: PLC0415 - as above

    public = holidays.country_holidays(country, subdiv=region or None, years=year)
    free = _out_of_school(country, region, year)
    summer = _first_monday(free) if free else None
    return Year(_numbers(public), free, summer, _ahead(public.weekend))


def _out_of_school(country: str, region: str, year: int) -> frozenset[int]:
    """Return the days without school, where regions have calendars of them; else none."""
    import holidays  # noqa: PLC0415 - as above

    if "school" not in holidays.country_holidays(country).supported_categories:
        return frozenset()
    of_school = holidays.country_holidays(
        country, subdiv=region or None, years=year, categories=("school",)
    )
    free = _numbers(of_school)
    return free if len(free) >= _LEAST_SCHOOL_FREE else frozenset()


def _numbers(days: Iterable[date]) -> frozenset[int]:
    return frozenset(day.toordinal() for day in days)


def _first_monday(free: frozenset[int]) -> int:
    """Return the first Monday of the longest run of free days, weekends between them included."""
    begins = [day for day in free if not any(day - back in free for back in (1, 2, 3))]
    longest = max(begins, key=lambda day: (_end(free, day) - day, -day))
    return longest + (1 - longest) % 7


def _end(free: frozenset[int], day: int) -> int:
    while any(day + on in free for on in (1, 2, 3)):
        day += next(on for on in (1, 2, 3) if day + on in free)
    return day


def _ahead(weekend: set[int]) -> int:
    """Return how far before Sunday the last day of the weekend is: 1 where it is a Saturday."""
    if not weekend or _SUNDAY in weekend:
        return 0
    return _SUNDAY - max(weekend)
