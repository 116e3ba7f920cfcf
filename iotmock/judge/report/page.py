"""A verdict as a page: one file, no network, in the colours of the reader's choice."""

from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from iotmock.charts.chart import Chart
from iotmock.charts.page.document import HINT, document, section, tiles
from iotmock.charts.page.tables import Row, folded, table
from iotmock.judge.report.courses import average_day, side_by_side
from iotmock.judge.report.text import figures, heading
from iotmock.judge.verdict.advice import advice
from iotmock.judge.verdict.comparison import Range, Side
from iotmock.judge.verdict.meanings import meaning
from iotmock.judge.verdict.notes import notes
from iotmock.judge.verdict.verdict import Verdict
from iotmock.model.numbers.plain_number import figure

_HEADS = ("", "real: 5 %, median, 95 %", "simulated", "says")
_SUREST = "The surest first; of each the 5th percentile, the median and the 95th percentile."
_PROFILES = 8


def write_page(path: Path, verdict: Verdict) -> None:
    """Write the HTML page of a verdict.

    Raises:
        OSError: it can not be written.
    """
    path.write_text(page(verdict), encoding="utf-8")


def page(verdict: Verdict) -> str:
    """Return the HTML page of a verdict."""
    title = f"{verdict.profile} beside a real series"
    head = f'<h1>{escape(title)}</h1><p class="when">{escape(heading(verdict))}</p>'
    return document(title, head, _body(verdict))


def _body(verdict: Verdict) -> Iterator[str]:
    comparison = verdict.comparison
    yield tiles((value, f"{name}: {says}") for name, value, says in figures(comparison))
    yield section("What to set", _list(list(advice(verdict))), "advice")
    away = list(_away(comparison.giving_away)) or ["Nothing alone."]
    yield section("What gives it away", _list(away), "away", _SUREST)
    yield HINT
    yield from (section(chart.title, chart.html(), chart.name) for chart in _charts(verdict))
    yield section("Nearest profiles", _profiles(verdict), "profiles", "By their distance.")
    yield section("All features", folded(_HEADS, _sides(comparison.sides)), "features")
    if met := list(notes(verdict)):
        yield section("What was met in the files", _list(met), "notes")


def _charts(verdict: Verdict) -> Iterator[Chart]:
    yield average_day(verdict)
    yield side_by_side(verdict)


def _list(sentences: Sequence[str]) -> str:
    return f"<ul>{''.join(f'<li>{escape(one)}</li>' for one in sentences)}</ul>"


def _away(sides: Sequence[Side]) -> Iterator[str]:
    for side in sides:
        real, simulated = _range(side.real), _range(side.simulated)
        yield f"{meaning(side.name)} ({side.name}): real {real}; simulated {simulated}"


def _sides(sides: Sequence[Side]) -> list[Row]:
    return [
        (side.name, _range(side.real), _range(side.simulated), escape(meaning(side.name)))
        for side in sides
    ]


def _range(values: Range) -> str:
    # Spaces that do not break: the three stay on one line.
    return "\u00a0\u00a0".join(figure(one, 3) for one in (values.p5, values.p50, values.p95))


def _profiles(verdict: Verdict) -> str:
    rows = [(escape(name), figure(far, 3)) for name, far in verdict.ranking[:_PROFILES]]
    return table(("profile", "distance"), rows, numbers=(1,))
