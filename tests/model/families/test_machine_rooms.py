"""Servers: racks differ, weeks wander more than days, and nights have backups and patches.

The figures in the comments are those of real series (docs/reference/families.md names them).
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from iotmock.model.families.server import Server
from iotmock.model.numbers.noise import Noise
from iotmock.model.parts.racks.machines import GPU, RACK, STORAGE, VM_HOST, Kinds
from iotmock.model.parts.racks.workload import Work, Workload
from iotmock.model.site.day import Day, kind_of
from tests.model.fleet import DAY_S, HOUR_S, MONDAY, SEASONS, WEEK_S, conditions, device, run

SEEDS = range(12)


@cache
def hours(seed: int, begin: float = MONDAY, profile: str = "rack") -> NDArray[np.float64]:
    """Return the hours of a week of one of twelve devices, kW."""
    machines = device("server", profile, seed=seed, device_id=f"rack-{seed}")
    quarters = np.array(list(run(machines, begin, WEEK_S, 900.0)))
    by_hour: NDArray[np.float64] = quarters.reshape(-1, 4).mean(axis=1)
    return by_hour


@cache
def minutes5(seed: int) -> NDArray[np.float64]:
    """Return the five-minute means of a day of one of twelve hosts of virtual machines, kW."""
    host = device("server", "vm_host", seed=seed, device_id=f"host-{seed}")
    return np.array(list(run(host, MONDAY + DAY_S, DAY_S, 300.0)))


def autocorrelation(series: NDArray[np.float64], lag: int) -> float:
    around = series - series.mean()
    return float((around[:-lag] * around[lag:]).sum() / (around * around).sum())


def test_no_two_racks_take_the_same() -> None:
    means = np.array([hours(seed).mean() for seed in SEEDS])
    assert 0.02 < means.std() / means.mean() < 0.2


def test_at_full_load_a_rack_takes_what_its_places_that_are_taken_are_rated_at() -> None:
    shares = []
    for seed in SEEDS:
        machines = Server.make(Noise(seed), 0.1)
        machines.held_load = 1.0
        shares.append(machines.step(conditions(), 5.0))
    assert 0.8 <= min(shares) < max(shares) <= 1.0


def test_racks_have_their_own_distance_from_idle_to_peak() -> None:
    idle = []
    for seed in SEEDS:
        machines = Server.make(Noise(seed), 0.1)
        machines.held_load = 0.0
        idle.append(machines.step(conditions(), 5.0))
    assert len({round(share, 6) for share in idle}) == len(idle)
    assert 0.3 < min(idle) < max(idle) < 0.55


def test_a_cluster_wanders_beyond_a_day() -> None:
    # Google: 0.56 of the variance beyond 30 h and 0.16 about 24 h; autocorrelation at 24 h 0.24.
    slow, daily, at_24 = [], [], []
    for seed in SEEDS:
        power = np.abs(np.fft.rfft(hours(seed) - hours(seed).mean()))[1:] ** 2
        period_h = WEEK_S / HOUR_S / np.arange(1, power.size + 1)
        slow.append(power[period_h > 30.0].sum() / power.sum())
        daily.append(power[(period_h > 20.0) & (period_h < 30.0)].sum() / power.sum())
        at_24.append(autocorrelation(hours(seed), 24))
    assert 0.4 < np.median(slow) < 0.7
    assert 0.08 < np.median(daily) < 0.25
    assert 0.05 < np.median(at_24) < 0.35


def test_a_week_is_not_the_one_before() -> None:
    alike = [np.corrcoef(hours(seed), hours(seed, MONDAY + WEEK_S))[0, 1] for seed in SEEDS]
    assert np.median(alike) < 0.8


def test_virtual_machines_that_wait_are_nearly_white() -> None:
    # PlanetLab: autocorrelation at 5 min 0.22, coefficient of variation 0.018.
    assert 0.1 < np.median([autocorrelation(minutes5(seed), 1) for seed in SEEDS]) < 0.4
    spreads = [minutes5(seed).std() / minutes5(seed).mean() for seed in SEEDS]
    assert 0.012 < np.median(spreads) < 0.03


def test_a_night_of_patches_comes_once_in_four_weeks_and_not_for_all_at_once() -> None:
    nights = []
    for seed in SEEDS:
        load = Workload.make(Work(mean=0.5), 77 * seed, 1.0)
        nightly = [
            min(asked(load, number, quarter / 4.0) for quarter in range(20)) for number in range(56)
        ]
        patched = [number for number, share in enumerate(nightly) if share < 0.3]
        assert len(patched) == 2
        assert patched[1] - patched[0] == 28
        nights.append(patched[0])
    assert len(set(nights)) > 6


def test_storage_works_at_night() -> None:
    risen = 0
    for seed in SEEDS:
        load = Workload.make(STORAGE.kinds[0][1].work, 31 * seed, 1.0)
        night = max(asked(load, 1, hour / 4.0) for hour in range(24))
        risen += night > asked(load, 1, 12.0) + 0.1
    assert risen > len(SEEDS) // 2


def test_at_no_variation_a_rack_is_the_usual_one() -> None:
    for kinds in (RACK, STORAGE, GPU, VM_HOST):
        assert loads(kinds, seed=1) == loads(kinds, seed=2)


def test_a_rack_hardly_has_seasons() -> None:
    means = [
        np.mean([hours(seed, begin).mean() for seed in SEEDS])
        for begin in (MONDAY, SEASONS["january"])
    ]
    assert abs(means[1] / means[0] - 1.0) < 0.05


def asked(load: Workload, number: int, hour: float) -> float:
    """Return what is asked for at an hour of a day after Monday, 6 January 2025."""
    day = Day(739_257 + number, number % 7, kind_of(number % 7), -1.0)
    now = (20_094 + number) * DAY_S + hour * HOUR_S
    return load.at(conditions(now=now, hour=hour, weekday=number % 7, day=day))


def loads(kinds: Kinds, seed: int) -> list[float]:
    machines = Server.make(Noise(seed), 0.0, kinds)
    return [
        machines.step(conditions(now=MONDAY + hour * HOUR_S, hour=hour), 900.0)
        for hour in range(24)
    ]
