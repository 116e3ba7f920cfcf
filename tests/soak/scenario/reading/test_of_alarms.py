"""What of `[verify.alarms]` and its thresholds can not be: each is said with what is allowed."""

from typing import Any

import pytest

from iotmock.soak.scenario.caveats import Caveats
from iotmock.soak.scenario.scenario import ScenarioError
from tests.soak.runs import SMALL, scenario

TOPICS = {"topics": ["alarms/#"]}
GAP = {"kind": "fault", "at": 60, "fault": "gap", "duration": 60}


@pytest.mark.parametrize(
    ("sections", "fault"),
    [
        ({"verify": {"alarms": {}}}, "verify.alarms.topics: is missing; say where alarms come"),
        (
            {"verify": {"alarms": {"topics": ["a/#/b"]}}},
            "verify.alarms.topics[0]: must be an MQTT topic filter such as alarms/# or",
        ),
        (
            {"verify": {"alarms": {"http_port": 0}}},
            "verify.alarms.http_port: must be a whole number from 1 to 65,535, not 0",
        ),
        (
            {"verify": {"alarms": TOPICS | {"tolerance": "soon"}}},
            "verify.alarms.tolerance: must be a number from 0 to 31,622,400 s, or a text such as",
        ),
        (
            {"verify": {"alarms": TOPICS | {"topic": "a"}}},
            "verify.alarms.topic: unknown key; did you mean topics?",
        ),
        (
            {"verify": {"alarms": TOPICS | {"faults": ["gapp"]}}},
            "verify.alarms.faults[0]: must be stuck, ",
        ),
        (
            {"verify": {"alarms": TOPICS | {"faults": ["stuck"]}}, "phase": [GAP]},
            "verify.alarms.faults[0]: no [[phase]] injects stuck, only gap: nobody could find it",
        ),
        (
            {"thresholds": {"false_alarms": 0}},
            "thresholds.false_alarms: needs [verify.alarms], which says where alarms come from",
        ),
        (
            {"thresholds": {"fault": [{"fault": "gap", "missed": 0}]}, "phase": [GAP]},
            "thresholds.fault[0]: needs [verify.alarms], which says where alarms come from",
        ),
        (
            {
                "verify": {"alarms": TOPICS},
                "thresholds": {"fault": [{"fault": "stuck", "missed": 0}]},
            },
            "thresholds.fault[0].fault: no [[phase]] injects stuck: nobody could find it",
        ),
        (
            {"verify": {"alarms": TOPICS}, "thresholds": {"fault": [{"fault": "gap"}]}},
            "thresholds.fault[0].fault: is given and nothing asked of it: missed, delay_p95 or",
        ),
        (
            {
                "verify": {"alarms": TOPICS},
                "phase": [GAP],
                "thresholds": {"fault": [{"fault": "gap", "missed": 0}] * 2},
            },
            "thresholds.fault[1].fault: gap has its thresholds already; put them together",
        ),
        (
            {
                "verify": {"alarms": TOPICS | {"time_field": ""}},
                "load": {"duration": 300, "speed": "step"},
            },
            "verify.alarms.time_field: must be the field with the time of the messages",
        ),
    ],
)
def test_a_refusal_names_the_key_and_what_is_allowed(sections: dict[str, Any], fault: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        scenario(**sections)
    assert any(str(one).startswith(fault) for one in caught.value.faults), str(caught.value)


def test_a_blackout_is_an_outage_and_by_themselves_devices_have_any_fault() -> None:
    limits = {"fault": [{"fault": "outage", "missed": 0}]}
    blackout = {"kind": "blackout", "at": 60, "duration": 60, "location": "north"}
    scenario(verify={"alarms": TOPICS}, thresholds=limits, phase=[blackout])
    scenario(
        verify={"alarms": TOPICS}, thresholds=limits, fleet=SMALL["fleet"] | {"faults": "harsh"}
    )


def test_a_run_without_faults_or_platform_is_warned_of() -> None:
    some = scenario(verify={"alarms": TOPICS})
    warnings = [str(one) for one in Caveats(some).found()]
    assert (
        "verify.alarms: no [[phase]] injects a fault and fleet.faults is off: only" in warnings[1]
    )
    assert warnings[2].startswith("verify.alarms.topics: are of the run's own broker, where no")
