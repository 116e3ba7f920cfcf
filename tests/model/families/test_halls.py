"""Lamps of factory halls are lit by shifts, and not by who sits at desks."""

from functools import cache

import numpy as np

from tests.model.families.measures import Series
from tests.model.fleet import DAY_S, MONDAY, WEEK_S, device, run

HALLS = range(6)
QUARTER_S = 900.0


@cache
def weeks() -> tuple[Series, ...]:
    """Return a week in July of each, by day and quarter of an hour, / base power."""
    return tuple(week_of(f"hall-{number}") for number in HALLS)


def week_of(device_id: str, variation: float = 0.1) -> Series:
    hall = device("lighting", "hall", device_id=device_id, variation=variation)
    return np.array(list(run(hall, MONDAY, WEEK_S, QUARTER_S))).reshape(7, 96) / 12.0


def test_they_are_dark_by_night_and_on_sundays() -> None:
    for hall in weeks():
        assert hall[:, : 4 * 4].max() < 0.08
        assert hall[6].max() < 0.08


def test_the_first_shift_has_all_rows_and_breaks_leave_them_on() -> None:
    for hall in weeks():
        morning = hall[:5, 8 * 4 : 12 * 4]
        assert morning.max() > 0.8
        assert morning.min() > 0.4  # under roof lights in July


def test_the_late_shift_has_fewer_rows_than_the_first() -> None:
    early, late = (
        np.mean([hall[:5, begin * 4 : (begin + 2) * 4].mean() for hall in weeks()])
        for begin in (7, 18)
    )
    assert 0.1 < late < 0.8 * early


def test_some_have_roof_lights_and_use_less_at_noon() -> None:
    saved = [hall[:5, 10 * 4 : 12 * 4].mean() < 0.85 for hall in weeks()]
    assert 0 < sum(saved) < len(saved)


def test_a_tick_of_a_quarter_of_an_hour_uses_what_thirty_of_30_s_do() -> None:
    fine = device("lighting", "hall", device_id="hall-0")
    kw = np.array(list(run(fine, MONDAY, DAY_S, 30.0)))
    assert abs(kw.mean() / 12.0 - weeks()[0][0].mean()) < 0.02 * weeks()[0][0].mean()


def test_without_variation_they_are_alike() -> None:
    assert (week_of("one", 0.0) == week_of("other", 0.0)).all()
