"""Twelve fridges are twelve: they differ as those of tracebase do (docs/reference/families.md)."""

from collections.abc import Iterator
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from tests.model.families.measures import Series
from tests.model.fleet import DAY_S, MONDAY, SEASONS, device, energy, run

FRIDGES = range(12)
DAYS = 4


def fridge(number: int, variation: float = 0.1) -> list[float]:
    under_test = device("appliance", "fridge", device_id=f"fridge-{number}", variation=variation)
    return list(run(under_test, MONDAY, DAYS * DAY_S, 30.0))


@cache
def kitchens() -> list[Series]:
    """Return the power of each over four days, kW."""
    return [np.array(fridge(number)) for number in FRIDGES]


def on_times(kw: Series) -> Iterator[int]:
    """Yield the lengths of the runs, in ticks."""
    on = kw > 0.02
    edges = np.flatnonzero(np.diff(on)) + 1
    for begin, end in pairwise(edges.tolist()):
        if on[begin]:
            yield end - begin


def test_energy_a_day_spreads_as_real_ones_do() -> None:
    a_day = [24.0 * kw.mean() for kw in kitchens()]
    assert 0.2 <= min(a_day) < 0.7
    assert 1.0 < max(a_day) <= 2.2
    assert np.std(a_day) / np.mean(a_day) > 0.25


def test_running_power_and_duty_spread_as_real_ones_do() -> None:
    watts = [1_000.0 * float(np.median(kw[kw > 0.02])) for kw in kitchens()]
    duties = [float((kw > 0.02).mean()) for kw in kitchens()]
    assert 45.0 < min(watts) < 80.0
    assert 100.0 < max(watts) < 165.0
    assert 0.12 < min(duties) < 0.28
    assert 0.4 < max(duties) < 0.7


def test_at_rest_a_fridge_draws_nothing() -> None:
    assert all(kw.min() == 0.0 for kw in kitchens())


def test_runs_differ_in_length_within_one_fridge() -> None:
    lengths = [len(set(on_times(kw))) for kw in kitchens()]
    assert min(lengths) > 2
    assert float(np.median(lengths)) > 8


def test_without_variation_they_are_alike_and_every_run_too() -> None:
    one, other = fridge(1, variation=0.0), fridge(2, variation=0.0)
    assert one == other


def test_a_few_defrost_with_a_heater_and_most_are_scraped_by_hand() -> None:
    heated = 0
    for kw in kitchens():
        usual = float(np.median(kw[kw > 0.02]))
        long_and_higher = np.convolve(kw > 1.25 * usual, np.ones(20), "valid").max() == 20
        heated += bool(long_and_higher)
    assert 1 <= heated <= 6


@pytest.mark.parametrize("number", [0, 3, 7])
def test_summer_costs_more_than_winter(number: int) -> None:
    july, january = (
        energy(device("appliance", "fridge", device_id=f"fridge-{number}"), begin, 7 * DAY_S, 300.0)
        for begin in (MONDAY, SEASONS["january"])
    )
    assert 1.05 * january < july < 1.6 * january


def test_starts_show_in_a_mean_of_five_seconds() -> None:
    """Source: realism2.md, 1.6 times the running power; 5.3 times in a freezer's."""
    inrush = []
    for number in FRIDGES:
        under_test = device("appliance", "fridge", device_id=f"fridge-{number}")
        kw = np.array(list(run(under_test, MONDAY, DAY_S / 3.0, 5.0)))
        inrush.append(float(kw.max() / np.median(kw[kw > 0.02])))
    assert 1.2 < min(inrush) < 2.0
    assert 4.0 < max(inrush) < 9.0
