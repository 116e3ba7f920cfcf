"""Countries of sites: their days, their sky, their mains."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import available_timezones

import pytest

from iotmock.model.site.climate import CLIMATES
from iotmock.model.site.day import DayKind
from iotmock.model.site.people.calendar import PublicHolidays, Year
from iotmock.model.site.people.days import Days
from iotmock.model.site.places import countries
from iotmock.model.site.places.countries import mains_of, place_of
from iotmock.model.site.places.place import Country
from iotmock.model.site.sites import Sites

NOON = datetime(2026, 7, 14, 10, 0, tzinfo=UTC).timestamp()  # a Tuesday, the French holiday
FRANCE, BAVARIA = Country.of("fr"), PublicHolidays.of("DE", "BY")


def year(days: PublicHolidays, number: int = 2026) -> Year:
    return days.of_year(number)


def test_each_country_that_is_known_has_holidays_a_clock_and_a_climate() -> None:
    zones = available_timezones()
    known = [*((code, "") for code in countries._PLACES), *countries._ELSEWHERE]
    for code, region in known:
        place = place_of(Country.of(code, region))
        assert place is not None
        assert (place.timezone in zones, place.climate in CLIMATES) == (True, True), (code, region)
        # Ukraine has none while it is at war.
        assert PublicHolidays.of(code, region).of_year(2021).public, code
        assert 90.0 > abs(place.latitude) > 1.0
        offset = datetime(2026, 1, 1, tzinfo=Sites(1, 0.1, timezone=place.timezone).region.zone)
        sun_h, clock_h = place.longitude / 15.0, offset.utcoffset() or timedelta()
        assert abs(sun_h - clock_h.total_seconds() / 3600.0) < 2.2, (code, region)


def test_sites_of_a_fleet_keep_their_countrys_holidays_and_others_their_own() -> None:
    sites = Sites(1, 0.1)
    sites.settle("paris", FRANCE)
    abroad, home = sites.at("paris-000001").at(NOON), sites.at("berlin-000001").at(NOON)
    assert (abroad.day.holiday, home.day.holiday) == (True, False)
    assert abroad.hour - home.hour == 2.0  # the summer's time of Paris, and UTC
    assert abroad.price_level == 0.7


def test_a_location_that_is_no_site_of_the_fleet_stays_where_it_is() -> None:
    sites = Sites(1, 0.1)
    sites.settle("home", FRANCE)
    assert not sites.at("home-office").at(NOON).day.holiday
    assert not sites.at("home").at(NOON).day.holiday


def test_a_site_that_lives_moves_and_comes_back() -> None:
    sites = Sites(1, 0.1)
    site = sites.at("paris-000001")
    assert not site.at(NOON).day.holiday
    sites.settle("paris", FRANCE)
    assert site.at(NOON).day.holiday
    sites.settle("paris", None)
    assert not site.at(NOON).day.holiday
    assert site.at(NOON).price_level == 1.0


def test_a_country_without_a_known_place_keeps_its_days_under_the_services_sky() -> None:
    sites = Sites(1, 0.1)
    sites.settle("fiji", Country.of("FJ"))
    region = sites.region_of("fiji-000001")
    assert (region.holidays.country, region.latitude) == ("FJ", 52.5)
    assert mains_of(Country.of("FJ")) is None


def test_a_thousand_sites_of_a_country_share_its_calendar() -> None:
    sites = Sites(1, 0.1)
    sites.settle("paris", FRANCE)
    regions = {id(sites.at(f"paris-{n:06d}").weather.region) for n in range(1, 1_001)}
    assert len(regions) == 1


@pytest.mark.parametrize(
    ("code", "region", "phases", "kw", "volts"),
    [
        ("FR", "", 1, 0.1, 230.0),
        ("FR", "", 3, 630.0, 400.0),
        ("US", "", 1, 0.1, 120.0),
        ("US", "CA", 1, 7.4, 240.0),
        ("US", "", 3, 20.0, 208.0),
        ("US", "", 3, 120.0, 480.0),
        ("JP", "", 1, 0.1, 100.0),
    ],
)
def test_a_load_has_the_voltage_of_its_country(
    code: str, region: str, phases: int, kw: float, volts: float
) -> None:
    mains = mains_of(Country.of(code, region))
    assert mains is not None
    assert mains.of(phases, kw) == volts


def test_a_weekend_of_friday_and_saturday_is_lived_as_one() -> None:
    days = Days.make(1, 1.0, PublicHolidays.of("SA"), 202.0)
    friday = date(2026, 5, 15)
    kinds = [days.on(friday + timedelta(days=number)).kind for number in range(4)]
    rest = [DayKind.SATURDAY, DayKind.SUNDAY, DayKind.WORKDAY, DayKind.WORKDAY]
    assert kinds == rest
    assert days.on(friday + timedelta(days=2)).weekday == 0


def test_school_is_out_by_the_regions_calendar() -> None:
    out = year(BAVARIA).out_of_school
    assert date(2026, 8, 20).toordinal() in out
    assert date(2026, 7, 20).toordinal() not in out
    assert year(BAVARIA).summer == date(2026, 8, 3).toordinal()
    assert year(PublicHolidays.of("DE", "NW")).summer == date(2026, 7, 20).toordinal()


@pytest.mark.parametrize(("country", "region"), [("DE", ""), ("US", "CA"), ("BG", "")])
def test_where_no_calendar_of_schools_is_known_there_is_none(country: str, region: str) -> None:
    known = year(PublicHolidays.of(country, region))
    assert (known.out_of_school, known.summer) == (frozenset(), None)


def test_families_travel_and_fewer_work_while_school_is_out() -> None:
    def days(seed: int) -> Days:
        return Days.make(seed, 1.0, BAVARIA, 202.0)

    def staff(day: date) -> float:
        return sum(days(seed).on(day).staff for seed in range(200)) / 200

    def away(day: date) -> int:
        return sum(days(seed).on(day).away for seed in range(200))

    # A week before the holidays of Whitsun, within them, and after them.
    assert staff(date(2026, 6, 2)) < staff(date(2026, 6, 9)) - 0.03
    assert away(date(2026, 8, 12)) > 20
    assert away(date(2026, 7, 29)) == 0
