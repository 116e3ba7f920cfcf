"""Charging points: cars by habit, currents by command, sessions that end full or early."""

from collections.abc import Sequence

import pytest

from iotmock.model.device import Device
from iotmock.model.families.ev_charger import EvCharger, SetCurrentLimit
from iotmock.model.operations.command import handle
from iotmock.model.parts.flows.visits import Habit, visits
from iotmock.model.site.day import Day, DayKind
from tests.model.fleet import DAY_S, HOUR_S, MONDAY, WEEK_S, device, run

HABIT = Habit(17.8, 1.5, 12.0, 2.0, 9.0, 0.6, (0.6, 0.5, 0.4))


def charger(under_test: Device) -> EvCharger:
    assert isinstance(under_test.family, EvCharger)
    return under_test.family


def day(number: int) -> Day:
    return Day(739_000 + number, number % 7, DayKind.WORKDAY, 0.0)


def busy_hours(profile: str, weeks: int = 3) -> list[int]:
    under_test = device("ev_charger", profile, seed=3)
    powers = list(run(under_test, MONDAY, weeks * WEEK_S, 300.0))
    return [number // 12 % 24 for number, power in enumerate(powers) if power > 1.0]


def share_within(hours: Sequence[int], begin: int, end: int) -> float:
    return sum(begin <= hour < end for hour in hours) / len(hours)


def test_cars_come_by_habit() -> None:
    assert share_within(busy_hours("workplace"), 6, 15) > 0.9
    assert share_within(busy_hours("shop"), 7, 22) > 0.95
    assert share_within(busy_hours("home"), 14, 24) > 0.7
    assert share_within(busy_hours("depot"), 14, 24) > 0.8


def test_at_weekends_offices_and_depots_are_nearly_empty() -> None:
    for profile in ("workplace", "depot"):
        under_test = device("ev_charger", profile, seed=3)
        powers = list(run(under_test, MONDAY, 4 * WEEK_S, 900.0))
        by_day = [sum(powers[at : at + 96]) for at in range(0, len(powers), 96)]
        sundays = sum(by_day[6::7])
        assert sundays < 0.1 * sum(by_day)


def test_there_are_days_without_a_car() -> None:
    none = [number for number in range(200) if not visits(HABIT, 5, day(number), 0.0, 1.0)]
    assert 50 < len(none) < 110


def test_a_days_cars_follow_from_seed_and_day_alone() -> None:
    assert visits(HABIT, 5, day(3), 0.0, 1.0) == visits(HABIT, 5, day(3), 0.0, 1.0)
    several = [visits(HABIT, 5, day(number), 0.0, 1.0) for number in range(60)]
    comes = {visit.comes_s for found in several for visit in found}
    assert len(comes) == sum(map(len, several))


def plugged_in(under_test: Device, begin: float = MONDAY) -> float:
    """Live until a car takes power; return when."""
    now = begin
    while under_test.meter.power_kw < 0.5:
        now += 60.0
        under_test.tick(now, 60.0)
        assert now < begin + WEEK_S
    return now


def test_a_limit_lowers_the_current_of_each_phase() -> None:
    under_test = device("ev_charger", variation=0.0)
    now = plugged_in(under_test) + 60.0
    under_test.tick(now, 60.0)
    free = under_test.meter.power_kw
    handle(under_test, SetCurrentLimit(8.0), 0.0)
    under_test.tick(now + 60.0, 60.0)
    assert under_test.meter.power_kw == pytest.approx(free / 2.0, rel=0.01)
    assert free == pytest.approx(11.0 * under_test.site.conditions.voltage_factor, rel=0.01)


def test_on_one_phase_a_car_takes_a_third() -> None:
    most = set()
    for seed in range(12):
        under_test = device("ev_charger", seed=seed)
        most.add(round(3.0 * max(run(under_test, MONDAY, WEEK_S, 300.0)) / 11.0))
    assert {1, 3} <= most


def test_current_begins_after_a_while_and_rises() -> None:
    under_test = device("ev_charger", variation=0.0)
    now = MONDAY + 17.5 * HOUR_S
    powers = [0.0] * 0
    for number in range(1, 3600):
        under_test.tick(now + number, 1.0)
        powers.append(under_test.meter.power_kw)
    plugged = next(number for number, power in enumerate(powers) if power > 0.008)
    flows = next(number for number, power in enumerate(powers) if power > 0.1)
    full = next(number for number, power in enumerate(powers) if power > 10.9)
    assert 8 <= flows - plugged <= 16
    assert 5 <= full - flows <= 14


def test_a_full_car_stays_plugged_and_waits() -> None:
    under_test = device("ev_charger", variation=0.0)
    now = plugged_in(under_test)
    powers = list(run(under_test, now, 6 * HOUR_S, 60.0))
    session = charger(under_test).socket.session
    assert session is not None
    assert session.cells.soc == 1.0
    assert 0.005 < powers[-1] < 0.02
    assert min(run(under_test, now + 6 * HOUR_S, 12 * HOUR_S, 60.0)) < powers[-1]
    assert charger(under_test).socket.session is None


def test_power_tapers_before_the_car_is_full() -> None:
    under_test = device("ev_charger", variation=0.0)
    powers = list(run(under_test, plugged_in(under_test), 3 * HOUR_S, 30.0))
    between = [power for power in powers if 1.5 < power < 10.0]
    assert len(between) > 8
    assert between == sorted(between, reverse=True)


@pytest.mark.parametrize("profile", ["home", "shop"])
def test_a_day_of_sessions_is_the_same_at_any_tick(profile: str) -> None:
    taken = []
    for dt_s in (5.0, 60.0, 900.0):
        under_test = device("ev_charger", profile, seed=2)
        list(run(under_test, MONDAY, 4 * DAY_S, dt_s))
        taken.append(under_test.meter.energy_kwh)
    assert taken == pytest.approx([taken[0]] * 3, rel=0.001)


def test_a_session_goes_on_after_a_restart() -> None:
    before = device("ev_charger", seed=2)
    now = plugged_in(before) + 600.0
    before.tick(now, 600.0)
    session = charger(before).socket.session
    assert session is not None
    after = device("ev_charger", seed=2, state=before.state(None))
    after.tick(now, 0.0)
    again = charger(after).socket.session
    assert again is not None
    assert again.visit == session.visit
    assert again.taken_h == session.taken_h
    assert again.cells.stored_h == session.cells.stored_h


def test_each_point_has_its_own_people() -> None:
    weeks = []
    for name in ("one", "other"):
        under_test = device("ev_charger", device_id=name)
        weeks.append(list(run(under_test, MONDAY, WEEK_S, 900.0)))
    assert weeks[0] != weeks[1]


def test_a_full_reading_has_the_session_and_its_state() -> None:
    under_test = device("ev_charger", variation=0.0)
    states, energies = [], []
    for number in range(1, 24 * 60):
        under_test.tick(MONDAY + 12 * HOUR_S + 60.0 * number, 60.0)
        extras = charger(under_test).extras()
        states.append(extras["state"])
        energies.append(float(extras["session_energy"]))
    assert list(dict.fromkeys(states)) == ["free", "charging", "full"]
    assert max(energies) == pytest.approx(10.0, rel=0.01)
    assert states[-1] == "free"
    assert energies[-1] == 0.0
