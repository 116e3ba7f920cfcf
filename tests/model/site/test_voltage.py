"""The voltage at a socket, beside 240 days of the UCI household (realism of minute means)."""

from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray

from iotmock.model.families.industrial import StartLine
from iotmock.model.operations.command import handle
from iotmock.model.site.feeder import Feeder, own_drop
from iotmock.model.site.sites import Sites
from tests.model.fleet import DAY_S, HOUR_S, MONDAY, device, run

pytestmark = pytest.mark.long(12)

REAL = {  # p5, p25, p50, p75, p95 over days, V per 240 V; Hebrail and Berard, UCI 235, 2012
    "sd": (1.488, 1.92, 2.255, 2.842, 3.596),
    "range": (8.795, 11.2, 12.85, 15.02, 18.21),
    "acf 1 min": (0.938, 0.9575, 0.9675, 0.9754, 0.9839),
    "acf 5 min": (0.7715, 0.8288, 0.8657, 0.8952, 0.9292),
    "acf 15 min": (0.5302, 0.6573, 0.7299, 0.7997, 0.8578),
    "acf 60 min": (0.08939, 0.286, 0.414, 0.5351, 0.6743),
    "acf 240 min": (-0.3515, -0.202, -0.09156, 0.03401, 0.1829),
    "median minute's change": (0.2, 0.3, 0.3, 0.4, 0.5),
    "90 % minute's change": (0.696, 0.8, 0.9, 1.0, 1.2),
    "largest minute's change": (2.3, 3.0, 3.3, 3.8, 4.605),
    "kurtosis of minutes' changes": (4.148, 5.199, 5.864, 7.352, 10.85),
    "median ten minutes' change": (0.4695, 0.55, 0.63, 0.71, 0.8205),
    "share of 10 to 60 min": (0.05946, 0.08646, 0.1143, 0.1513, 0.2178),
    "share below 10 min": (0.01856, 0.02732, 0.03589, 0.04658, 0.06726),
}
DAYS, SITES, MINUTES = 5, 8, 1440


def acf(series: NDArray[np.float64], lag: int) -> float:
    around = series - series.mean()
    return float((around[:-lag] * around[lag:]).sum() / (around * around).sum())


def features(volts: NDArray[np.float64]) -> Iterator[tuple[str, float]]:
    steps, tens = np.diff(volts), volts.reshape(-1, 10).mean(axis=1)
    power = np.abs(np.fft.rfft(volts - volts.mean()))[1:] ** 2
    period_min = 1.0 / np.fft.rfftfreq(MINUTES)[1:]
    yield "sd", float(volts.std())
    yield "range", float(np.ptp(volts))
    for lag in (1, 5, 15, 60, 240):
        yield f"acf {lag} min", acf(volts, lag)
    yield "median minute's change", float(np.median(np.abs(steps)))
    yield "90 % minute's change", float(np.percentile(np.abs(steps), 90))
    yield "largest minute's change", float(np.abs(steps).max())
    yield (
        "kurtosis of minutes' changes",
        float(((steps - steps.mean()) ** 4).mean() / steps.var() ** 2),
    )
    yield "median ten minutes' change", float(np.median(np.abs(np.diff(tens))))
    for name, chosen in (
        ("share of 10 to 60 min", (period_min >= 10) & (period_min < 60)),
        ("share below 10 min", period_min < 10),
    ):
        yield name, float(power[chosen].sum() / power.sum())


def minutes_of(seed: int) -> NDArray[np.float64]:
    site = Sites(seed, 0.1).at("")
    moments = (MONDAY + number * 10.0 for number in range(DAYS * MINUTES * 6))
    volts = np.array([240.0 * site.at(moment).voltage_factor for moment in moments])
    means: NDArray[np.float64] = np.round(volts.reshape(-1, 6).mean(axis=1), 1)
    return means


