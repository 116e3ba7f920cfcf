"""How a run ended, in a few lines: the verdict, each threshold with its figure, the report."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.text import Text

from iotmock.soak.report.criteria import Judgement
from iotmock.soak.report.report import Report
from iotmock.soak.report.verdict import SAYS, Status, finding, in_unit

_COLOURS = {
    Status.PASSED: "bold green",
    Status.FAILED: "bold red",
    Status.INVALID: "bold yellow",
    Status.INTERRUPTED: "bold yellow",
}


def closing_lines(report: Report) -> Iterator[str]:
    """Yield what is said at the end: the verdict, why, and what was measured."""
    for text in _closing(report):
        yield text.plain


def say_verdict(console: Console, report: Report) -> None:
    """Print it, in colours where there are some."""
    for text in _closing(report):
        _print(console, text)


def say_reports(console: Console, files: Sequence[Path]) -> None:
    """Print where the reports are; a terminal that can opens them by a click."""
    page, *others = files
    link = f"link {page.absolute().as_uri()}"
    _print(console, Text.assemble("  ", (str(page), link)))
    _print(console, Text(f"  beside it: {', '.join(file.name for file in others)}"))


def _print(console: Console, text: Text) -> None:
    console.print(text, highlight=False, soft_wrap=True)


def _closing(report: Report) -> Iterator[Text]:
    verdict = report.verdict
    yield Text(verdict.status.upper(), _COLOURS[verdict.status])
    yield Text(f"  {SAYS[verdict.status]}")
    yield from (Text(f"  {defect}") for defect in verdict.defects)
    yield from (_judged(one) for one in verdict.judgements)


def _judged(one: Judgement) -> Text:
    word, style = ("kept  ", "green") if one.passed else ("broken", "bold red")
    limit = in_unit(one.limit, one.unit)
    return Text.assemble("  ", (word, style), f" {one.title}: {finding(one)}, at most {limit}")
