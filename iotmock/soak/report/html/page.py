"""`report.html`: the verdict on top, then why, then how it went; one file without network."""

from collections.abc import Iterator
from html import escape

import msgspec

from iotmock.charts.page.document import HINT, document, section, tiles
from iotmock.charts.page.tables import table
from iotmock.charts.ticks import clock
from iotmock.soak.report.html.head import heading
from iotmock.soak.report.html.over_time import charts
from iotmock.soak.report.html.style import STYLE
from iotmock.soak.report.html.tables import details, latencies, totals
from iotmock.soak.report.html.thresholds import TIMES, TOTALS, thresholds
from iotmock.soak.report.measures import RunResult
from iotmock.soak.report.verdict import SAYS, Verdict, in_unit, sign
from iotmock.soak.scenario.section import without_secrets

_MOST_EVENTS = 200


def page(result: RunResult, verdict: Verdict) -> str:
    """Return the HTML page of a run."""
    name = result.scenario.name
    title = f"{name}: {verdict.status.value}"
    return document(title, heading(result), _body(result, verdict), STYLE)


def _body(result: RunResult, verdict: Verdict) -> Iterator[str]:
    yield _banner(verdict)
    yield tiles(_figures(result))
    judged = thresholds(verdict.judgements, has_charts=bool(result.samples))
    yield section("Thresholds", judged, "thresholds")
    if result.samples:
        yield HINT
    yield from charts(result)
    yield from _timeline(result)
    yield section("How long it took", latencies(result), TIMES)
    yield section("What became of it", totals(result), TOTALS)
    yield from details(result)
    text = msgspec.json.format(msgspec.json.encode(without_secrets(result.scenario))).decode()
    scenario = f"<details><summary>as it ran</summary><pre>{escape(text)}</pre></details>"
    yield section("Scenario", scenario)


def _banner(verdict: Verdict) -> str:
    status = verdict.status
    reasons = "".join(f"<li>{escape(reason)}</li>" for reason in verdict.reasons)
    return (
        f'<div class="verdict {status.value}"><b>{sign(status)} {status.value}</b>'
        f"<p>{SAYS[status]} (exit code {verdict.exit_code})</p>"
        f"{f'<ul>{reasons}</ul>' if reasons else ''}</div>"
    )


def _figures(result: RunResult) -> Iterator[tuple[str, str]]:
    sums, times = result.totals, result.latencies
    most = max((sample.devices for sample in result.samples), default=0)
    yield f"{most:,}", "devices at the most"
    yield f"{sums.sent:,}", "messages sent"
    yield f"{sums.lost:,}", "lost"
    yield f"{sums.duplicated:,} / {sums.reordered:,}", "duplicated / reordered"
    if times.received is not None:
        yield in_unit(times.received.p99_ms, "ms"), "latency, p99"
    if times.lateness is not None:
        yield in_unit(times.lateness.p99_ms, "ms"), "generator late, p99"


def _timeline(result: RunResult) -> Iterator[str]:
    if not result.events:
        return
    rows = [
        (str(number), clock(event.t), escape(event.kind), escape(event.text))
        for number, event in enumerate(result.events[:_MOST_EVENTS], start=1)
    ]
    more = len(result.events) - len(rows)
    note = f'<p class="note">and {more:,} more, in report.json</p>' if more else ""
    yield section("Timeline", table(("", "after", "kind", ""), rows) + note, "timeline")
