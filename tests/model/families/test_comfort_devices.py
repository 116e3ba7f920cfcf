"""Air conditioners, heat pumps and lamps of one location differ, and so do their days."""

from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from iotmock.model.device import Device
from iotmock.model.site.sites import Sites
from tests.model.families.measures import Series, correlation
from tests.model.fleet import DAY_S, MONDAY, SEASONS, WEEK_S, device, run

pytestmark = pytest.mark.long(20)

STEP_S = 300.0
A_DAY = int(DAY_S / STEP_S)
COUNT = 6
JANUARY = SEASONS["january"]
PROFILES = [
    ("hvac", "rooftop"),
    ("hvac", "split"),
    ("hvac", "heat_pump"),
    ("lighting", "office_led"),
    ("lighting", "bulb"),
]


def of_one_location(device_type: str, profile: str) -> list[Device]:
    sites = Sites(3, 0.1)
    return [
        device(device_type, profile, sites=sites, device_id=f"number-{number}")
        for number in range(COUNT)
    ]


@cache
def weeks(device_type: str, profile: str, begin: float = JANUARY) -> tuple[Series, ...]:
    """Return a week of each device, in steps of 5 minutes, kW."""
    return tuple(
        np.array(list(run(under_test, begin, WEEK_S, STEP_S)))
        for under_test in of_one_location(device_type, profile)
    )


def hours(powers: Series) -> Series:
    means: Series = powers.reshape(-1, 12).mean(axis=1)
    return means


def day_to_day(powers: Series) -> float:
    """Return the mean correlation of a workday's hours with those of the next."""
    days = hours(powers).reshape(7, 24)[:5]
    return float(np.mean([correlation(days[at], days[at + 1]) for at in range(4)]))


@pytest.mark.parametrize(("device_type", "profile"), PROFILES)
def test_devices_of_one_location_use_different_amounts(device_type: str, profile: str) -> None:
    means = np.array([powers.mean() for powers in weeks(device_type, profile)])
    assert means.std() / means.mean() > 0.1


@pytest.mark.parametrize(("device_type", "profile"), PROFILES)
def test_workdays_use_different_amounts(device_type: str, profile: str) -> None:
    spreads = []
    for powers in weeks(device_type, profile):
        days = powers.reshape(7, A_DAY)[:5].sum(axis=1)
        spreads.append(days.std() / days.mean())
    assert np.median(spreads) > 0.06


@pytest.mark.parametrize(
    ("device_type", "profile", "begin"),
    [
        ("hvac", "rooftop", JANUARY),
        ("hvac", "rooftop", MONDAY),
        ("lighting", "office_led", JANUARY),
    ],
)
def test_a_day_is_not_the_next_one_again(device_type: str, profile: str, begin: float) -> None:
    found = [day_to_day(powers) for powers in weeks(device_type, profile, begin)]
    assert np.median(found) < 0.9


def test_two_lights_of_an_office_are_not_one() -> None:
    powers = [hours(one) for one in weeks("lighting", "office_led")]
    pairs = [correlation(powers[a], powers[b]) for a in range(COUNT) for b in range(a)]
    assert np.median(pairs) < 0.8


@pytest.mark.parametrize(("profile", "begin"), [("split", MONDAY), ("rooftop", MONDAY)])
def test_starts_come_together_no_more_often_than_by_chance(profile: str, begin: float) -> None:
    """Chance is what the same starts do when one of the two lives another day."""
    powers = np.array(
        [
            np.array(list(run(one, begin, 5 * DAY_S, 60.0)))
            for one in of_one_location("hvac", profile)
        ]
    )
    running = powers > 0.35 * powers.max(axis=1, keepdims=True)
    starts = [np.flatnonzero(on[1:] & ~on[:-1]) for on in running]
    assert sum(map(len, starts)) > 100
    together = coincidence(starts, 0)
    by_chance = np.mean([coincidence(starts, days * 1440) for days in (1, 2, 3)])
    assert together < 1.5 * by_chance + 0.03


def coincidence(starts: list[NDArray[np.intp]], shift: int) -> float:
    """Return the share of starts within a minute of one of another device, shifted in time."""
    within, count = 0, 0
    for one in range(COUNT):
        for other in range(COUNT):
            if one != other:
                shifted = (starts[other] + shift) % (5 * 1440)
                gaps = np.abs(starts[one][:, None] - shifted[None, :])
                within += int((gaps <= 1).any(axis=1).sum())
                count += len(starts[one])
    return within / count


@pytest.mark.parametrize("profile", ["split", "rooftop"])
def test_a_machine_at_rest_is_not_noiseless(profile: str) -> None:
    for powers in weeks("hvac", profile, SEASONS["april"]):
        base = powers[powers < 1.2 * np.percentile(powers, 1)]
        assert base.std() / base.mean() > 0.0015


def test_a_lamp_without_radio_draws_nothing_in_the_dark_and_one_with_it_a_little() -> None:
    least = [powers.min() / 0.009 for powers in weeks_of_bulbs()]
    assert 0.0 in least
    smart = [share for share in least if share > 0.0]
    assert smart
    assert all(0.01 < share < 0.1 for share in smart)


@cache
def weeks_of_bulbs() -> tuple[Series, ...]:
    sites = Sites(3, 0.1)
    bulbs = [device("lighting", "bulb", sites=sites, device_id=f"b-{at}") for at in range(20)]
    return tuple(np.array(list(run(bulb, JANUARY, 2 * DAY_S, 900.0))) for bulb in bulbs)


def test_without_variation_all_devices_are_the_usual_one() -> None:
    for device_type, profile in PROFILES:
        one, other = (
            device(device_type, profile, sites=Sites(3, 0.0), device_id=name, variation=0.0)
            for name in ("one", "other")
        )
        assert list(run(one, JANUARY, DAY_S, 900.0)) == list(run(other, JANUARY, DAY_S, 900.0))
