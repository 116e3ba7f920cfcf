"""A week of any family can not be told from measured ones by the statistics of bands.toml.

At most one row may fail per device-week (bands.toml says so), and bands are what nine in ten real
ones lie in: so shares of twelve devices, four weeks each, are held against them. The same rows must
expose what most simulators send: constant ±10 %, and matched white noise.
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.model.families.measures import (
    MONTHLY,
    Series,
    Week,
    autocorrelation,
    averaged,
    measured,
    outside,
    runs,
)
from tests.model.families.recorded import DEVICES, FAMILIES, SEEDS, Month, month

BANDS: dict[str, dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("bands.toml").read_text(encoding="utf-8")
)

pytestmark = [
    pytest.mark.long(18),
    pytest.mark.parametrize("family", FAMILIES),
]
each_seed = pytest.mark.parametrize("seed", SEEDS)

LEAST = {"lighting": 0.6, "fridge": 0.8}
WIDER = {("lighting", "load_factor"): 0.0, ("fridge", "duty"): 0.5}
"""The least share of device-weeks within the bands, where it is not 0.9 and 0.8: real ones spread
wider (docs/explanation/realism.md has the figures)."""


def failing(family: str, week: Week, quarters: Series) -> dict[str, float]:
    """Return the rows that a device-week fails; `quarters` are its four weeks."""
    bands = BANDS[family]
    values = measured(family, week, bands)
    values |= {row: autocorrelation(quarters, MONTHLY[row]) for row in MONTHLY if row in bands}
    assert values.keys() == bands.keys()
    return {row: value for row, value in values.items() if outside(value, bands[row])}


@cache
def failures(family: str) -> list[dict[str, float]]:
    """Return what each week of twelve devices fails."""
    recorded = [month(family, seed) for seed in DEVICES]
    return [failing(family, week, one.quarters) for one in recorded for week in one.weeks]


def test_most_device_weeks_fail_one_row_at_most(family: str) -> None:
    weeks = failures(family)
    assert sum(len(failed) <= 1 for failed in weeks) >= LEAST.get(family, 0.9) * len(weeks)


def test_most_device_weeks_lie_within_each_band(family: str) -> None:
    weeks = failures(family)
    for row in BANDS[family]:
        within = sum(row not in failed for failed in weeks) / len(weeks)
        assert within >= WIDER.get((family, row), 0.8), (row, within)


@each_seed
def test_machines_keep_their_shortest_times(family: str, seed: int) -> None:
    if family != "hvac":
        pytest.skip("only compressors of air conditioners have them in bands.toml")
    for week in month(family, seed).weeks:
        assert runs(week, wanted=True).min() >= 3.0 - week.step_s / 60.0
        assert runs(week, wanted=False).min() >= 5.0 - week.step_s / 60.0


@each_seed
def test_the_voltage_is_a_grids(family: str, seed: int) -> None:
    recorded, bands = month(family, seed), BANDS["voltage"]
    weeks = recorded.voltage.reshape(len(recorded.weeks), -1)
    for number, (volts, amperes) in enumerate(
        zip(weeks, recorded.current.reshape(weeks.shape), strict=True)
    ):
        values = voltage_rows(volts, amperes)
        failed = {row: value for row, value in values.items() if outside(value, bands[row])}
        assert len(failed) <= 1, f"week {number}"
    # Over the month: in a week a fridge of half an ampere is lost among what the neighbours do.
    assert droop_v_per_a(recorded.voltage, recorded.current) < bands["droop_v_per_a_below"]
    low, high = bands["all_within"]
    assert low <= recorded.lowest <= recorded.highest <= high


def voltage_rows(volts: Series, _amperes: Series) -> dict[str, float]:
    ten_minutes = averaged(volts, 10)
    return {
        "daily_std_v": float(volts.reshape(7, -1).std(axis=1).mean()),
        "weekly_range_v": float(np.ptp(volts)),
        "acf_1min": autocorrelation(volts, 1),
        "step_1min_p99_v": float(np.percentile(np.abs(np.diff(volts)), 99)),
        "ten_minute_means_within_10_percent": float((np.abs(ten_minutes / 240 - 1) < 0.1).mean()),
    }


def droop_v_per_a(volts: Series, amperes: Series) -> float:
    """Regression of minute steps, in which neither the time of day nor the week counts."""
    steps_v, steps_a = np.diff(volts), np.diff(amperes)
    return float(np.cov(steps_v, steps_a)[0, 1] / np.var(steps_a, ddof=1))


def disguised(recorded: Month, power: Series, fine: Series) -> list[Week]:
    """Return the weeks of a month with another power, at the same site."""
    by_week = power.reshape(len(recorded.weeks), -1)
    return [
        Week(week.step_s, kw, fine, week.daylight, week.outdoor_c)
        for kw, week in zip(by_week, recorded.weeks, strict=True)
    ]


@each_seed
def test_constant_power_with_ten_percent_noise_is_exposed(family: str, seed: int) -> None:
    random, recorded = np.random.default_rng(seed), month(family, seed)
    mean = float(recorded.quarters.mean())
    size, fine = sum(week.power.size for week in recorded.weeks), recorded.weeks[0].fine.size
    power = mean * random.uniform(0.9, 1.1, size)
    for week in disguised(recorded, power, mean * random.uniform(0.9, 1.1, fine)):
        assert len(failing(family, week, averaged(power, 900 // week.step_s))) > 1


@each_seed
@pytest.mark.parametrize("hold_s", [1, 900], ids=["every sample", "every quarter"])
def test_white_noise_of_the_right_mean_and_spread_is_exposed(
    family: str, seed: int, hold_s: int
) -> None:
    if family == "fridge" and hold_s > 1:
        pytest.skip("cycles of 50 minutes, seen in quarters of an hour, are as wide as white noise")
    random, recorded = np.random.default_rng(seed), month(family, seed)
    hold = max(1, hold_s // recorded.weeks[0].step_s)
    true = np.concatenate([averaged(week.power, hold) for week in recorded.weeks])

    def white(size: int) -> Series:
        return np.clip(random.normal(true.mean(), true.std(), size), 0.0, None)

    power = np.repeat(white(true.size), hold)
    fine = white(recorded.weeks[0].fine.size)
    for week in disguised(recorded, power, fine):
        assert len(failing(family, week, averaged(power, 900 // week.step_s))) > 1
