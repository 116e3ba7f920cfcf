"""The statistics that bands.toml names, of one device-week. Arrays of power are in kW."""

from collections.abc import Mapping

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

Series = NDArray[np.float64]

DAY_S = 86_400
WEEK_S = 7 * DAY_S
QUARTER_S = 900
BALANCE_C = 14.0
"""Outdoors, as a mean of day and night, where an office in use needs neither heat nor cold."""


@frozen(eq=False)
class Week:
    """One device-week, Monday 00:00 to Sunday 24:00, in steps of `step_s`.

    `daylight` and `outdoor_c` are per quarter of an hour, `fine` is one working day in steps of 5
    s.
    """

    step_s: int
    power: Series
    fine: Series
    daylight: Series
    outdoor_c: Series

    @property
    def quarters(self) -> Series:
        return averaged(self.power, QUARTER_S // self.step_s)


def averaged(series: Series, count: int) -> Series:
    means: Series = series.reshape(-1, count).mean(axis=1)
    return means


def load_factor(week: Week) -> float:
    return float(week.quarters.mean() / week.quarters.max())


def cv(week: Week) -> float:
    return float(week.quarters.std() / week.quarters.mean())


def day_night(week: Week) -> float:
    weekdays = week.quarters[: 5 * 96].reshape(5, 96)
    return float(weekdays[:, 8 * 4 : 18 * 4].mean() / weekdays[:, : 5 * 4].mean())


def week_weekend(week: Week) -> float:
    return float(week.quarters[: 5 * 96].mean() / week.quarters[5 * 96 :].mean())


def acf15(week: Week) -> float:
    return autocorrelation(week.quarters, 1)


def ramp99(week: Week) -> float:
    quarters = week.quarters
    return float(np.percentile(np.abs(np.diff(quarters)), 99) / quarters.max())


def base_share(week: Week) -> float:
    return float(np.percentile(week.quarters, 5) / week.quarters.mean())


def noise_5s(week: Week) -> float:
    """Relative scatter from one 5-s value to the next, in the quarters without a step."""
    quarters = week.fine.reshape(-1, QUARTER_S // 5)
    steps = np.diff(quarters, axis=1)
    scatter = np.median(np.abs(steps), axis=1) / 0.6745 / np.sqrt(2.0) / quarters.mean(axis=1)
    running = quarters.mean(axis=1) > 0.3 * quarters.mean(axis=1).max()
    return float(np.median(scatter[running]))


def corr_outdoor_temperature(week: Week) -> float:
    return correlation(averaged(week.quarters, 4), averaged(week.outdoor_c, 4))


def corr_outdoor_demand(week: Week) -> float:
    """Of HVAC, hourly means in working hours, so that the schedule does not count.

    The demand is the outdoor temperature when it is warm, and its negative when it is cold: a
    machine that heats draws more in colder air (docs/decisions.md).
    """
    power, outdoor = averaged(week.quarters, 4), averaged(week.outdoor_c, 4)
    hours = np.arange(power.size)
    occupied = (hours < 5 * 24) & (hours % 24 >= 9) & (hours % 24 < 17)
    demand = outdoor if outdoor.mean() > BALANCE_C else -outdoor
    return correlation(power[occupied], demand[occupied])


def corr_daylight(week: Week) -> float:
    quarters = np.arange(week.quarters.size)
    occupied = (quarters < 5 * 96) & (quarters % 96 >= 9 * 4) & (quarters % 96 < 17 * 4)
    return correlation(week.quarters[occupied], week.daylight[occupied])


def duty(week: Week) -> float:
    return float(is_on(week).mean())


def on_minutes(week: Week) -> float:
    return median_minutes(runs(week, wanted=True))


def off_minutes(week: Week) -> float:
    return median_minutes(runs(week, wanted=False))


def power_levels(week: Week) -> float:
    """How many separate levels the power dwells at: peaks of the histogram of minute means."""
    minutes = averaged(week.power, 60 // week.step_s)
    counts, _ = np.histogram(minutes / minutes.max(), bins=40, range=(0.0, 1.0))
    padded = np.concatenate(([0], counts, [0]))
    enough = counts > 0.005 * counts.sum()
    peaks = (counts >= padded[:-2]) & (counts > padded[2:]) & enough
    return float(peaks.sum())


def is_on(week: Week) -> NDArray[np.bool_]:
    on: NDArray[np.bool_] = week.power > 0.5 * np.percentile(week.power, 99)
    return on


def runs(week: Week, *, wanted: bool) -> Series:
    """Lengths in minutes of whole runs on (or off), the cut ones at the ends left out."""
    on = is_on(week)
    edges = np.flatnonzero(np.diff(on)) + 1
    lengths = np.diff(edges) * week.step_s / 60.0
    chosen: Series = lengths[on[edges[:-1]] == wanted]
    return chosen


def median_minutes(lengths: Series) -> float:
    return float(np.median(lengths)) if lengths.size else 0.0


def autocorrelation(series: Series, lag: int) -> float:
    around = series - series.mean()
    return float((around[:-lag] * around[lag:]).sum() / (around * around).sum())


def correlation(a: Series, b: Series) -> float:
    return float(np.corrcoef(a, b)[0, 1])


ROWS = {
    "load_factor": load_factor,
    "cv": cv,
    "day_night": day_night,
    "week_weekend": week_weekend,
    "acf15": acf15,
    "ramp99": ramp99,
    "base_share": base_share,
    "noise_5s": noise_5s,
    "corr_outdoor_temperature": corr_outdoor_temperature,
    "corr_daylight": corr_daylight,
    "duty": duty,
    "on_minutes": on_minutes,
    "off_minutes": off_minutes,
    "power_levels_at_least": power_levels,
}
MONTHLY = {"acf24h": DAY_S // QUARTER_S, "acf168h": WEEK_S // QUARTER_S}
"""Rows over four weeks: their lags, in quarters of an hour."""


def measured(family: str, week: Week, rows: Mapping[str, object]) -> dict[str, float]:
    """Return every weekly row of a family."""
    values = {name: ROWS[name](week) for name in rows if name in ROWS}
    if family == "hvac":
        values["corr_outdoor_temperature"] = corr_outdoor_demand(week)
    return values


def outside(value: float, band: object) -> bool:
    """Say whether a value lies outside [low, high], or below a single limit."""
    if isinstance(band, list):
        return not float(band[0]) <= value <= float(band[1])
    assert isinstance(band, int | float)
    return value < band
