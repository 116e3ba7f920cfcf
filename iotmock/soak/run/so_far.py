"""Thresholds while a run goes on, as far as what has come tells."""

from collections.abc import Iterator

from iotmock.soak.receiver.receipts import Receipts
from iotmock.soak.report.criteria import CRITERIA, Judgement
from iotmock.soak.report.measures import Latencies, RunResult, Totals
from iotmock.soak.run.outcome import distribution, received
from iotmock.soak.scenario.scenario import Scenario

_TOLD = frozenset({
    "loss", "duplicates", "reordering", "late", "corrupted",
    "latency_p50_ms", "latency_p95_ms", "latency_p99_ms", "latency_max_ms",
})  # fmt: skip
"""What the receiver counts as it goes; the others are known at the end."""


def so_far(scenario: Scenario, receipts: Receipts | None, now_s: float) -> Iterator[Judgement]:
    """Yield how each of them stands `now_s` after the start."""
    if receipts is None:
        return
    counts = received(receipts.counts)
    result = RunResult(
        scenario=scenario,
        version="",
        seed=scenario.fleet.seed,
        started="",
        duration_s=now_s,
        samples=[],
        totals=counts.plus(Totals(sent=counts.received + counts.lost)),
        latencies=Latencies(received=distribution(receipts.latency)),
    )
    for criterion in CRITERIA:
        limit: float | None = getattr(scenario.thresholds, criterion.name)
        if criterion.name in _TOLD and limit is not None:
            yield criterion.judge(result, limit)
