"""Production lines are plants of their own, and no two of their days are alike.

The figures in the comments are those of real series (docs/reference/families.md names them).
"""

from datetime import date
from functools import cache

import numpy as np
import pytest
from attrs import evolve
from numpy.typing import NDArray

from iotmock.model.families.industrial import Industrial
from iotmock.model.numbers.noise import Noise
from iotmock.model.parts.lines.production_lines import CNC_LINE, TWO_SHIFT_LINE, Line
from iotmock.model.parts.lines.shifts import DAY_S, Habits
from iotmock.model.site.day import Day, DayKind, kind_of
from iotmock.model.site.sites import Sites
from tests.model.fleet import HOUR_S, MONDAY, SEASONS, WEEK_S, conditions, device, run

SEEDS = range(12)
MONDAY_NUMBER = date(2025, 7, 7).toordinal()


@cache
def week(seed: int, begin: float = MONDAY, profile: str = "two_shift") -> NDArray[np.float64]:
    """Return the quarter-hours of a week of one of twelve plants, kW."""
    line = device("industrial", profile, seed=seed, device_id=f"line-{seed}")
    return np.array(list(run(line, begin, WEEK_S, 900.0)))


def workdays(quarters: NDArray[np.float64]) -> NDArray[np.float64]:
    return quarters.reshape(7, 96)[:5]


