"""What a platform's alarms found, for `report.html`."""

from collections.abc import Iterator, Sequence
from html import escape

from iotmock.charts.page.tables import Row, table
from iotmock.soak.report.measures import AlarmCheck, KindFound

_HEADS = ("", "faults", "found", "missed", "false alarms", "delay median, s", "delay p95, s")


def alarms(check: AlarmCheck) -> str:
    """Return a table with a row for each kind of fault, and which were missed."""
    return "".join(_parts(check))


def _parts(check: AlarmCheck) -> Iterator[str]:
    if check.error is not None:
        yield f'<p class="note">{escape(check.error)}</p>'
        return
    yield table(_HEADS, [*map(_row, check.kinds), _all(check)], numbers=range(1, 7))
    yield (
        f'<p class="note">{check.alarms:,} alarms, {check.uncounted:,} of them not counted; '
        f"{check.unreadable:,} messages were none; {check.device_days:,.4g} days of a device</p>"
    )
    yield _list("Not found", check.missed, check.faults - check.found)
    yield _list("Cried for nothing", check.cried, check.false_alarms)


def _row(one: KindFound) -> Row:
    name = one.fault if one.sought else f"{one.fault} (not sought)"
    times = (one.delay_median_s, one.delay_p95_s)
    missed = one.faults - one.found
    cried = "" if one.false_alarms is None else f"{one.false_alarms:,}"
    counts = (f"{one.faults:,}", f"{one.found:,}", f"{missed:,}", cried)
    return (escape(name), *counts, *map(_time, times))


def _all(check: AlarmCheck) -> Row:
    missed = check.faults - check.found
    counts = (check.faults, check.found, missed, check.false_alarms)
    return (
        "all that are sought",
        *(f"{count:,}" for count in counts),
        "",
        _time(check.delay_p95_s),
    )


def _time(seconds: float | None) -> str:
    return "" if seconds is None else f"{seconds:,.1f}"


def _list(title: str, lines: Sequence[str], count: int) -> str:
    if not lines:
        return ""
    more = count - len(lines)
    rest = f" and {more:,} more" if more else ""
    return f'<p class="note">{title}: {escape(", ".join(lines))}{rest}</p>'
