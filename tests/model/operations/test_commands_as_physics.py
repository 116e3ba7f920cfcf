"""Commands act as physics: with lag where there is mass, at once where there is none."""

import re
from itertools import pairwise

import pytest

from iotmock.model.commands import Applied, Command, Rejected, SetEnabled, SetPower
from iotmock.model.device import Device
from iotmock.model.families.hvac import Hvac
from iotmock.model.families.industrial import StartLine, StopLine
from iotmock.model.families.lighting import STANDBY, SetBrightness
from iotmock.model.families.server import SetLoad
from iotmock.model.operations.command import handle
from iotmock.model.parts.appliances.cycles import StartCycle
from iotmock.model.parts.climate.setpoint import SetSetpoint
from tests.model.fleet import DAY_S, HOUR_S, MONDAY, device, run

TEN = MONDAY + DAY_S + 10 * HOUR_S


def at_ten(device_type: str, profile: str | None = None, variation: float = 0.0) -> Device:
    """Return a device on Tuesday at 10:00, after it lived through the hours before."""
    under_test = device(device_type, profile, variation=variation)
    for _ in run(under_test, TEN - 26 * HOUR_S, 26 * HOUR_S, 5.0):
        pass
    return under_test


def told(under_test: Device, command: Command) -> Device:
    assert handle(under_test, command, 0.0) == Applied()
    return under_test


def room_c(under_test: Device) -> float:
    assert isinstance(under_test.family, Hvac)
    return under_test.family.room_c


def test_a_setpoint_moves_the_room_with_lag() -> None:
    under_test = at_ten("hvac")
    before = room_c(under_test)
    told(under_test, SetSetpoint(temperature=before - 3.0))
    rooms = [room_c(under_test) for _ in run(under_test, TEN, HOUR_S, 5.0)]
    assert abs(rooms[0] - before) < 0.1
    assert 0.3 < before - rooms[10 * 12] < 3.0
    assert before - min(rooms) == pytest.approx(3.6, abs=0.2)
    steps = [abs(later - sooner) for sooner, later in pairwise(rooms)]
    assert max(steps) < 0.05


def test_a_lower_setpoint_costs_energy_in_summer() -> None:
    warm, cold = at_ten("hvac"), told(at_ten("hvac"), SetSetpoint(temperature=19.0))
    assert sum(run(cold, TEN, 6 * HOUR_S, 5.0)) > 1.2 * sum(run(warm, TEN, 6 * HOUR_S, 5.0))


def test_brightness_acts_at_once() -> None:
    full, half = at_ten("lighting"), told(at_ten("lighting"), SetBrightness(percent=50.0))
    (full_kw,), (half_kw,) = run(full, TEN, 5.0, 5.0), run(half, TEN, 5.0, 5.0)
    standby = STANDBY * full.spec.base_power
    assert half_kw - standby == pytest.approx(0.5 * (full_kw - standby), rel=0.01)


def test_load_goes_through_the_curve() -> None:
    powers = {}
    for percent in (0.0, 50.0, 100.0):
        (powers[percent],) = run(told(at_ten("server"), SetLoad(percent=percent)), TEN, 5.0, 5.0)
    assert powers[100.0] == pytest.approx(45.0)
    assert 0.35 < powers[0.0] / powers[100.0] < 0.5
    linear = (powers[0.0] + powers[100.0]) / 2.0
    assert powers[50.0] != pytest.approx(linear, rel=0.01)


@pytest.mark.parametrize("device_type", ["hvac", "lighting", "server", "industrial", "appliance"])
def test_power_scales_the_curve_and_not_the_calendar(device_type: str) -> None:
    one = list(run(device(device_type, base_power=10.0), MONDAY, DAY_S, 60.0))
    two = device(device_type, base_power=10.0)
    told(two, SetPower(power=20.0))
    # A larger device sags its feeder more, and power follows voltage.
    curve = list(run(two, MONDAY, DAY_S, 60.0))
    assert curve == pytest.approx([2.0 * kw for kw in one], rel=0.005)


