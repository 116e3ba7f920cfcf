"""The tables of `report.html`."""

from collections.abc import Iterator, Sequence
from html import escape

from iotmock.charts.page.document import section
from iotmock.charts.page.tables import Row, table
from iotmock.soak.report.html.alarms import alarms
from iotmock.soak.report.html.thresholds import ALARMS, STORES
from iotmock.soak.report.measures import (
    Distribution,
    GroupTotals,
    RunResult,
    StoreCheck,
    Value,
    Worker,
    WorstDevice,
)

_DEFECTS = ("lost", "duplicated", "reordered", "late", "corrupted")
_OF_GROUP = ("sent", "received", *_DEFECTS)
_OF_STORE = ("devices", "expected", "found", "missing", "surplus", "excused")


def latencies(result: RunResult) -> str:
    """Return how long everything took, in ms."""
    times = result.latencies
    named = (
        ("due to received", times.received),
        ("due to acknowledged", times.acknowledged),
        ("command to result", times.command),
        ("generator late", times.lateness),
    )
    rows = [_times(name, one) for name, one in named if one is not None]
    heads = ("ms", "count", "p50", "p95", "p99", "p99.9", "max")
    return table(heads, rows, numbers=range(1, 7))


def _times(name: str, one: Distribution) -> Row:
    times = (one.p50_ms, one.p95_ms, one.p99_ms, one.p999_ms, one.max_ms)
    return (
        name,
        f"{one.count:,}",
        *(f"{round(time, 1 if time < 100 else 0):,g}" for time in times),
    )


def totals(result: RunResult) -> str:
    """Return what became of messages, commands and connections, in columns."""
    names = result.totals.__struct_fields__
    counts = zip(names, _counts(result.totals, names), strict=True)
    items = (f"<li>{name.replace('_', ' ')}<b>{count}</b></li>" for name, count in counts)
    return f'<ul class="counts">{"".join(items)}</ul>'


def details(result: RunResult) -> Iterator[str]:
    """Yield a section for each of groups, worst devices, stores and workers that there are."""
    if result.groups:
        yield section("By group", _groups(result.groups))
    if result.worst_devices:
        yield section("The devices with most defects", _worst(result.worst_devices))
    if result.store_checks:
        yield section("What the stores have", _stores(result.store_checks), STORES)
    if result.alarm_check is not None:
        yield section("What the alarms found", alarms(result.alarm_check), ALARMS)
    if result.workers:
        yield section("Workers", _workers(result.workers))


def _groups(groups: Sequence[GroupTotals]) -> str:
    rows = [
        (escape(one.name), *_counts(one, ("devices",)), *_counts(one.totals, _OF_GROUP))
        for one in groups
    ]
    return table(("", "devices", *_OF_GROUP), rows, numbers=range(1, 9))


def _worst(devices: Sequence[WorstDevice]) -> str:
    rows = [
        (escape(one.device_id), *_counts(one, _DEFECTS), escape(one.numbers)) for one in devices
    ]
    return table(("", *_DEFECTS, "numbers lost"), rows, numbers=range(1, 6))


def _stores(checks: Sequence[StoreCheck]) -> str:
    rows = [
        (escape(one.store), *_counts(one, _OF_STORE), escape(one.error or ", ".join(one.worst)))
        for one in checks
    ]
    return table(("", *_OF_STORE, ""), rows, numbers=range(1, 7))


def _workers(workers: Sequence[Worker]) -> str:
    rows = [
        (str(one.number), f"{one.devices:,}", escape(one.state), escape(one.note))
        for one in workers
    ]
    return table(("number", "devices", "", ""), rows, numbers=(1,))


def _counts(value: Value, keys: Sequence[str]) -> Iterator[str]:
    return (f"{getattr(value, key):,}" for key in keys)
