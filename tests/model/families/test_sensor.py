"""Sensors: what they measure is the site's, and their own error stays with them."""

import pytest

from iotmock.model.device import Device
from iotmock.model.families.sensor import Sensor
from iotmock.model.family import HasExtras
from iotmock.model.site.sites import Sites
from tests.model.fleet import DAY_S, MONDAY, device


def value(under_test: Device) -> float:
    assert isinstance(under_test.family, Sensor)
    return under_test.family.value


def series(profile: str, sites: Sites, dt_s: float = 300.0) -> list[float]:
    under_test = device("sensor", profile, sites=sites)
    found = []
    for number in range(1, round(DAY_S / dt_s) + 1):
        under_test.tick(MONDAY + number * dt_s, dt_s)
        found.append(value(under_test))
    return found


def test_a_thermometer_shows_the_air_with_its_own_error() -> None:
    sites = Sites(1, 0.1)
    under_test = device("sensor", "temperature", sites=sites)
    errors = set()
    for number in range(1, 97):
        under_test.tick(MONDAY + number * 900.0, 900.0)
        errors.add(round(value(under_test) - under_test.site.conditions.outdoor_c, 9))
    assert len(errors) == 1
    assert abs(errors.pop()) < 0.5


def test_irradiance_is_that_of_the_day() -> None:
    found = series("irradiance", Sites(1, 0.1))
    assert min(found) == 0.0
    assert 500.0 < max(found) < 1_150.0


def test_irradiance_has_the_same_mean_at_any_tick() -> None:
    fine, coarse = (series("irradiance", Sites(1, 0.1), dt_s) for dt_s in (10.0, 900.0))
    assert sum(fine) / len(fine) == pytest.approx(sum(coarse) / len(coarse), rel=0.04)


def test_occupancy_is_a_share_of_people() -> None:
    found = series("occupancy", Sites(1, 0.1))
    assert min(found) == 0.0
    assert 60.0 < max(found) <= 100.0


def test_prices_hold_for_an_hour_and_are_the_same_everywhere() -> None:
    here, there = (series("price", Sites(seed, 0.1)) for seed in (1, 2))
    assert here == there
    assert all(len(set(here[hour * 12 : hour * 12 + 11])) == 1 for hour in range(24))
    assert 0.1 < min(here) < max(here) < 0.6


def test_its_power_is_its_own() -> None:
    under_test = device("sensor")
    under_test.tick(MONDAY + 60.0, 60.0)
    assert 0.0002 < under_test.meter.power_kw < 0.0004


@pytest.mark.parametrize("profile", ["temperature", "irradiance", "occupancy", "price"])
def test_a_full_reading_has_what_it_measures(profile: str) -> None:
    under_test = device("sensor", profile)
    under_test.tick(MONDAY + 43_200.0, 60.0)
    assert isinstance(under_test.family, HasExtras)
    extras = under_test.family.extras()
    assert list(extras) == [profile]
    assert extras[profile] == pytest.approx(value(under_test), abs=0.06)
