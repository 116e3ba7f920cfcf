"""What devices at one location share."""

import pytest

from iotmock.model.families.industrial import StartLine
from iotmock.model.operations.command import handle
from iotmock.model.site.climate import UnknownClimateError
from iotmock.model.site.sites import Sites
from tests.model.fleet import HOUR_S, MONDAY, device, run

NIGHT = MONDAY + 2 * HOUR_S


def test_devices_at_one_location_share_weather_and_people() -> None:
    sites = Sites(1, 0.1)
    one, other = device("hvac", sites=sites), device("lighting", sites=sites, device_id="other")
    assert one.site is other.site
    assert sites.at("elsewhere").at(MONDAY).outdoor_c != sites.at("").at(MONDAY).outdoor_c


def test_a_neighbours_load_pulls_the_voltage_down() -> None:
    def voltage_beside(*, running: bool) -> float:
        sites = Sites(1, 0.0)
        lamp = device("lighting", sites=sites)
        line = device("industrial", sites=sites, device_id="line", base_power=100.0)
        if running:
            handle(line, StartLine(), 0.0)
        for _ in zip(run(lamp, NIGHT, HOUR_S, 5.0), run(line, NIGHT, HOUR_S, 5.0), strict=True):
            pass
        return lamp.meter.voltage_v

    assert 1.0 < voltage_beside(running=False) - voltage_beside(running=True) < 4.0


def test_a_device_that_is_gone_loads_its_feeder_no_more() -> None:
    sites = Sites(1, 0.0)
    lamp = device("lighting", sites=sites)
    line = device("industrial", sites=sites, device_id="line", base_power=100.0)
    handle(line, StartLine(), 0.0)
    for _ in zip(run(lamp, NIGHT, HOUR_S, 5.0), run(line, NIGHT, HOUR_S, 5.0), strict=True):
        pass
    loaded = sites.at("").feeder.sag
    for _ in run(lamp, NIGHT + HOUR_S, HOUR_S, 5.0):
        pass
    assert loaded > 0.005
    assert sites.at("").feeder.sag < 0.001


def test_the_weather_does_not_depend_on_when_one_begins_to_look() -> None:
    late, early = Sites(1, 0.1).at("x"), Sites(1, 0.1).at("x")
    for hour in range(30 * 24):
        early.at(MONDAY + hour * HOUR_S)
    moment = MONDAY + 30 * 24 * HOUR_S
    assert late.at(moment).outdoor_c == pytest.approx(early.at(moment).outdoor_c, abs=0.3)
    assert late.at(moment).daylight == pytest.approx(early.at(moment).daylight, abs=0.02)


def test_an_unknown_climate_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(UnknownClimateError, match="known are temperate, cold, hot"):
        Sites(1, 0.1, climate="tropical")
