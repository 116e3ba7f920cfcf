"""A heat pump does over outdoor temperature what Keymark's list says, as hplib fits it."""

import hplib.hplib as hpl
import numpy as np
import pytest

from iotmock.model.commands import Applied
from iotmock.model.device import Device
from iotmock.model.numbers.noise import Noise
from iotmock.model.operations.command import handle
from iotmock.model.parts.climate.frost import Frost, frosting
from iotmock.model.parts.climate.heat_pump import HeatPump, full_heat, full_input
from iotmock.model.parts.climate.setpoint import SetSetpoint
from tests.model.families.measures import Series
from tests.model.fleet import DAY_S, HOUR_S, MONDAY, SEASONS, device, run

JANUARY = SEASONS["january"]
OUTDOORS = (-7.0, 2.0, 12.0)


def listed(outdoor_c: float) -> tuple[float, float]:
    """Return heat and input of the usual on/off air/water pump (hplib's group 4), W."""
    parameters = hpl.get_parameters("Generic", group_id=4, t_in=-7, t_out=40, p_th=10_000)
    result = hpl.HeatPump(parameters).simulate(
        t_in_primary=outdoor_c, t_in_secondary=30.0, t_amb=outdoor_c, mode=1
    )
    return float(np.squeeze(result["P_th"])), float(np.squeeze(result["P_el"]))


@pytest.mark.parametrize("outdoor_c", OUTDOORS)
def test_heat_and_input_follow_the_listed_pumps(outdoor_c: float) -> None:
    (heat_7, input_7), (heat, power) = listed(7.0), listed(outdoor_c)
    assert full_heat(outdoor_c) == pytest.approx(heat / heat_7, rel=0.05)
    assert full_input(outdoor_c) == pytest.approx(power / input_7, rel=0.05)


def test_in_the_cold_heat_and_efficiency_fall_and_input_hardly_does() -> None:
    assert full_input(-7.0) == pytest.approx(0.96, abs=0.01)
    assert full_heat(-7.0) == pytest.approx(0.65, abs=0.01)
    assert full_heat(-7.0) / full_input(-7.0) == pytest.approx(0.69, abs=0.02)


def pump(variation: float = 0.0, begin: float = JANUARY) -> Device:
    """Return a heat pump that has lived through a day."""
    under_test = device("hvac", "heat_pump", variation=variation)
    for _ in run(under_test, begin - DAY_S, DAY_S, 60.0):
        pass
    return under_test


def house(under_test: Device) -> HeatPump:
    assert isinstance(under_test.family, HeatPump)
    return under_test.family


def test_in_winter_it_runs_on_at_many_speeds() -> None:
    powers: Series = np.array(list(run(pump(), JANUARY, DAY_S, 60.0)))
    running = powers[powers > 0.1 * powers.max()]
    assert running.size > 0.8 * powers.size
    assert np.ptp(np.percentile(running, [10, 90])) > 0.15 * running.mean()


def test_colder_days_need_more() -> None:
    under_test, days = pump(0.1), []
    for number in range(28):
        energy = sum(run(under_test, JANUARY + number * DAY_S, DAY_S, 300.0)) / 12.0
        days.append((under_test.site.conditions.season_c, energy))
    assert np.corrcoef(np.array(days).T)[0, 1] < -0.7


def test_hot_water_is_made_all_year() -> None:
    under_test, starts = pump(begin=MONDAY), 0
    for _ in run(under_test, MONDAY, 4 * DAY_S, 60.0):
        starts += house(under_test).water.tank.starts
    assert 4 <= starts <= 16


def test_the_coil_frosts_near_zero_and_not_when_it_is_warm() -> None:
    assert frosting(8.0) == 0.0
    assert frosting(1.0) == 1.0
    assert 0.0 < frosting(-10.0) < 0.6


@pytest.mark.parametrize("dt_s", [5.0, 60.0, 900.0, 36_000.0])
def test_melting_takes_the_same_share_at_any_step(dt_s: float) -> None:
    frost = Frost(Noise(1), 0.0, usual_s=3000.0, melting_s=300.0, stands_s=3000.0)
    melted = sum(frost.advance(dt_s, 1.0) for _ in range(round(360_000 / dt_s)))
    assert melted == pytest.approx(360_000 / 11, rel=0.02)


def test_a_higher_setpoint_takes_more_power_and_warms_the_house_slowly() -> None:
    left, told = pump(), pump()
    before = house(told).room_c
    assert handle(told, SetSetpoint(temperature=24.0), 0.0) == Applied()
    more, less = (sum(run(one, JANUARY, 6 * HOUR_S, 60.0)) for one in (told, left))
    assert more > 1.1 * less
    assert 0.2 < house(told).room_c - before < 3.5
