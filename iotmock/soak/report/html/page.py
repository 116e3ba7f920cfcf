"""`report.html`: the verdict on top, then why, then how it went; one file without network."""

from collections.abc import Iterator, Sequence
from html import escape

import msgspec

from iotmock.history.page.document import document, section, tiles
from iotmock.soak.report.criteria import Judgement
from iotmock.soak.report.html.over_time import STYLE, charts, clock
from iotmock.soak.report.html.tables import details, latencies, table, totals
from iotmock.soak.report.measures import RunResult
from iotmock.soak.report.verdict import Status, Verdict, finding, in_unit
from iotmock.soak.scenario.section import without_secrets

_SIGNS = {Status.PASSED: "✓", Status.FAILED: "✗", Status.INVALID: "?", Status.INTERRUPTED: "■"}
_SAYS = {
    Status.PASSED: "every threshold was kept",
    Status.FAILED: "what was tested is not good enough",
    Status.INVALID: "the run proves nothing, neither good nor bad",
    Status.INTERRUPTED: "the run was ended before its time; this is what there is",
}
_MOST_EVENTS = 200

_STYLE = """
:root{--good:#2c7a4b;--bad:#b3362b;--doubt:#8a6410}
@media(prefers-color-scheme:dark){:root{--good:#63c08a;--bad:#f08578;--doubt:#dcb15a}}
.verdict{border-left:6px solid;border-radius:10px;padding:14px 18px;margin:0 0 14px;
background:var(--card)}.verdict b{font-size:20px}.verdict ul{margin:6px 0 0;padding-left:20px}
.verdict p{margin:0;color:var(--ink)}.verdict li{color:var(--ink)}
.passed{color:var(--good)}.failed{color:var(--bad)}.invalid,.interrupted{color:var(--doubt)}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:14px}
th{text-align:left;font-weight:600;color:var(--soft)}th,td{padding:4px 14px 4px 0;
border-bottom:1px solid var(--grid);vertical-align:top}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
.counts{columns:3 220px;column-gap:36px;list-style:none;margin:0 0 8px;padding:0;font-size:14px}
.counts b{float:right;font-weight:400;font-variant-numeric:tabular-nums}
.counts li{border-bottom:1px solid var(--grid);padding:3px 0;break-inside:avoid}
tr:last-child td{border-bottom:0}pre{overflow-x:auto;font-size:12px}summary{cursor:pointer}
"""


def page(result: RunResult, verdict: Verdict) -> str:
    """Return the HTML page of a run."""
    name = result.scenario.name
    return document(
        f"{name}: {verdict.status.value}", _heading(result), _body(result, verdict), STYLE + _STYLE
    )


def _heading(result: RunResult) -> str:
    when = f"{result.started}, {clock(result.duration_s)}, seed {result.seed}"
    return (
        f"<h1>{escape(result.scenario.name)}</h1>"
        f'<p class="when">{escape(when)}, iotmock {escape(result.version)}</p>'
    )


def _body(result: RunResult, verdict: Verdict) -> Iterator[str]:
    yield _banner(verdict)
    yield tiles(_figures(result))
    yield section("Thresholds", _thresholds(verdict.judgements))
    yield from charts(result)
    yield from _timeline(result)
    yield section("How long it took", latencies(result))
    yield section("What became of it", totals(result))
    yield from details(result)
    text = msgspec.json.format(msgspec.json.encode(without_secrets(result.scenario))).decode()
    scenario = f"<details><summary>as it ran</summary><pre>{escape(text)}</pre></details>"
    yield section("Scenario", scenario)


def _banner(verdict: Verdict) -> str:
    status = verdict.status
    reasons = "".join(f"<li>{escape(reason)}</li>" for reason in verdict.reasons)
    return (
        f'<div class="verdict {status.value}"><b>{_SIGNS[status]} {status.value}</b>'
        f"<p>{_SAYS[status]} (exit code {verdict.exit_code})</p>"
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


def _thresholds(judgements: Sequence[Judgement]) -> str:
    rows = []
    for one in judgements:
        style = "passed" if one.passed else "invalid" if one.validates else "failed"
        word = f'<b class="{style}">{"passed" if one.passed else style}</b>'
        limit = escape(in_unit(one.limit, one.unit))
        rows.append((escape(one.title), escape(finding(one)), limit, word))
    return table(("", "measured", "at most", ""), rows, numbers=(1, 2))


def _timeline(result: RunResult) -> Iterator[str]:
    if not result.events:
        return
    rows = [
        (str(number), clock(event.t), escape(event.kind), escape(event.text))
        for number, event in enumerate(result.events[:_MOST_EVENTS], start=1)
    ]
    more = len(result.events) - len(rows)
    note = f'<p class="key">and {more:,} more, in report.json</p>' if more else ""
    yield section("Timeline", table(("", "after", "kind", ""), rows) + note)
