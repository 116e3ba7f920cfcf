"""A score told: as a table for people, as a document for programs."""

from collections.abc import Mapping

from rich.console import Console
from rich.table import Table

from iotmock.ledger.score import Score

_USUAL, _SLOW = 0.5, 0.95
_WIDTH = 120
"""Characters, in a file or a pipe: there, rich would take 80 and leave letters out."""
_HEADINGS = (
    "faults",
    "detected",
    "missed",
    "false alarms",
    "precision",
    "recall",
    "F1",
    "delay median s",
    "delay p95 s",
)


def document(kinds: Mapping[str, Score], total: Score) -> dict[str, object]:
    """Return the scores of each kind and of all, with JSON's own types."""
    by_kind = {name: _document(one) for name, one in kinds.items()}
    return {"faults": by_kind, "all": _document(total)}


def _document(one: Score) -> dict[str, float | None]:
    return {
        "faults": one.faults,
        "detected": one.detected,
        "missed": one.missed,
        "false_alarms": one.false_alarms,
        "precision": one.precision,
        "recall": one.recall,
        "f1": one.f1,
        "delay_median_s": one.delay_s(_USUAL),
        "delay_p95_s": one.delay_s(_SLOW),
    }


def print_table(kinds: Mapping[str, Score], total: Score) -> None:
    """Print a row for each kind of fault, and one for all."""
    table = Table("fault", *_HEADINGS, box=None)
    for name, one in kinds.items():
        table.add_row(name, *_cells(one))
    table.add_section()
    table.add_row("all", *_cells(total), style="bold")
    console = Console(soft_wrap=True)
    if not console.is_terminal:
        console.width = _WIDTH
    console.print(table)


def _cells(one: Score) -> list[str]:
    counts = (one.faults, one.detected, one.missed, one.false_alarms)
    ratios = (one.precision, one.recall, one.f1)
    delays = (one.delay_s(_USUAL), one.delay_s(_SLOW))
    return [
        *("-" if count is None else str(count) for count in counts),
        *("-" if ratio is None else f"{ratio:.3f}" for ratio in ratios),
        *("-" if delay is None else f"{delay:.1f}" for delay in delays),
    ]
