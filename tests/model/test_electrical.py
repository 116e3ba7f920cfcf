"""Power follows voltage, and the power factor is a device's own."""

from itertools import pairwise
from statistics import fmean, pstdev

import pytest

from iotmock.model.parts.power_factor import PowerFactorDrift
from iotmock.model.site.sites import Sites
from tests.model.fleet import CATALOGUE, DAY_S, HOUR_S, MONDAY, VARIANTS, device, run

NOON = MONDAY + 12 * HOUR_S


@pytest.mark.parametrize(("device_type", "profile"), VARIANTS)
def test_at_nominal_voltage_a_device_draws_what_its_family_says(
    device_type: str, profile: str
) -> None:
    assert sum(CATALOGUE.get(device_type).profile(profile).zip_load) == pytest.approx(1.0)


def power_at(bias: float, device_type: str, profile: str) -> float:
    """Return the mean power where the voltage is so much / nominal higher."""
    under_test = device(device_type, profile, sites=Sites(1, 0.0))
    under_test.site.bias = bias
    return fmean(run(under_test, NOON, 400 * 60.0, 60.0))


@pytest.mark.parametrize(
    ("device_type", "profile", "ratio"),
    [
        ("appliance", "dishwasher", 1.05**2 / 0.95**2),
        ("hvac", "rooftop", 1.05),
        ("server", "rack", 1.0),
        ("industrial", "two_shift", 1.0),
    ],
)
def test_power_follows_voltage_as_its_family_does(
    device_type: str, profile: str, ratio: float
) -> None:
    high, low = (power_at(bias, device_type, profile) for bias in (0.05, -0.05))
    assert high / low == pytest.approx(ratio, abs=0.012)


def test_power_factors_spread_under_load_over_time_and_devices() -> None:
    factors = []
    for number in range(12):
        compressor = device("hvac", "rooftop", device_id=f"unit-{number}")
        factors += [
            compressor.power_factor()
            for power in run(compressor, NOON, 6 * HOUR_S, 300.0)
            if power > 0.5 * compressor.spec.base_power
        ]
    assert 0.015 < pstdev(factors) < 0.08
    assert 0.7 < min(factors) <= max(factors) <= 1.0


def test_a_power_factor_follows_from_the_moment_and_is_always_one() -> None:
    asked = PowerFactorDrift.of(7, 1.0)
    in_order = [asked.at(0.85, MONDAY + 60.0 * minute) for minute in range(1440)]
    assert PowerFactorDrift.of(7, 1.0).at(0.85, MONDAY + 60.0 * 1000) == in_order[1000]
    assert max(abs(b - a) for a, b in pairwise(in_order)) < 0.04
    for seed in range(300):
        drift = PowerFactorDrift.of(seed, 1.0)
        for usual in (0.05, 0.5, 0.99, 1.0):
            factors = [drift.at(usual, MONDAY + 500.0 * step) for step in range(50)]
            assert 0.0 < min(factors) <= max(factors) <= 1.0


def test_without_spread_a_power_factor_is_its_familys() -> None:
    under_test = device("hvac", variation=0.0)
    for _ in run(under_test, NOON, DAY_S, 900.0):
        assert under_test.power_factor() == under_test.family.power_factor()