def test_a_stopped_line_is_at_standby_within_the_ramp() -> None:
    under_test = told(at_ten("industrial"), StopLine())
    powers = list(run(under_test, TEN, 180.0, 5.0))
    assert powers[0] > 40.0
    assert max(powers[90 // 5 + 1 :]) < 0.06 * 120.0
    assert min(powers) > 0.03 * 120.0


def test_a_started_line_ramps_up_on_a_sunday() -> None:
    sunday = MONDAY - 12 * HOUR_S
    under_test = device("industrial", variation=0.0)
    told(under_test, StartLine())
    powers = list(run(under_test, sunday, HOUR_S, 5.0))
    assert powers[1] < sum(powers[2:60]) / 58 < 0.6 * sum(powers[-60:]) / 60
    assert sum(powers[-60:]) / 60 == pytest.approx(0.69 * 120.0, rel=0.1)


def test_a_cycle_draws_its_power_and_ends() -> None:
    under_test = device("appliance", "dishwasher", variation=0.0)
    night = MONDAY + 2 * HOUR_S
    idle, *_ = run(under_test, night, 60.0, 60.0)
    told(under_test, StartCycle(program="dishwasher"))
    powers = list(run(under_test, night + 60.0, 2 * HOUR_S, 60.0))
    assert 27 <= sum(power > 1.9 for power in powers) <= 30
    assert powers[-1] == pytest.approx(idle, rel=0.02)  # with the voltage


def test_a_cycle_that_the_place_lacks_or_that_runs_is_refused_with_the_reason() -> None:
    outcome = handle(device("appliance", "fridge"), StartCycle(program="oven"), 0.0)
    assert isinstance(outcome, Rejected)
    assert "none" in outcome.reason
    kitchen = told(device("appliance"), StartCycle(program="oven"))
    assert handle(kitchen, StartCycle(program="oven"), 0.0) == Rejected("oven runs already")


@pytest.mark.parametrize("device_type", ["hvac", "lighting", "server", "industrial", "appliance"])
def test_a_disabled_device_draws_nothing_and_keeps_its_energy(device_type: str) -> None:
    under_test = at_ten(device_type)
    energy_kwh = under_test.meter.energy_kwh
    told(under_test, SetEnabled(enabled=False))
    assert set(run(under_test, TEN, HOUR_S, 60.0)) == {0.0}
    reading = under_test.reading(TEN + HOUR_S)
    assert (reading.power, reading.current) == (0.0, 0.0)
    assert under_test.meter.energy_kwh == energy_kwh
    told(under_test, SetEnabled(enabled=True))
    assert max(run(under_test, TEN + HOUR_S, HOUR_S, 60.0)) > 0.0


def run_of(command: StartCycle, profile: str) -> list[float]:
    """Return the power of what a command starts, kW by minute, for three hours."""
    under_test = device("appliance", profile, variation=0.0)
    for _ in run(under_test, MONDAY + HOUR_S, 60.0, 60.0):
        pass
    told(under_test, command)
    return list(run(under_test, MONDAY + HOUR_S + 60.0, 3 * HOUR_S, 60.0))


def energies(profile: str, *commands: StartCycle) -> list[float]:
    return [sum(run_of(command, profile)) / 60.0 for command in commands]


def test_a_wash_follows_the_course_that_is_asked_for_to_its_end() -> None:
    thirty, forty, sixty, ninety = energies(
        "laundry", *(StartCycle("washer", temperature=hot) for hot in (30.0, 40.0, 60.0, 90.0))
    )
    assert thirty < forty < sixty < ninety
    kw = run_of(StartCycle("washer", course="cotton"), "laundry")
    ends = next(minute for minute, power in enumerate(kw) if power < 0.01)
    heats = [minute for minute, power in enumerate(kw[:ends]) if power > 1.5]
    assert len(heats) == pytest.approx(19, abs=2)
    assert heats[0] == pytest.approx(6, abs=1)
    assert ends == pytest.approx(6 + 19 + 55 + 8, abs=4)
    assert max(kw[heats[-1] + 2 : ends - 10]) < 0.2
    assert max(kw[ends - 8 : ends]) == pytest.approx(0.45, abs=0.02)


def test_a_dishwasher_has_courses_and_without_one_its_usual() -> None:
    eco, intensive, usual, normal = energies(
        "dishwasher",
        StartCycle("dishwasher", course="eco"),
        StartCycle("dishwasher", temperature=70.0),
        StartCycle("dishwasher"),
        StartCycle("dishwasher", course="normal", temperature=60.0),
    )
    assert eco < usual == normal < intensive


@pytest.mark.parametrize(
    ("profile", "command", "reason"),
    [
        ("laundry", StartCycle("washer", temperature=55.0), r"courses are: easy_care \(40 °C\),"),
        ("laundry", StartCycle("washer", course="eco"), "no such course"),
        ("laundry", StartCycle("washer", course="boil", temperature=40.0), "no such course"),
        ("laundry", StartCycle("dryer", temperature=40.0), "its courses are: none"),
        ("fridge", StartCycle("washer"), "programmes are: none"),
    ],
)
def test_a_course_that_there_is_not_is_refused_with_those_that_there_are(
    profile: str, command: StartCycle, reason: str
) -> None:
    outcome = handle(device("appliance", profile), command, 0.0)
    assert isinstance(outcome, Rejected)
    assert re.search(reason, outcome.reason)
