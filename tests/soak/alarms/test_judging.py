"""Which alarms are right, which are false, and which are about something else."""

from typing import Any

import pytest

from iotmock.ledger.score import Alarm, Truth
from iotmock.soak.alarms.judging import Judging
from iotmock.soak.alarms.span import Judged
from iotmock.soak.report.measures import AlarmCheck
from tests.soak.runs import scenario

BEGIN = 1_000_000.0
DEVICE = "soak-hvac-000001"
GAP = Truth(DEVICE, "gap", BEGIN + 60, BEGIN + 90)


def alarm(at: float, device: str = DEVICE, fault: str | None = None) -> Alarm:
    return Alarm(device, BEGIN + at, fault)


def checked(*alarms: Alarm, truths: tuple[Truth, ...] = (GAP,), **sections: Any) -> AlarmCheck:
    wanted = {"topics": ["alarms/#"], "tolerance": 10, **sections.pop("alarms", {})}
    some = scenario(verify={"alarms": wanted}, **sections)
    judged = Judged.of(some, BEGIN, 310.0)
    assert some.verify.alarms is not None
    return Judging(some.verify.alarms, truths, judged).check(alarms)


@pytest.mark.parametrize(
    ("one", "false", "uncounted"),
    [
        (alarm(99), 0, 0),  # in the tolerance
        (alarm(101), 1, 0),
        (alarm(70, fault="stuck"), 1, 0),  # the wrong kind
        (alarm(-1), 0, 1),  # of before the run
        (alarm(301), 0, 1),  # the fleet has gone
        (alarm(200, "other-hvac-000001"), 0, 1),  # of another fleet
        (alarm(200, "soak-hvac-000002"), 1, 0),
    ],
)
def test_an_alarm_without_a_fault_is_false_where_it_is_of_this_run(
    one: Alarm, false: int, uncounted: int
) -> None:
    check = checked(one)
    assert (check.false_alarms, check.uncounted) == (false, uncounted)
    assert check.found == (1 - false - uncounted)


@pytest.mark.parametrize(
    "phase",
    [
        {"kind": "connection_storm", "at": 200},
        {"kind": "pause", "at": 190, "duration": 15},
        {"kind": "broker_command", "at": 170, "command": "true", "timeout": 40},
        {"kind": "scale", "at": 190, "group": "hvac", "count": 50, "rate": 5},
    ],
)
def test_who_falls_silent_by_plan_is_not_cried_for_nothing(phase: dict[str, Any]) -> None:
    assert checked(alarm(201), phase=[phase]).uncounted == 1
    assert checked(alarm(225), phase=[phase]).false_alarms == 1
    assert checked(alarm(160), phase=[phase]).false_alarms == 1


def test_of_what_is_not_sought_nothing_is_missed_and_an_alarm_is_right() -> None:
    stuck = Truth(DEVICE, "stuck", BEGIN + 200, BEGIN + 220)
    gap = {"kind": "fault", "at": 60, "fault": "gap", "duration": 30}
    sought: dict[str, Any] = {"alarms": {"faults": ["gap"]}, "phase": [gap]}
    check = checked(alarm(70), alarm(210), truths=(GAP, stuck), **sought)
    assert (check.faults, check.found, check.false_alarms, check.missed) == (1, 1, 0, [])
    assert [(one.fault, one.sought) for one in check.kinds] == [("gap", True), ("stuck", False)]
    assert checked(truths=(GAP, stuck), **sought).missed == ["gap of soak-hvac-000001 at 13:47:40"]


def test_the_same_alarm_twice_is_right_twice() -> None:
    check = checked(alarm(70), alarm(70))
    assert (check.alarms, check.false_alarms, check.found) == (2, 0, 1)


def test_days_of_devices_are_those_that_they_live_through() -> None:
    whole = checked(load={"duration": 300, "interval": 10, "speed": 10})
    assert whole.device_days == pytest.approx(100 * 300 * 10 / 86_400)
    pause = {"kind": "pause", "at": 100, "duration": 150}
    paused = checked(load={"duration": 300, "interval": 10}, phase=[pause])
    assert paused.device_days == pytest.approx(100 * 150 / 86_400)