def test_a_days_voltage_has_the_statistics_of_a_real_one() -> None:
    found: dict[str, list[float]] = {name: [] for name in REAL}
    for seed in range(SITES):
        for day in minutes_of(seed).reshape(DAYS, MINUTES):
            for name, value in features(day):
                found[name].append(value)
    for name, (p5, p25, _, p75, p95) in REAL.items():
        low, median, high = np.percentile(found[name], (25, 50, 75))
        assert p5 <= median <= p95, name
        assert 0.4 <= (high - low) / (p75 - p25) <= 2.5, name


def test_a_weeks_ten_minutes_are_those_of_en_50160() -> None:
    for seed in range(SITES):
        tens = minutes_of(seed).reshape(-1, 10).mean(axis=1) / 240.0
        assert (np.abs(tens - 1.0) < 0.1).mean() >= 0.95
        assert 0.85 < tens.min() <= tens.max() < 1.1


def drop_of(device_type: str, profile: str, base_power: float) -> float:
    """Return the volts that a device loses, alone at its site, when it draws what it is rated."""
    feeder = Feeder()
    for _ in range(600):
        feeder.fade(0.95, 3.0, 0.999)
        feeder.draw(base_power, base_power, 3.0)
    return 240.0 * (feeder.sag + own_drop(base_power))


@pytest.mark.parametrize(
    ("watts", "low", "high"),
    [(9.0, 0.005, 0.015), (2_000.0, 1.2, 2.6), (120_000.0, 3.0, 8.0)],
    ids=["a bulb", "a kettle", "a line"],
)
def test_sag_goes_by_watts_and_ohms(watts: float, low: float, high: float) -> None:
    assert low < drop_of("appliance", "office", watts / 1000.0) < high


@pytest.mark.parametrize("dt_s", [1.0, 60.0, 900.0])
def test_the_feeder_knows_what_is_drawn_however_long_a_tick_is(dt_s: float) -> None:
    sites = Sites(1, 0.0)
    lamp = device("lighting", sites=sites)
    line = device("industrial", sites=sites, device_id="line", base_power=50.0)
    handle(line, StartLine(), 0.0)
    for _ in zip(
        run(lamp, MONDAY, 2 * HOUR_S, dt_s), run(line, MONDAY, 2 * HOUR_S, dt_s), strict=True
    ):
        pass
    feeder = sites.at("").feeder
    remembered_s = feeder.clock_s + feeder.waiting_s
    assert feeder.installed / remembered_s == pytest.approx(58.5, rel=0.01)


@pytest.mark.parametrize("pause_s", [0.0, 1e-310, 60 * DAY_S])
def test_a_feeder_outlives_any_pause(pause_s: float) -> None:
    sites = Sites(1, 0.0)
    lamp = device("lighting", sites=sites)
    line = device("industrial", sites=sites, device_id="line", base_power=50.0)
    now = MONDAY
    for dt_s in (1e-310, pause_s, 2_496.0, pause_s, 10.0):
        now += dt_s
        for each in (lamp, line):
            each.tick(now, dt_s)
            assert 0.85 * 230.0 <= each.meter.voltage_v <= 1.10 * 480.0
    assert 0.0 <= sites.at("").feeder.sag < 0.1


def test_a_grid_is_the_same_whenever_one_begins_to_look() -> None:
    early, late = (Sites(1, 0.1).at("x").weather.grid for _ in range(2))
    first = [early.at(quarter, quarter % 96).stepped for quarter in range(20 * 96)]
    again = [late.at(quarter, quarter % 96).stepped for quarter in range(19 * 96, 20 * 96)]
    assert sum(one != other for one, other in zip(first[19 * 96 :], again, strict=True)) <= 4


def test_without_spread_the_grid_has_only_its_day() -> None:
    one, other = (Sites(seed, 0.0).at("x") for seed in (1, 2))
    for hour in range(24):
        moment = MONDAY + hour * HOUR_S + DAY_S
        assert one.at(moment).voltage_factor == other.at(moment).voltage_factor
