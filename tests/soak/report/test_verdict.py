"""Verdicts: when a run has passed, failed, or proved nothing."""

from typing import Any

import pytest

from iotmock.soak.report.alarm_criteria import ALARM_CRITERIA
from iotmock.soak.report.criteria import CRITERIA
from iotmock.soak.report.measures import Latencies, RunResult, StoreCheck, Worker
from iotmock.soak.report.verdict import Status, Verdict, in_unit, judge
from iotmock.soak.scenario.expectations import Thresholds
from tests.soak.runs import result, samples, scenario, times, totals


def judged(limits: dict[str, Any], **changes: Any) -> Verdict:
    return judge(result(scenario=scenario(thresholds=limits), **changes))


def test_every_threshold_is_measured() -> None:
    measured = [criterion.name for criterion in (*CRITERIA, *ALARM_CRITERIA)]
    assert [*measured, "kinds"] == list(Thresholds.__struct_fields__)


def test_a_run_without_defects_passes() -> None:
    verdict = judge(result())
    assert (verdict.status, verdict.exit_code, verdict.reasons) == (Status.PASSED, 0, [])


@pytest.mark.parametrize(
    ("limits", "changes", "reason"),
    [
        ({"loss": 0}, {"totals": totals(lost=29)}, "loss: 1 % (29), at most 0 % is allowed"),
        ({"duplicates": "1%"}, {"totals": totals(duplicated=30)}, "duplicates: 1.034 % (30), at"),
        ({"reordering": 0}, {"totals": totals(reordered=1)}, "reordering: 0.03448 % (1), at most"),
        ({"late": 0}, {"totals": totals(late=1)}, "late messages: 0.03448 % (1), at most 0 %"),
        ({"corrupted": 0}, {"totals": totals(corrupted=1)}, "corrupted messages: 0.03448 % (1)"),
        ({"latency_p50_ms": 4}, {}, "latency, p50: 5 ms, at most 4 ms is allowed"),
        ({"latency_p95_ms": 19}, {}, "latency, p95: 20 ms, at most 19 ms is allowed"),
        ({"latency_p99_ms": 39}, {}, "latency, p99: 40 ms, at most 39 ms is allowed"),
        ({"latency_max_ms": 100}, {}, "latency, maximum: 120 ms, at most 100 ms is allowed"),
        ({"puback_p99_ms": 29.5}, {}, "acknowledgement, p99: 30 ms, at most 29.5 ms is allowed"),
        ({"connect_failures": 2}, {"totals": totals(connect_failures=3)}, "failed connects: 3, at"),
        (
            {"memory_growth": "10%"},
            {"samples": samples(memory_mb=100.0, growth_mb=25.0)},
            "growth of memory: ",
        ),
        (
            {},
            {"store_checks": [StoreCheck(store="sql", expected=1_000, found=999, missing=1)]},
            "missing in the stores: 0.1 %, at most 0 % is allowed",
        ),
    ],
)
def test_a_threshold_that_is_not_kept_fails_the_run(
    limits: dict[str, Any], changes: dict[str, Any], reason: str
) -> None:
    verdict = judged(limits, **changes)
    assert (verdict.status, verdict.exit_code) == (Status.FAILED, 1)
    (only,) = verdict.reasons
    assert only.startswith(reason)


def test_commands_are_judged() -> None:
    commanded = scenario(
        campaign=[{"at": 1, "command": "reboot", "commands": 100, "rate": 10}],
        thresholds={"command_p99_ms": 10, "commands_unanswered": "1%"},
    )
    slow = Latencies(received=times(), lateness=times(), command=times(11.0))
    run = result(
        scenario=commanded,
        latencies=slow,
        totals=totals(commands_sent=100, commands_unanswered=2),
    )
    assert judge(run).reasons == [
        "command to result, p99: 11 ms, at most 10 ms is allowed",
        "commands unanswered: 2 % (2), at most 1 % is allowed",
    ]


def test_a_limit_itself_is_kept() -> None:
    limits = {"loss": "1%", "latency_p99_ms": 40}
    assert judged(limits, totals=totals(lost=29)).status is Status.PASSED


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"totals": totals(sent=2_870)}, "load not offered: 1.034 %, at most 1 % is allowed"),
        ({"totals": totals(sent=0, due=0)}, "load not offered: not measured"),
        (
            {"latencies": Latencies(received=times(), lateness=times(1_001.0))},
            "generator late, p99: 1,001 ms, at most 1,000 ms is allowed",
        ),
        ({"latencies": Latencies(received=times())}, "generator late, p99: not measured"),
        (
            {"workers": [Worker(number=3, devices=50, state="died", note="signal 9")]},
            "worker 3 died with 50 devices: signal 9",
        ),
        ({"totals": totals(lost_in_outages=30)}, "the receiver itself was away for 30 messages"),
        (
            {"store_checks": [StoreCheck(store="influx", error="connection refused")]},
            "influx could not be asked: connection refused",
        ),
    ],
)
def test_a_run_that_proves_nothing_is_invalid_and_not_failed(
    changes: dict[str, Any], reason: str
) -> None:
    verdict = judged({"latency_p50_ms": 0}, **changes)
    assert (verdict.status, verdict.exit_code) == (Status.INVALID, 3)
    assert reason in verdict.reasons


def test_what_faults_kept_back_is_no_shortfall() -> None:
    assert judged({}, totals=totals(sent=2_000, withheld=900)).status is Status.PASSED


def test_a_worker_that_was_restarted_does_not_decide() -> None:
    workers = [Worker(number=0, devices=50, state="restarted")]
    assert judged({}, workers=workers).status is Status.PASSED


def test_an_interrupted_run_says_so_whatever_else_is_true() -> None:
    verdict = judged({"loss": 0}, interrupted=True, totals=totals(lost=5, sent=100))
    assert (verdict.status, verdict.exit_code) == (Status.INTERRUPTED, 130)
    assert any(reason.startswith("loss: 5 %") for reason in verdict.reasons)


def test_what_was_asked_for_and_not_measured_has_not_passed() -> None:
    verdict = judged(
        {"latency_p99_ms": 100}, latencies=Latencies(acknowledged=times(), lateness=times())
    )
    assert verdict.status is Status.FAILED
    assert verdict.reasons == ["latency, p99: not measured"]


def test_memory_is_judged_between_the_ramps() -> None:
    growing = samples(memory_mb=100.0, growth_mb=30.0)  # a tenth each: medians 15 and 285 of 300 s
    run = result(samples=growing, settled_s=0.0)
    assert _growth(run) == pytest.approx((30.0 * 0.9) / 101.5, rel=0.01)
    late = result(samples=growing, settled_s=200.0)
    assert _growth(late) == pytest.approx(9.0 / 120.5, rel=0.02)
    assert _growth(result(samples=growing, settled_s=290.0)) is None


def _growth(run: RunResult) -> float | None:
    return next(one for one in CRITERIA if one.name == "memory_growth").measure(run)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.0, "share", "0 %"),
        (0.00012, "share", "0.012 %"),
        (1.0, "share", "100 %"),
        (12.3456, "ms", "12.35 ms"),
        (9_998.7, "ms", "9,999 ms"),
        (123_456.7, "ms", "123,457 ms"),
        (3.0, "", "3"),
    ],
)
def test_figures_are_for_people(value: float, unit: str, text: str) -> None:
    assert in_unit(value, unit) == text
