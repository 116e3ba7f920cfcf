"""Results of runs that never were, for tests of what reads them."""

from math import sin
from typing import Any

import msgspec

from iotmock.model.families import built_in
from iotmock.soak.report.measures import (
    AlarmCheck,
    Distribution,
    Event,
    GroupTotals,
    KindFound,
    Latencies,
    RunResult,
    Sample,
    StoreCheck,
    Totals,
    Worker,
    WorstDevice,
)
from iotmock.soak.scenario.reading.file import to_scenario
from iotmock.soak.scenario.scenario import Scenario

SMALL: dict[str, Any] = {
    "name": "small",
    "fleet": {"group": [{"device_type": "hvac", "count": 100, "location": "north"}]},
    "load": {"duration": 300, "interval": 10, "ramp_up": 10},
}


def scenario(**sections: Any) -> Scenario:
    """Return a small scenario with other sections."""
    return to_scenario(SMALL | sections, built_in(), "test")


def times(p99_ms: float = 40.0, count: int = 2_900) -> Distribution:
    return Distribution(
        count=count,
        p50_ms=p99_ms / 8,
        p95_ms=p99_ms / 2,
        p99_ms=p99_ms,
        p999_ms=p99_ms * 2,
        max_ms=p99_ms * 3,
    )


def totals(**changes: int) -> Totals:
    """Return those of a run without defects."""
    good = Totals(due=2_900, sent=2_900, acknowledged=2_900, received=2_900, connects=1)
    return msgspec.structs.replace(good, **changes)


def samples(seconds: int = 300, memory_mb: float = 80.0, growth_mb: float = 0.0) -> list[Sample]:
    return [
        Sample(
            t=float(t),
            phase="run",
            devices=min(100, 10 * t),
            due=min(10.0, t),
            sent=min(10.0, t) + 0.5 * sin(t / 7),
            received=min(10.0, t) + 0.5 * sin(t / 5),
            lateness_p50_ms=0.4,
            lateness_p99_ms=4.0 + sin(t / 9),
            latency_p50_ms=3.0 + sin(t / 11),
            latency_p95_ms=12.0 + 4 * sin(t / 8),
            latency_p99_ms=40.0 + 15 * sin(t / 6),
            backlog=5,
            generator_mb=memory_mb + growth_mb * t / seconds,
            receiver_mb=40.0,
        )
        for t in range(1, seconds + 1)
    ]


def result(**changes: Any) -> RunResult:
    """Return that of a run without defects."""
    good = RunResult(
        scenario=scenario(),
        version="1.2.3",
        seed=1,
        started="2025-08-09T16:30:00Z",
        duration_s=300.0,
        samples=samples(),
        totals=totals(),
        latencies=Latencies(received=times(), acknowledged=times(30.0), lateness=times(5.0)),
        groups=[GroupTotals(name="hvac", devices=100, totals=totals())],
        workers=[Worker(number=0, devices=100)],
        settled_s=10.0,
    )
    return msgspec.structs.replace(good, **changes)


def alarm_check(**changes: Any) -> AlarmCheck:
    """Return that of a platform that found three gaps of four, and cried twice."""
    gap = KindFound(fault="gap", faults=4, found=3, false_alarms=1, delay_p95_s=20.0)
    some = AlarmCheck(
        alarms=5,
        false_alarms=2,
        device_days=0.5,
        faults=4,
        found=3,
        delay_p95_s=20.0,
        kinds=[gap],
        missed=["gap of soak-hvac-000007 at 16:31:00"],
        cried=["gap of soak-hvac-000001 at 16:30:30", "alarm of soak-hvac-000002 at 16:32:00"],
    )
    return msgspec.structs.replace(some, **changes)


def troubled() -> RunResult:
    """Return that of a run in which the broker was away, and much went wrong."""
    some = [
        msgspec.structs.replace(
            sample,
            received=0.0 if 120 <= sample.t < 130 else sample.received,
            latency_p50_ms=None if 120 <= sample.t < 130 else sample.latency_p50_ms,
            latency_p95_ms=None if 120 <= sample.t < 130 else sample.latency_p95_ms,
            latency_p99_ms=None
            if 120 <= sample.t < 130
            else 9_000.0
            if 130 <= sample.t < 134
            else sample.latency_p99_ms,
            backlog=int(100 * (sample.t - 120)) if 120 <= sample.t < 130 else 5,
            lost=20 if sample.t > 130 else 0,
        )
        for sample in samples(growth_mb=30.0)
    ]
    limits = {"latency_p99_ms": 1_000, "latency_p50_ms": 50, "memory_growth": "5%", "late": 0.1}
    return result(
        scenario=scenario(
            thresholds=limits,
            broker={"password": "secret-of-ours", "username": "u"},
            phase=[
                {"kind": "broker_command", "at": 120, "command": "restart </pre><script>"},
                {"kind": "pause", "at": 200, "duration": 20},
            ],
        ),
        samples=some,
        totals=totals(lost=20, received=2_880, reconnects=3, commands_sent=100),
        latencies=Latencies(received=times(4_000.0), acknowledged=times(30.0), lateness=times(5.0)),
        events=[
            Event(t=120.0, kind="broker_command", text="restart </pre><script>"),
            Event(t=120.4, kind="disconnect", text="the broker is away", until=130.0),
            Event(t=200.0, kind="pause", text="pause", until=220.0),
        ],
        worst_devices=[WorstDevice(device_id="soak-hvac-000007", lost=4, numbers="12-15")],
        store_checks=[
            StoreCheck(
                store="influx", devices=100, expected=2_900, found=2_899, missing=1,
                worst=["soak-hvac-000007: 1"],
            )
        ],
        alarm_check=alarm_check(),
    )  # fmt: skip
