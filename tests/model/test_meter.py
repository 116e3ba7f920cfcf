"""Meters as they are sold: classes, and steps of what they show."""

from statistics import fmean

import pytest

from iotmock.model.meter import MOST_GAIN, gain_of, step_of
from tests.model.fleet import HOUR_S, MONDAY, device, run


@pytest.mark.parametrize(("base_power", "most"), [(2.0, 0.02), (50.0, 0.01), (2_000.0, 0.005)])
def test_a_meter_is_right_within_its_class(base_power: float, most: float) -> None:
    errors = [abs(gain_of(seed, 1.0, base_power) - 1.0) for seed in range(2_000)]
    assert 0.2 * most < fmean(errors) < 0.5 * most
    assert max(errors) == pytest.approx(most)
    assert 1.0 + max(errors) <= MOST_GAIN
    assert gain_of(1, 0.0, base_power) == 1.0


def test_some_plugs_show_whole_watts_and_count_what_they_do_not_show() -> None:
    steps = [step_of(seed, 1.0, 2.0) for seed in range(2_000)]
    assert set(steps) == {1.0, 10.0}
    assert 0.25 < steps.count(10.0) / len(steps) < 0.45
    assert {step_of(seed, 0.0, 2.0) for seed in range(100)} == {1.0}
    assert {step_of(seed, 1.0, 0.001) for seed in range(100)} == {1.0}
    coarse = next(
        plug
        for plug in (device("appliance", "fridge", device_id=f"f{n}") for n in range(50))
        if plug.meter.step == 10.0
    )
    shown = {coarse.reading(MONDAY).power for _ in run(coarse, MONDAY, 3 * HOUR_S, 60.0)}
    assert all(round(1000.0 * power, 6).is_integer() for power in shown)
    assert len(shown) > 1
    assert coarse.reading(MONDAY).energy == pytest.approx(coarse.meter.energy_kwh, abs=0.5e-4)
