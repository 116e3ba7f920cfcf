"""How each key of `[thresholds]` is measured, and compared with its limit."""

from collections.abc import Callable
from statistics import median

import msgspec

from iotmock.soak.report.measures import Distribution, RunResult, Totals

Measure = Callable[[RunResult], float | None]

_EDGE = 0.1
"""Memory grows from the median of the first tenth after the ramp to that of the last tenth."""
_FEWEST_SAMPLES = 20


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """One threshold: what was measured beside its limit, both in `unit`. None was not measured."""

    name: str
    title: str
    unit: str
    limit: float
    measured: float | None
    passed: bool
    count: int | None = None
    """How many messages or commands a share is."""
    validates: bool = False
    """Beyond its limit the run proves nothing, rather than something bad."""
    note: str = ""
    """Which they are, if that can be said in a few words."""


def _always(result: RunResult) -> bool:  # noqa: ARG001
    return True


class Criterion(msgspec.Struct, frozen=True):
    """How a key of `[thresholds]` is measured; `count` is what a share counts.

    It is not judged where `is_asked` says no.
    """

    name: str
    title: str
    unit: str
    measure: Measure
    count: Callable[[Totals], int] | None = None
    validates: bool = False
    is_asked: Callable[[RunResult], bool] = _always
    note: Callable[[RunResult], str] | None = None

    def judge(self, result: RunResult, limit: float) -> Judgement:
        """Compare; what was asked for and could not be measured has not passed."""
        measured = self.measure(result)
        return Judgement(
            name=self.name,
            title=self.title,
            unit=self.unit,
            limit=float(limit),
            measured=measured,
            passed=measured is not None and measured <= limit,
            count=self.count(result.totals) if self.count else None,
            validates=self.validates,
            note=self.note(result) if self.note else "",
        )


# How each is measured


def _share(of: Callable[[Totals], int]) -> Measure:
    def measure(result: RunResult) -> float | None:
        return of(result.totals) / result.totals.sent if result.totals.sent else None

    return measure


def _time(of: Callable[[RunResult], Distribution | None], percentile: str) -> Measure:
    def measure(result: RunResult) -> float | None:
        distribution = of(result)
        return None if distribution is None else float(getattr(distribution, percentile))

    return measure


def _received(result: RunResult) -> Distribution | None:
    return result.latencies.received


def load_shortfall(result: RunResult) -> float | None:
    """Return the share of what was due that was not offered, though nothing kept it back."""
    totals = result.totals
    wanted = totals.due - totals.withheld
    return max(0.0, 1.0 - totals.sent / wanted) if wanted > 0 else None


def memory_growth(result: RunResult) -> float | None:
    """Return by what share the generator grew while nothing but time went on; None if too short."""
    end = min(result.duration_s, result.scenario.load.duration)
    memory = [
        sample.generator_mb
        for sample in result.samples
        if result.settled_s <= sample.t <= end and sample.generator_mb is not None
    ]
    if len(memory) < _FEWEST_SAMPLES:
        return None
    edge = max(1, int(len(memory) * _EDGE))
    return max(0.0, median(memory[-edge:]) / median(memory[:edge]) - 1.0)


def _unanswered(result: RunResult) -> float | None:
    totals = result.totals
    return totals.commands_unanswered / totals.commands_sent if totals.commands_sent else None


def _stored_missing(result: RunResult) -> float | None:
    expected = sum(check.expected for check in result.store_checks)
    return sum(check.missing for check in result.store_checks) / expected if expected else None


def _has_stores(result: RunResult) -> bool:
    return bool(result.store_checks)


def _acknowledged(result: RunResult) -> Distribution | None:
    return result.latencies.acknowledged


def _command(result: RunResult) -> Distribution | None:
    return result.latencies.command


def _connect_failures(result: RunResult) -> float:
    return float(result.totals.connect_failures)


def _lateness(result: RunResult) -> Distribution | None:
    return result.latencies.lateness


def _counted(name: str, title: str, count: Callable[[Totals], int]) -> Criterion:
    return Criterion(name, title, "share", _share(count), count)


CRITERIA = (
    Criterion("load_shortfall", "load not offered", "share", load_shortfall, validates=True),
    Criterion(
        "lateness_p99_ms", "generator late, p99", "ms", _time(_lateness, "p99_ms"), validates=True
    ),
    _counted("loss", "loss", lambda totals: totals.lost),
    _counted("duplicates", "duplicates", lambda totals: totals.duplicated),
    _counted("reordering", "reordering", lambda totals: totals.reordered),
    _counted("late", "late messages", lambda totals: totals.late),
    _counted("corrupted", "corrupted messages", lambda totals: totals.corrupted),
    Criterion("latency_p50_ms", "latency, p50", "ms", _time(_received, "p50_ms")),
    Criterion("latency_p95_ms", "latency, p95", "ms", _time(_received, "p95_ms")),
    Criterion("latency_p99_ms", "latency, p99", "ms", _time(_received, "p99_ms")),
    Criterion("latency_max_ms", "latency, maximum", "ms", _time(_received, "max_ms")),
    Criterion("puback_p99_ms", "acknowledgement, p99", "ms", _time(_acknowledged, "p99_ms")),
    Criterion("command_p99_ms", "command to result, p99", "ms", _time(_command, "p99_ms")),
    Criterion(
        "commands_unanswered",
        "commands unanswered",
        "share",
        _unanswered,
        lambda totals: totals.commands_unanswered,
    ),
    Criterion("connect_failures", "failed connects", "", _connect_failures),
    Criterion("memory_growth", "growth of memory", "share", memory_growth),
    Criterion(
        "stored_missing", "missing in the stores", "share", _stored_missing, is_asked=_has_stores
    ),
)
