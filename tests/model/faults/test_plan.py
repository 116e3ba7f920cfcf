"""Faults that happen by themselves: the same for the same seed, at the rates of the table."""

from collections import Counter

import pytest

from iotmock.model.faults.active import Faults
from iotmock.model.faults.fault import Injection
from iotmock.model.faults.notes import Opened
from iotmock.model.faults.plan import FaultProfile, Plan
from iotmock.model.faults.schedule import Schedule
from iotmock.model.faults.types import FAULT_TYPES
from iotmock.model.spec import DeviceSpec
from tests.model.fleet import DAY_S, MONDAY, device

pytestmark = pytest.mark.long(7)


def spec(number: int = 1, location: str = "", device_type: str = "hvac") -> DeviceSpec:
    return DeviceSpec(f"d-{number}", device_type, "D", 10.0, 240.0, location)


def drawn(plan: Plan, days: float) -> list[Injection]:
    found: list[Injection] = []
    moment = MONDAY
    while moment < MONDAY + days * DAY_S:
        coming, moment = plan.after(moment)
        found += coming
    return found


def test_the_same_seed_has_the_same_faults() -> None:
    plan = Plan(7, FaultProfile.REALISTIC, spec())
    assert drawn(plan, 30) == drawn(Plan(7, FaultProfile.REALISTIC, spec()), 30)
    assert drawn(plan, 30) != drawn(Plan(8, FaultProfile.REALISTIC, spec()), 30)
    assert drawn(plan, 30) != drawn(Plan(7, FaultProfile.REALISTIC, spec(2)), 30)


@pytest.mark.parametrize("profile", [FaultProfile.REALISTIC, FaultProfile.HARSH])
def test_rates_are_those_of_the_types(profile: FaultProfile) -> None:
    days, devices = 3_000.0 / profile.value, 10
    counts = Counter(
        injection.fault.name
        for number in range(devices)
        for injection in drawn(Plan(7, profile, spec(number)), days)
    )
    for name, kind in FAULT_TYPES.items():
        able = kind.device_type in {None, "hvac"} and not kind.of_location
        wanted = kind.occurs.per_day * profile.value * days * devices if able else 0.0
        assert counts[name] == pytest.approx(wanted, abs=5.0 * wanted**0.5 + 1.0)


def test_gaps_last_as_long_as_measured_ones() -> None:
    lasts = sorted(
        injection.end - injection.begin
        for injection in drawn(Plan(7, FaultProfile.REALISTIC, spec()), 500)
        if injection.fault.name == "gap" and injection.end is not None
    )
    assert lasts[len(lasts) // 2] == pytest.approx(21.0, rel=0.1)
    assert lasts[int(0.99 * len(lasts))] == pytest.approx(272.0, rel=0.25)


def test_a_gateway_takes_all_devices_of_its_location_and_no_others() -> None:
    def outages(number: int, location: str) -> list[tuple[float, float | None]]:
        plan = Plan(7, FaultProfile.HARSH, spec(number, location))
        every = drawn(plan, 2)
        return [(one.begin, one.end) for one in every if one.fault.name == "gateway_outage"]

    assert outages(1, "hall") == outages(2, "hall") != []
    assert outages(1, "hall") != outages(1, "yard")
    assert outages(1, "") == []


@pytest.mark.parametrize("steps", [[60.0] * 1440, [900.0] * 96, [7.0, 53.0] * 1440])
def test_a_device_has_the_planned_faults_whatever_the_ticks(steps: list[float]) -> None:
    under_test = device("hvac")
    plan = Plan(7, FaultProfile.HARSH, under_test.spec)
    under_test.faults = Faults(Schedule(plan))
    now, begun = MONDAY, set[str]()
    for step in steps:
        now += step
        under_test.tick(now, step)
        notes = under_test.faults.drain()
        begun |= {one.injection.fault_id for one in notes if isinstance(one, Opened)}
    first, last = MONDAY + steps[0], MONDAY + sum(steps)
    longest = max(steps)
    seen = [one for one in drawn(plan, 1) if first < one.begin and (one.end or last) < last]
    missed = {one.fault_id for one in seen} - begun
    assert len(seen) > 500
    assert all(one.end - one.begin < longest for one in seen if one.fault_id in missed and one.end)
