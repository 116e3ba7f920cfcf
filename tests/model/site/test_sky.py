"""The sun, beside an almanac: astral's, which is Meeus's as NOAA's calculator has it."""

from datetime import UTC, datetime, timedelta
from math import asin, degrees
from zoneinfo import ZoneInfo

import pytest
from astral import Observer, sun

from iotmock.model.site.sites import Sites
from iotmock.model.site.sky import Sky, meridian
from tests.model.fleet import device

PLACES = {
    "Berlin": (52.52, 13.405),
    "Quito": (-0.18, -78.47),
    "Sydney": (-33.87, 151.21),
    "Tromso": (69.65, 18.96),
}


def elevation(sky: Sky, moment: datetime) -> float:
    return degrees(asin(sky.sun_sine(moment.timestamp())))


@pytest.mark.parametrize("place", PLACES)
def test_the_sun_stands_where_the_almanac_has_it(place: str) -> None:
    sky, observer = Sky.over(*PLACES[place]), Observer(*PLACES[place])
    for number in range(2_000):
        moment = datetime(2026, 1, 1, tzinfo=UTC) + number * timedelta(hours=4, minutes=23)
        wanted = sun.elevation(observer, moment, with_refraction=False)
        assert elevation(sky, moment) == pytest.approx(wanted, abs=0.25)


def test_a_direction_has_length_one_and_the_height_that_the_sine_says() -> None:
    sky = Sky.over(52.5, 13.4)
    for hour in range(24):
        moment = datetime(2026, 5, 3, hour, tzinfo=UTC).timestamp()
        east, north, up = sky.direction(moment)
        assert east**2 + north**2 + up**2 == pytest.approx(1.0)
        assert up == pytest.approx(sky.sun_sine(moment))
    morning, evening = (datetime(2026, 5, 3, hour, tzinfo=UTC).timestamp() for hour in (6, 17))
    assert sky.direction(morning)[0] > 0.5
    assert sky.direction(evening)[0] < -0.5


@pytest.mark.parametrize(
    ("zone", "degrees_east"),
    [
        ("UTC", 0.0),
        ("Europe/Berlin", 15.0),
        ("Europe/Dublin", 0.0),
        ("America/New_York", -75.0),
        ("Australia/Sydney", 150.0),
        ("Asia/Kathmandu", 86.25),
    ],
)
def test_without_a_longitude_a_site_lies_where_its_clocks_are_right(
    zone: str, degrees_east: float
) -> None:
    assert meridian(ZoneInfo(zone)) == degrees_east


def test_street_lights_follow_the_longitude() -> None:
    def lit_from(longitude: float) -> float:
        lights = device(
            "lighting",
            "street",
            sites=Sites(1, 0.0, timezone="Europe/Berlin", longitude=longitude),
        )
        noon = datetime(2026, 11, 3, 12, tzinfo=ZoneInfo("Europe/Berlin")).timestamp()
        for minute in range(1, 12 * 60):
            lights.tick(noon + minute * 60.0, 60.0)
            if lights.meter.power_kw > 0.5 * lights.spec.base_power:
                return minute / 60.0
        return 24.0

    assert lit_from(-1.5) - lit_from(13.5) == pytest.approx(1.0, abs=0.04)
