"""Two runs beside each other as a page: what got worse, and the course of both in one chart."""

from collections.abc import Iterator
from html import escape

from attrs import evolve

from iotmock.charts.page.document import HINT, document, section
from iotmock.charts.page.tables import table
from iotmock.charts.ticks import clock
from iotmock.soak.report.compare import Change, Comparison
from iotmock.soak.report.html import over_time
from iotmock.soak.report.html.head import facts
from iotmock.soak.report.html.over_time import Measure, Plan, chart_section
from iotmock.soak.report.html.style import STYLE
from iotmock.soak.report.measures import RunResult
from iotmock.soak.report.verdict import in_unit, sign

_BEFORE, _AFTER = 1, 0
"""Their places in the palette: the later run has the whole line."""
_NONE = "not measured"


def comparison_page(comparison: Comparison, tolerance: float) -> str:
    """Return the HTML page; `tolerance` is the share by which worse is not worse."""
    names = [one.result.scenario.name for one in (comparison.before, comparison.after)]
    title = f"{' and '.join(dict.fromkeys(names))}: before and after"
    return document(title, _heading(comparison, title), _body(comparison, tolerance), STYLE)


def _heading(comparison: Comparison, title: str) -> str:
    runs = (("before", comparison.before.result), ("after", comparison.after.result))
    whens = "<br>".join(
        escape(f"{name}: {one.started}, {clock(one.duration_s)}, seed {one.seed}")
        for name, one in runs
    )
    return f'<h1>{escape(title)}</h1><p class="when">{whens}</p>'


def _body(comparison: Comparison, tolerance: float) -> Iterator[str]:
    yield _banner(comparison, tolerance)
    yield section("Figures", _figures(comparison, tolerance), "figures")
    if all(one.result.samples for one in (comparison.before, comparison.after)):
        yield HINT
        yield from _charts(comparison.before.result, comparison.after.result)
    yield section("What ran", _runs(comparison), "runs")


def _banner(comparison: Comparison, tolerance: float) -> str:
    worse = comparison.worse(tolerance)
    style = "failed" if worse else "passed"
    text = f"{worse or 'nothing'} got worse by more than {in_unit(tolerance, 'share')}"
    note = (
        ""
        if comparison.same_scenario
        else "<p>the scenarios differ: what got worse may be what was asked for</p>"
    )
    return f'<div class="verdict {style}"><b>{escape(text)}</b>{note}</div>'


def _figures(comparison: Comparison, tolerance: float) -> str:
    rows = [_verdict(comparison), *(_row(one, tolerance) for one in comparison.changes())]
    return table(("", "before", "after", ""), rows, numbers=(1, 2))


def _verdict(comparison: Comparison) -> tuple[str, ...]:
    before, after = (
        f"{sign(one.verdict.status)} {one.verdict.status.value}"
        for one in (comparison.before, comparison.after)
    )
    word = '<b class="worse">worse</b>' if comparison.verdict_is_worse else ""
    return "verdict", before, after, word


def _row(change: Change, tolerance: float) -> tuple[str, ...]:
    before, after = (
        _NONE if value is None else escape(in_unit(value, change.unit))
        for value in (change.before, change.after)
    )
    word = change.word(tolerance)
    style = word.partition(" ")[0]
    said = f'<b class="{style}">{escape(word)}</b>' if word else ""
    return escape(change.title), before, after, said


def _charts(before: RunResult, after: RunResult) -> Iterator[str]:
    end = max(before.samples[-1].t, after.samples[-1].t)
    for plan in over_time.PLANS:
        for measure in plan.measures:
            one = _of(plan, measure)
            curves = [
                evolve(measure, name="before", style=_BEFORE).curve(before.samples),
                evolve(measure, name="after", style=_AFTER).curve(after.samples),
            ]
            yield chart_section(one, curves, end)


def _of(plan: Plan, measure: Measure) -> Plan:
    """Return the chart of one of its lines; a note stands at the first of them."""
    if len(plan.measures) == 1:
        return plan
    note = plan.note if measure == plan.measures[0] else ""
    name, title = f"{plan.name}-{measure.name}", f"{plan.title}: {measure.name}"
    return evolve(plan, name=name, title=title, note=note)


def _runs(comparison: Comparison) -> str:
    before, after = (dict(facts(one.result)) for one in (comparison.before, comparison.after))
    rows = [
        (name, escape(before.get(name, "")), escape(after.get(name, "")))
        for name in dict.fromkeys([*before, *after])
    ]
    return table(("", "before", "after"), rows)
