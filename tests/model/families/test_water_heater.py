"""Water heaters: the tank's heat, the people who draw it, and the weekly scrub."""

import pytest

from iotmock.model.commands import Applied, Rejected
from iotmock.model.device import Device
from iotmock.model.families.water_heater import (
    SetWaterTemperature,
    StartHeating,
    WaterHeater,
)
from iotmock.model.operations.command import handle
from iotmock.model.parts.flows.tank import HOUSEHOLD, cold_c
from tests.model.fleet import DAY_S, HOUR_S, MONDAY, SEASONS, WEEK_S, device, energy, run


def heater(under_test: Device) -> WaterHeater:
    assert isinstance(under_test.family, WaterHeater)
    return under_test.family


def temperatures(under_test: Device, begin: float, length_s: float) -> list[float]:
    return [heater(under_test).water_c for _ in run(under_test, begin, length_s, 60.0)]


def test_the_water_stays_between_cold_and_what_is_set() -> None:
    under_test = device("water_heater")
    found = temperatures(under_test, MONDAY, WEEK_S)
    assert max(found) < 70.0
    assert min(found) > 15.0
    assert sum(found) / len(found) > heater(under_test).setpoint_c - 12.0


def test_a_home_takes_what_a_home_takes() -> None:
    days = [
        energy(device("water_heater", seed=seed), MONDAY, WEEK_S, 300.0) / 7 for seed in range(8)
    ]
    assert 3.0 < sum(days) / 8 < 8.0
    assert max(days) > 1.3 * min(days)


def test_a_heat_pump_takes_a_third_of_it() -> None:
    rod = energy(device("water_heater", variation=0.0), MONDAY, WEEK_S, 300.0)
    pump = energy(device("water_heater", "heat_pump", variation=0.0), MONDAY, WEEK_S, 300.0)
    assert 0.2 < pump / rod < 0.5


def test_winter_takes_more() -> None:
    summer = energy(device("water_heater"), MONDAY, 4 * WEEK_S, 300.0)
    winter = energy(device("water_heater"), SEASONS["january"], 4 * WEEK_S, 300.0)
    assert winter > 1.05 * summer
    assert cold_c(45) < cold_c(228) - 5.0


def test_once_a_week_all_of_it_is_hot() -> None:
    under_test = device("water_heater", "heat_pump")
    found = temperatures(under_test, MONDAY, 2 * WEEK_S)
    hot = [number for number, water in enumerate(found) if water >= 64.9]
    days = {number // 1_440 for number in hot}
    assert len({day % 7 for day in days if day % 7 == heater(under_test).scrubs_on}) == 1
    assert 2 <= len(days) <= 4


def test_unused_it_loses_what_the_label_says() -> None:
    under_test = device("water_heater", variation=0.0)
    family = heater(under_test)
    family.taps.due = [1e18 for _ in HOUSEHOLD]
    family.scrubbed = 10**9
    list(run(under_test, MONDAY + DAY_S, DAY_S, 60.0))
    lost = energy(under_test, MONDAY + 2 * DAY_S, 4 * DAY_S, 60.0) / 4
    assert 0.8 < lost < 1.9


def test_a_temperature_is_set_and_outlives_the_process() -> None:
    under_test = device("water_heater")
    assert handle(under_test, SetWaterTemperature(45.0), 0.0) == Applied()
    again = device("water_heater", state=under_test.state(None))
    saved = again.family.settings()
    assert saved["water_temperature"] == 45.0


def test_it_heats_at_once_when_it_is_told_to() -> None:
    under_test = device("water_heater", variation=0.0)
    family = heater(under_test)
    list(run(under_test, MONDAY + 10 * HOUR_S, HOUR_S, 60.0))
    family.thermostat.running, family.thermostat.excess_k = False, 3.0
    assert handle(under_test, StartHeating(), 0.0) == Applied()
    assert next(run(under_test, MONDAY + 11 * HOUR_S, 60.0, 60.0)) > 1.5
    assert isinstance(handle(under_test, StartHeating(), 0.0), Rejected)


@pytest.mark.parametrize("profile", ["home", "heat_pump", "shop", "farm"])
def test_a_month_is_the_same_at_any_tick(profile: str) -> None:
    taken = [
        energy(device("water_heater", profile), MONDAY, 4 * WEEK_S, dt_s) for dt_s in (30.0, 900.0)
    ]
    assert taken[0] == pytest.approx(taken[1], rel=0.02)


def test_the_water_is_as_warm_after_a_restart_as_before() -> None:
    under_test = device("water_heater")
    for _ in run(under_test, MONDAY, 30 * HOUR_S, 60.0):
        pass
    again = device("water_heater", seed=2)
    again.family.restore(under_test.family.settings())
    assert heater(again).water_c == pytest.approx(heater(under_test).water_c, abs=0.01)
    assert under_test.profile.drifts


def test_a_state_file_of_before_knows_no_warmth() -> None:
    under_test, fresh = device("water_heater"), device("water_heater")
    under_test.family.restore({"water_temperature": heater(fresh).setpoint_c})
    assert heater(under_test).water_c == heater(fresh).water_c
