"""The same week, whatever the length of a tick."""

import pytest

from tests.model.fleet import CATALOGUE, DAY_S, LOADS, MONDAY, VARIANTS, WEEK_S, device, run

pytestmark = pytest.mark.long(18)


def quarters(device_type: str, profile: str | None, dt_s: float, length_s: float) -> list[float]:
    under_test = device(device_type, profile)
    sign = -1.0 if under_test.profile.generates else 1.0
    powers = [sign * power for power in run(under_test, MONDAY, length_s, dt_s)]
    count = round(900 / dt_s)
    return [sum(powers[at : at + count]) / count for at in range(0, len(powers), count)]


def load_factor(means: list[float]) -> float:
    """Return the mean of the weekly load factors: one quarter of an hour decides each."""
    weeks = [means[at : at + 672] for at in range(0, len(means), 672)]
    return sum(sum(week) / 672 / max(week) for week in weeks) / len(weeks)


STEPPED = [
    (kind.device_type, profile.name)
    for kind in CATALOGUE
    for profile in (kind.profiles if kind.device_type in LOADS else kind.profiles[:1])
]
"""Of what feeds in, stores or is charged, one of each is enough: they differ in numbers alone."""


@pytest.mark.parametrize(("device_type", "profile"), STEPPED)
def test_weeks_have_the_same_energy_and_load_factor_at_any_step(
    device_type: str, profile: str
) -> None:
    at_60, at_30, at_900 = (
        quarters(device_type, profile, dt_s, 4 * WEEK_S) for dt_s in (60.0, 30.0, 900.0)
    )
    for others in (at_30, at_900):
        assert sum(others) == pytest.approx(sum(at_60), rel=0.02)
        assert load_factor(others) == pytest.approx(load_factor(at_60), rel=0.05)


@pytest.mark.parametrize(
    ("device_type", "profile"), [*((name, None) for name in LOADS), ("appliance", "fridge")]
)
def test_one_week_is_the_same_at_1_5_60_and_900_s(device_type: str, profile: str | None) -> None:
    at_1, *others = (
        quarters(device_type, profile, dt_s, WEEK_S) for dt_s in (1.0, 5.0, 60.0, 900.0)
    )
    for other in others:
        assert sum(other) == pytest.approx(sum(at_1), rel=0.02)
        assert load_factor(other) == pytest.approx(load_factor(at_1), rel=0.05)


@pytest.mark.parametrize(
    "device_type", ["solar", "battery", "ev_charger", "water_heater", "sensor", "replay"]
)
def test_a_day_is_the_same_at_1_60_and_900_s(device_type: str) -> None:
    length_s = 4 * DAY_S if device_type == "solar" else DAY_S  # clouds of one day are few
    at_1, *others = (quarters(device_type, None, dt_s, length_s) for dt_s in (1.0, 60.0, 900.0))
    for other in others:
        assert sum(other) == pytest.approx(sum(at_1), rel=0.02)


@pytest.mark.parametrize(("device_type", "profile"), VARIANTS)
def test_ten_hours_in_one_tick_are_ten_hours(device_type: str, profile: str) -> None:
    under_test = device(device_type, profile)
    begin = MONDAY + (18 if profile == "bulb" else 8) * 3600.0  # a home's lamp is off by day
    under_test.tick(begin + 36_000.0, 36_000.0)
    assert 0.0 < under_test.meter.energy_kwh < 10.0 * under_test.peak_kw


@pytest.mark.parametrize(("device_type", "profile"), VARIANTS)
def test_a_tick_of_no_time_adds_no_energy_and_shows_a_power(device_type: str, profile: str) -> None:
    under_test = device(device_type, profile)
    for _ in range(3):
        under_test.tick(MONDAY, 0.0)
    assert under_test.meter.energy_kwh == 0.0
    assert abs(under_test.meter.power_kw) <= under_test.peak_kw
