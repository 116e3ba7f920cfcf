"""What is asked of a platform's alarms, and when it is not kept."""

from typing import Any

import pytest

from iotmock.soak.report.compare import Comparison
from iotmock.soak.report.measures import AlarmCheck, RunResult
from iotmock.soak.report.report import report_on
from iotmock.soak.report.verdict import Status, judge
from tests.soak.runs import alarm_check, result, scenario

GAP = {"kind": "fault", "at": 60, "fault": "gap", "duration": 60}
ALARMS = {"alarms": {"topics": ["alarms/#"]}}
CRIED = "gap of soak-hvac-000001 at 16:30:30, alarm of soak-hvac-000002 at 16:32:00"


def run(check: AlarmCheck | None, **limits: Any) -> RunResult:
    return result(
        scenario=scenario(phase=[GAP], verify=ALARMS, thresholds=limits), alarm_check=check
    )


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (
            {},
            "faults not found: 25 % (1 of 4: gap of soak-hvac-000007 at 16:31:00), at most 0 %",
        ),
        ({"alarm_delay_p95": 19}, "alarm after a fault's begin, p95: 20 s, at most 19 s"),
        (
            {"false_alarms": 1},
            f"false alarms: 2 ({CRIED}), at most 1",
        ),
        ({"false_alarms_per_device_day": 3}, "false alarms a device and day: 4, at most 3"),
        ({"fault": [{"fault": "gap", "missed": 0.2}]}, "gap: not found: 25 %, at most 20 %"),
        (
            {"fault": [{"fault": "gap", "delay_p95": 19}]},
            "gap: alarm after its begin, p95: 20 s, at most 19 s",
        ),
        ({"fault": [{"fault": "gap", "false_alarms": 0}]}, "gap: false alarms: 1, at most 0"),
    ],
)
def test_what_is_not_good_enough_fails_the_run(limits: dict[str, Any], reason: str) -> None:
    lenient = {"faults_missed": 1} if limits else {}
    verdict = judge(run(alarm_check(), **lenient, **limits))
    assert verdict.status is Status.FAILED
    assert verdict.reasons == [f"{reason} is allowed"]


def test_what_is_good_enough_passes() -> None:
    limits = {"faults_missed": "25%", "alarm_delay_p95": 20, "false_alarms": 2}
    of_gap = {"fault": "gap", "missed": 0.25, "delay_p95": 20, "false_alarms": 1}
    assert judge(run(alarm_check(), **limits, fault=[of_gap])).status is Status.PASSED


def test_faults_that_were_planned_and_touched_nothing_are_not_measured() -> None:
    assert judge(run(AlarmCheck())).reasons == ["faults not found: not measured"]
    unplanned = result(scenario=scenario(verify=ALARMS), alarm_check=AlarmCheck())
    assert judge(unplanned).status is Status.PASSED


def test_alarms_that_can_not_be_judged_prove_nothing() -> None:
    verdict = judge(run(AlarmCheck(error="worker 1 died")))
    assert verdict.status is Status.INVALID
    assert verdict.defects == ["the alarms can not be judged: worker 1 died"]


def test_a_comparison_tells_what_a_platform_finds_no_longer() -> None:
    kind = alarm_check().kinds[0]
    better = alarm_check(found=4, false_alarms=0, missed=[], cried=[])
    comparison = Comparison(report_on(run(better)), report_on(run(alarm_check())))
    *lines, _ = comparison.lines(0.1)
    worse = [line.split("  ")[0] for line in lines if " worse" in line]
    assert worse == ["verdict", "faults not found", "false alarms", "false alarms a device and day"]
    assert any(line.startswith(f"{kind.fault}: not found") for line in lines)
