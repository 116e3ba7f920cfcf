"""The thresholds of a report, each of which leads to where one sees why."""

from collections.abc import Sequence
from html import escape

from iotmock.charts.page.tables import table
from iotmock.soak.report.alarm_criteria import ALARM_CRITERIA, OF_A_KIND
from iotmock.soak.report.criteria import Judgement
from iotmock.soak.report.html import over_time
from iotmock.soak.report.verdict import figure, in_unit

TIMES, TOTALS, STORES, ALARMS = "times", "totals", "stores", "alarms"
"""Places on the page of what has no chart."""
_SHOWN_AT = {
    "load_shortfall": over_time.MESSAGES.name,
    "lateness_p99_ms": over_time.LATENESS.name,
    "loss": over_time.LOSS.name,
    "latency_p50_ms": over_time.LATENCY.name,
    "latency_p95_ms": over_time.LATENCY.name,
    "latency_p99_ms": over_time.LATENCY.name,
    "latency_max_ms": over_time.LATENCY.name,
    "puback_p99_ms": TIMES,
    "command_p99_ms": TIMES,
    "memory_growth": over_time.MEMORY.name,
    "stored_missing": STORES,
    **{criterion.name: ALARMS for criterion in ALARM_CRITERIA},
}


def thresholds(judgements: Sequence[Judgement], *, has_charts: bool) -> str:
    """Return them as a table, with what was measured."""
    rows = [_row(one, has_charts=has_charts) for one in judgements]
    return table(("", "measured", "at most", ""), rows, numbers=(1, 2))


def _row(one: Judgement, *, has_charts: bool) -> Sequence[str]:
    style = "passed" if one.passed else "invalid" if one.validates else "failed"
    word = f'<b class="{style}">{"passed" if one.passed else style}</b>'
    limit = escape(in_unit(one.limit, one.unit))
    return _title(one, has_charts=has_charts), escape(figure(one)), limit, word


def _title(one: Judgement, *, has_charts: bool) -> str:
    other = ALARMS if one.name.startswith(OF_A_KIND) else TOTALS
    place, title = _SHOWN_AT.get(one.name, other), escape(one.title)
    is_there = has_charts or place in {TIMES, TOTALS, STORES, ALARMS}
    return f'<a href="#{place}">{title}</a>' if is_there else title
