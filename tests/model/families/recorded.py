"""Four weeks of each family, for each of twelve devices: simulated once for all tests of the bands.

They go at 30 s and not at the 5 s of bands.toml, in a sixth of the time: test_steps.py shows that
the step does not matter, and `fine`, for the noise from one 5-s value to the next, is at 5 s.
"""

from functools import cache

import numpy as np
from attrs import frozen

from tests.model.families.measures import QUARTER_S, WEEK_S, Series, Week, averaged
from tests.model.fleet import DAY_S, MONDAY, device

SEEDS = (1, 2, 3, 4, 5)
DEVICES = tuple(range(1, 13))
"""Seeds of the devices of which shares are counted; the first five are looked at one by one."""
STEP_S = 30
WEEKS = 4
FAMILIES = ("hvac", "lighting", "server", "industrial", "appliance", "fridge")


@frozen(eq=False)
class Month:
    """Four weeks of one device; `voltage` and `current` are minute means, voltage per 240 V."""

    weeks: tuple[Week, ...]
    voltage: Series
    current: Series
    lowest: float
    highest: float

    @property
    def quarters(self) -> Series:
        return np.concatenate([week.quarters for week in self.weeks])


def kind_of(family: str) -> tuple[str, str | None]:
    return ("appliance", "fridge") if family == "fridge" else (family, None)


@cache
def month(family: str, seed: int, begin: float = MONDAY) -> Month:
    under_test, step_s = device(*kind_of(family), seed=seed), STEP_S
    count = WEEKS * WEEK_S // step_s
    power, voltage, current = np.empty(count), np.empty(count), np.empty(count)
    daylight, outdoor_c = np.empty(count), np.empty(count)
    for number in range(count):
        under_test.tick(begin + (number + 1) * step_s, step_s)
        meter, conditions = under_test.meter, under_test.site.conditions
        power[number], voltage[number] = meter.power_kw, meter.voltage_v
        current[number] = meter.current_a(under_test.power_factor())
        daylight[number], outdoor_c[number] = conditions.daylight, conditions.outdoor_c
    per_240 = 240.0 / under_test.spec.base_voltage
    fine, a_quarter, a_minute = fine_day(family, seed, begin), QUARTER_S // step_s, 60 // step_s
    by_week = (series.reshape(WEEKS, -1) for series in (power, daylight, outdoor_c))
    weeks = tuple(
        Week(step_s, kw, fine, averaged(light, a_quarter), averaged(warmth, a_quarter))
        for kw, light, warmth in zip(*by_week, strict=True)
    )
    return Month(
        weeks,
        averaged(voltage * per_240, a_minute),
        averaged(current, a_minute),
        float(voltage.min() / under_test.spec.base_voltage - 1.0),
        float(voltage.max() / under_test.spec.base_voltage - 1.0),
    )


@cache
def fine_day(family: str, seed: int, begin: float) -> Series:
    """Return the Tuesday of the first week in steps of 5 s, kW."""
    under_test = device(*kind_of(family), seed=seed)
    under_test.tick(begin + DAY_S, 60.0)
    powers = np.empty(int(DAY_S) // 5)
    for number in range(powers.size):
        under_test.tick(begin + DAY_S + (number + 1) * 5.0, 5.0)
        powers[number] = under_test.meter.power_kw
    return powers
