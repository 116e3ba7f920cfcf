"""The figures of a second, for people."""

from collections.abc import Iterator

from iotmock.soak.report.measures import Sample


def figures(sample: Sample) -> Iterator[tuple[str, str]]:
    """Yield what is shown of a second, by name."""
    yield "phase", sample.phase
    yield "devices", f"{sample.devices:,}"
    rates = (sample.due, sample.sent, sample.received)
    yield "msg/s due/sent/received", "/".join(f"{rate:,.0f}" for rate in rates)
    yield (
        "latency p50/p95/p99 ms",
        _times(sample.latency_p50_ms, sample.latency_p95_ms, sample.latency_p99_ms),
    )
    yield "late p50/p99 ms", _times(sample.lateness_p50_ms, sample.lateness_p99_ms)
    yield "backlog", f"{sample.backlog:,}"
    yield "lost", f"{sample.lost:,}"
    yield "memory generator/receiver MB", _times(sample.generator_mb, sample.receiver_mb)


def _times(*values: float | None) -> str:
    return "/".join("-" if value is None else f"{value:,.{_digits(value)}f}" for value in values)


def _digits(value: float) -> int:
    return 1 if value < 100.0 else 0