def starts_h(quarters: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the hour of each workday at which the line has reached half of its power."""
    running = workdays(quarters) > 0.5 * np.percentile(quarters, 95)
    first: NDArray[np.float64] = running.argmax(axis=1) / 4.0
    return first


def test_no_two_lines_take_the_same_energy() -> None:
    means = np.array([week(seed).mean() for seed in SEEDS])
    assert 0.08 < means.std() / means.mean() < 0.5


def test_workdays_differ_in_their_energy() -> None:
    # Real 0.08 / 0.15 / 0.43 at p10 / 50 / 90.
    by_day = [workdays(week(seed)).sum(axis=1) for seed in SEEDS]
    spreads = [float(days.std() / days.mean()) for days in by_day]
    assert 0.06 < np.median(spreads) < 0.25
    assert min(spreads) < 0.6 * max(spreads)


def test_lines_start_at_hours_of_their_own_and_not_to_the_minute() -> None:
    starts = np.array([starts_h(week(seed)) for seed in SEEDS])
    assert starts.mean(axis=1).std() > 0.25
    # Real 0 / 0.1 / 1.1 at p5 / 50 / 95.
    assert 0.0 < np.median(starts.std(axis=1)) < 0.5


def test_few_quarters_of_an_hour_do_not_change() -> None:
    # Real 0.08 / 0.12 / 0.17.
    shares = []
    for seed in SEEDS:
        steps = np.abs(np.diff(week(seed))) / week(seed).max()
        shares.append(float((steps < 1e-4).mean()))
    assert 0.03 < np.median(shares) < 0.18


def test_the_base_load_has_noise_of_its_own() -> None:
    # Real 0.01 / 0.05 / 0.16: the median step / the level, where the power is low.
    noises = []
    for seed in SEEDS:
        quarters = week(seed)
        low = quarters < np.percentile(quarters, 25)
        both = low[:-1] & low[1:]
        noises.append(float(np.median(np.abs(np.diff(quarters)[both])) / quarters[low].mean()))
    assert 0.01 < np.median(noises) < 0.1


def test_power_rises_in_steps_and_has_peaks() -> None:
    # Real: 99 % of the steps below 0.25 of the peak, p99 / mean 4.0.
    ramps = [np.percentile(np.abs(np.diff(week(seed))), 99) / week(seed).max() for seed in SEEDS]
    peaks = [np.percentile(week(seed), 99) / week(seed).mean() for seed in SEEDS]
    assert np.median(ramps) < 0.45
    assert np.median(peaks) > 3.2


def test_some_lines_work_on_some_saturdays_and_none_on_sundays() -> None:
    days = np.array(
        [
            week(seed, begin).reshape(7, 96).sum(axis=1)
            for seed in SEEDS
            for begin in (MONDAY, *SEASONS.values())
        ]
    )
    usual = days[:, :5].mean(axis=1)
    saturdays = (days[:, 5] > 0.4 * usual).mean()
    assert 0.02 < saturdays < 0.4
    assert (days[:, 6] < 0.35 * usual).all()


@pytest.mark.parametrize("kind", [TWO_SHIFT_LINE, CNC_LINE], ids=["two_shift", "cnc"])
@pytest.mark.parametrize("seed", SEEDS)
def test_a_holiday_takes_less_than_a_fifth_of_a_workday(kind: Line, seed: int) -> None:
    line = Industrial.make(Noise(seed), 0.1, kind)
    usual = [lived(line, workday(number)) for number in range(4)]
    holiday = evolve(workday(4), kind=DayKind.SUNDAY, holiday=True, closed=True)
    assert lived(line, holiday) < 0.2 * np.mean(usual)
    bridge = evolve(workday(7), closed=True)
    assert lived(line, bridge) < 0.2 * np.mean(usual)


def test_a_day_of_fewer_orders_takes_less() -> None:
    line = Industrial.make(Noise(1), 0.0)
    many, few = lived(line, workday(0)), lived(line, workday(1, orders=0.6))
    assert 0.5 * many < few < 0.85 * many


def test_orders_come_in_months_and_differ_between_plants() -> None:
    # The steel plant's months are 0.73 to 1.55 of its mean.
    months = np.array([monthly_orders(seed) for seed in SEEDS])
    assert 0.05 < months.std(axis=1).mean() < 0.25
    assert np.corrcoef(months)[np.triu_indices(len(SEEDS), 1)].max() < 0.95


def test_a_line_without_end_stops_for_its_maintenance_alone() -> None:
    quarters = week(3, profile="continuous")
    low = quarters < 0.35 * np.median(quarters)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], low, [0]))))
    stops = np.sort((edges[1::2] - edges[::2]) / 4.0)
    assert 2.5 < stops[-1] < 6.0
    assert stops[-2] < 1.5


def test_a_line_that_is_looked_at_from_eleven_on_is_at_work() -> None:
    for seed in SEEDS:
        line = device("industrial", seed=seed, device_id=f"line-{seed}")
        eleven = MONDAY + DAY_S + 11 * HOUR_S
        powers = list(run(line, eleven, HOUR_S, 60.0))
        assert np.mean(powers[2:12]) > 0.5 * np.mean(powers[12:])


def test_lines_of_one_site_share_its_orders_and_not_their_starts() -> None:
    sites = Sites(1, 0.1)
    lines = [device("industrial", sites=sites, device_id=f"line-{number}") for number in range(8)]
    weeks = [np.array(list(run(line, MONDAY, WEEK_S, 300.0))).reshape(7, -1)[:5] for line in lines]
    firsts = np.array([(week > 0.5 * np.percentile(week, 95)).argmax(axis=1) for week in weeks])
    together = [(firsts[one] == firsts[other]).mean() for one in range(8) for other in range(one)]
    assert np.mean(together) < 0.25
    assert np.corrcoef([week.ravel() for week in weeks])[np.triu_indices(8, 1)].max() < 0.98


def lived(line: Industrial, day: Day) -> float:
    """Return what a line takes on a day / base power, in quarter-hours."""
    middles = (day.weekday * DAY_S + (quarter + 0.5) * 900.0 for quarter in range(96))
    return sum(line.step(conditions(week_s=middle, day=day), 900.0) for middle in middles)


def workday(number: int, orders: float = 1.0) -> Day:
    """Return a day after Monday, 7 July 2025."""
    day = MONDAY_NUMBER + number
    return Day(day, number % 7, kind_of(number % 7), 0.0, orders=orders)


def monthly_orders(seed: int) -> NDArray[np.float64]:
    habits = Habits(1_000 * seed, 1.0, TWO_SHIFT_LINE.week)
    by_day = [habits.plan(workday(number)).orders for number in range(12 * 28)]
    monthly: NDArray[np.float64] = np.array(by_day).reshape(12, 28).mean(axis=1)
    return monthly
