"""Public holidays: whose they are, and what is refused."""

from datetime import date

import pytest

from iotmock.model.site.people.calendar import (
    PublicHolidays,
    UnknownCountryError,
    UnknownRegionError,
)


def is_one(holidays: PublicHolidays, day: date) -> bool:
    return holidays.on(day.year, day.toordinal())


@pytest.mark.parametrize(
    ("country", "region", "day", "kept"),
    [
        ("DE", "", date(2026, 10, 3), True),
        ("DE", "", date(2026, 1, 6), False),  # Epiphany: a holiday in some states alone
        ("DE", "BY", date(2026, 1, 6), True),
        ("de", "BY", date(2026, 1, 6), True),
        ("DE", "BE", date(2026, 1, 6), False),
        ("DE", "", date(2027, 3, 29), True),  # Easter Monday, which moves
        ("US", "", date(2026, 11, 26), True),
        ("GB", "SCT", date(2026, 1, 2), True),
        ("none", "", date(2026, 12, 25), False),
    ],
)
def test_a_country_and_its_region_keep_their_own_holidays(
    country: str, region: str, day: date, kept: bool
) -> None:
    assert is_one(PublicHolidays.of(country, region), day) is kept


def test_an_unknown_country_is_refused_with_what_is_asked_for() -> None:
    with pytest.raises(UnknownCountryError, match="unknown country 'XX'; a code of ISO 3166"):
        PublicHolidays.of("XX")


def test_an_unknown_region_is_refused_with_those_that_the_country_has() -> None:
    with pytest.raises(UnknownRegionError, match="'BX' of DE; known are BB, BE, BW, BY"):
        PublicHolidays.of("DE", "BX")


def test_nowhere_has_no_regions() -> None:
    with pytest.raises(UnknownRegionError, match="unknown region 'BY' of none; known are none"):
        PublicHolidays.of("none", "BY")
