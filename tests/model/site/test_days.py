"""How days are lived: by date and location, and never by the order in which one asks."""

from datetime import date, timedelta
from random import Random
from statistics import fmean, pstdev

import pytest

from iotmock.model.site.day import Day, DayKind
from iotmock.model.site.people.calendar import PublicHolidays
from iotmock.model.site.people.days import Days
from iotmock.model.site.people.occupancy import at_home, at_work
from iotmock.model.site.sites import Sites
from tests.model.fleet import DAY_S, MONDAY

GERMANY = PublicHolidays.of("DE")
MIDSUMMER = 202.0


def days_of(seed: int, spread: float = 1.0, warmest_day: float = MIDSUMMER) -> Days:
    return Days.make(seed, spread, GERMANY, warmest_day)


def year_of(days: Days, year: int = 2026) -> list[Day]:
    return [days.on(date(year, 1, 1) + timedelta(days=number)) for number in range(365)]


def test_a_public_holiday_is_lived_as_a_sunday() -> None:
    unity_day = days_of(1).on(date(2025, 10, 3))  # a Friday
    assert (unity_day.weekday, unity_day.kind) == (4, DayKind.SUNDAY)
    assert unity_day.holiday
    assert unity_day.closed
    assert at_work(unity_day).at(11.0) < 0.25
    assert at_home(unity_day).at(11.0) > 0.5


def test_days_follow_from_the_date_whatever_was_asked_before() -> None:
    in_order = year_of(days_of(5))
    shuffled = list(range(365))
    Random(1).shuffle(shuffled)
    asked = days_of(5)
    found = {number: asked.on(date(2026, 1, 1) + timedelta(days=number)) for number in shuffled}
    assert [found[number] for number in range(365)] == in_order


def test_a_site_that_is_looked_at_late_has_the_day_that_it_had() -> None:
    early, late = Sites(3, 0.1).at("x"), Sites(3, 0.1).at("x")
    for hour in range(24 * 40):
        early.at(MONDAY + hour * 3600.0)
    for moment in (MONDAY + 39 * DAY_S + hour * 3600.0 for hour in range(24)):
        seen, known = late.at(moment), early.at(moment)
        assert (seen.day, seen.occupancy, seen.at_home) == (
            known.day,
            known.occupancy,
            known.at_home,
        )


def test_without_spread_every_site_has_the_same_days_and_only_holidays_are_closed() -> None:
    one, other = year_of(days_of(1, 0.0)), year_of(days_of(2, 0.0))
    assert one == other
    assert all(day.closed == day.holiday for day in one)
    assert {(day.staff, day.home, day.orders) for day in one} == {(1.0, 1.0, 1.0)}
    assert sum(day.holiday for day in one) == len(
        {day for day in range(365) if GERMANY.on(2026, date(2026, 1, 1).toordinal() + day)}
    )


def test_bridges_and_closing_weeks_are_taken_by_some_sites() -> None:
    bridge = date(2026, 5, 15)  # the Friday after Ascension Day
    between_the_years = date(2026, 12, 29)
    in_august = date(2026, 8, 18)
    for day, low, high in (
        (bridge, 0.4, 0.8),
        (between_the_years, 0.45, 0.85),
        (in_august, 0.05, 0.4),
    ):
        share = fmean(days_of(seed).on(day).closed for seed in range(200))
        assert low < share < high, day
    assert not any(days_of(seed).on(date(2026, 6, 16)).closed for seed in range(50))


def test_in_the_south_businesses_close_in_january() -> None:
    southern = [days_of(seed, warmest_day=20.0) for seed in range(200)]
    assert 0.05 < fmean(days.on(date(2026, 1, 13)).closed for days in southern) < 0.4
    assert not any(days.on(date(2026, 8, 18)).closed for days in southern)


def test_staff_home_and_orders_are_about_the_usual() -> None:
    years = [day for seed in range(20) for day in year_of(days_of(seed))]
    work = [day for day in years if day.kind is DayKind.WORKDAY and not day.closed]
    assert fmean(day.staff for day in work) == pytest.approx(1.0, abs=0.05)
    assert fmean(day.home for day in years if not day.away) == pytest.approx(1.0, abs=0.06)
    assert fmean(day.orders for day in years) == pytest.approx(1.0, abs=0.1)


def test_fridays_and_the_weeks_without_school_have_less_staff() -> None:
    work = [
        day
        for seed in range(30)
        for day in year_of(days_of(seed))
        if day.kind is DayKind.WORKDAY and not day.closed
    ]
    assert fmean(day.staff for day in work if day.weekday == 4) < 0.95
    assert fmean(day.staff for day in work if day.summer > 0.85) < 0.98


def test_orders_remember_last_week_and_not_last_quarter() -> None:
    def r(lag: int) -> float:
        pairs = []
        for seed in range(30):
            orders = [day.orders for day in year_of(days_of(seed))]
            mean, sd = fmean(orders), pstdev(orders)
            pairs += [
                (one - mean) * (other - mean) / sd**2
                for one, other in zip(orders, orders[lag:], strict=False)
            ]
        return fmean(pairs)

    assert r(1) > 0.7
    assert 0.2 < r(7) < 0.75
    assert abs(r(90)) < 0.3


def test_people_come_leave_eat_and_cook_at_other_hours_each_day_and_not_all_shifted_alike() -> None:
    days = [day for day in year_of(days_of(7)) if day.kind is DayKind.WORKDAY]
    for name in ("begin", "lunch", "end", "rise", "supper", "sleep"):
        assert 0.05 < pstdev(getattr(day.hours, name) for day in days) < 0.8, name
    shifts = [(day.hours.begin, day.hours.end) for day in days]
    lengths = [end - begin for begin, end in shifts]
    assert pstdev(lengths) > 0.15


def test_sites_have_hours_of_their_own() -> None:
    assert pstdev(days_of(seed).customs.hours.begin for seed in range(50)) > 0.25
    assert pstdev(days_of(seed).customs.saturday for seed in range(50)) > 0.3


@pytest.mark.parametrize("spread", [0.0, 1.0, 3.0, 10.0])
def test_nobody_is_there_more_than_once_or_less_than_not_at_all(spread: float) -> None:
    for seed in range(10):
        for day in year_of(days_of(seed, spread))[::5]:
            for course in (at_work(day), at_home(day)):
                present = [course.at(quarter / 4.0) for quarter in range(96)]
                assert 0.0 <= min(present) <= max(present) <= 1.0
