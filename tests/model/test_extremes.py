"""Days and values at the edge."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from iotmock.model.site.sites import Sites
from tests.model.fleet import HOUR_S, VARIANTS, device, run

EDGES = {
    "leap day": datetime(2028, 2, 29, tzinfo=ZoneInfo("UTC")),
    "spring in Berlin": datetime(2025, 3, 30, tzinfo=ZoneInfo("Europe/Berlin")),
    "autumn in Berlin": datetime(2025, 10, 26, tzinfo=ZoneInfo("Europe/Berlin")),
    "spring in New York": datetime(2025, 3, 9, tzinfo=ZoneInfo("America/New_York")),
    "autumn in New York": datetime(2025, 11, 2, tzinfo=ZoneInfo("America/New_York")),
    "year change": datetime(2025, 12, 31, 12, tzinfo=ZoneInfo("Asia/Kathmandu")),
    "before 1970": datetime(1969, 12, 31, tzinfo=ZoneInfo("UTC")),
}


@pytest.mark.parametrize("name", EDGES)
@pytest.mark.parametrize("dt_s", [60.0, 900.0])
def test_every_device_lives_through_the_day(name: str, dt_s: float) -> None:
    begin = EDGES[name]
    sites = Sites(1, 0.1, latitude=52.5, timezone=str(begin.tzinfo))
    for device_type, profile in VARIANTS:
        under_test = device(device_type, profile, sites=sites)
        powers = list(run(under_test, begin.timestamp(), 36 * HOUR_S, dt_s))
        least = -under_test.peak_kw if under_test.profile.feeds else 0.0
        assert all(least <= power <= under_test.peak_kw for power in powers)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York"])
@pytest.mark.parametrize(("month", "day"), [(3, 10), (4, 1), (10, 27), (11, 4)])
def test_the_shift_begins_at_six_by_the_clock_on_the_wall(zone: str, month: int, day: int) -> None:
    six = datetime(2025, month, day, 6, tzinfo=ZoneInfo(zone))
    while six.weekday() >= 5:
        six = six.replace(day=six.day + 1)
    line = device("industrial", sites=Sites(1, 0.0, timezone=zone))
    powers = list(run(line, six.timestamp() - HOUR_S, 2 * HOUR_S, 60.0))
    assert max(powers[:24]) < 0.08 * 120.0
    assert max(powers[:59]) < 0.2 * 120.0
    assert min(powers[66:]) > 0.2 * 120.0
    assert max(powers) > 0.6 * 120.0


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York"])
def test_the_hour_that_is_skipped_or_comes_twice_is_so_on_site(zone: str) -> None:
    for month, hours in ((3, 23), (10, 25), (11, 25)):
        for day in range(1, 32 if month != 11 else 31):
            midnight = datetime(2025, month, day, tzinfo=ZoneInfo(zone))
            following = datetime.fromtimestamp(midnight.timestamp() + 86_400, ZoneInfo(zone))
            if following.hour == (1 if hours == 23 else 23):
                site = Sites(1, 0.1, timezone=zone).at("x")
                conditions = site.at(midnight.timestamp() + 12 * HOUR_S)
                assert conditions.hour == (13.0 if hours == 23 else 11.0)
                assert conditions.weekday == 6


@pytest.mark.parametrize(("device_type", "profile"), VARIANTS)
@pytest.mark.parametrize("base_power", [0.001, 10_000.0])
def test_the_smallest_and_the_largest_device_draw_something(
    device_type: str, profile: str, base_power: float
) -> None:
    under_test = device(device_type, profile, base_power=base_power)
    if under_test.profile.sums:  # of which it draws a hundredth
        under_test.change(base_power=max(0.1, base_power))
    begin = EDGES["leap day"].timestamp() + 9 * HOUR_S
    assert len(set(run(under_test, begin, 24 * HOUR_S, 60.0))) > 1
    assert under_test.meter.energy_kwh > 0.0


def test_latitude_and_climate_matter() -> None:
    noon = datetime(2025, 1, 15, 12, tzinfo=ZoneInfo("UTC")).timestamp()
    cold = Sites(1, 0.1, latitude=65.0, climate="cold").at("x").at(noon)
    hot = Sites(1, 0.1, latitude=-20.0, climate="hot").at("x").at(noon)
    assert hot.outdoor_c > cold.outdoor_c + 15.0
    assert hot.daylight > cold.daylight
