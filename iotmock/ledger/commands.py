"""What `iotmock faults` does: take the ledger out, and score a detector with it."""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import typer
from rich.console import Console
from rich.table import Table

from iotmock.files.json_text import json_text
from iotmock.ledger.export import write_csv, write_jsonl
from iotmock.ledger.score import Score, ScoreError, read_alarms, read_truth, score
from iotmock.model.faults.entry import FaultEntry
from iotmock.settings.errors import SettingsError
from iotmock.settings.reading import read_settings
from iotmock.settings.state_files import ledger_path
from iotmock.storage import FaultLedger, RegistryFileError

_USUAL, _SLOW = 0.5, 0.95

MENDABLE = (SettingsError, RegistryFileError, ScoreError)

_WRITERS: dict[str, Callable[[Iterable[FaultEntry], IO[str]], None]] = {
    "jsonl": write_jsonl,
    "csv": write_csv,
}


def export(form: str, output: Path | None, ledger: Path | None) -> None:
    """Write every fault on record as jsonl or csv; `ledger` is FAULT_LEDGER's if None."""
    file = FaultLedger.read_only(str(ledger) if ledger else ledger_path(read_settings()))
    with _opened(output) as target:
        _WRITERS[form](file.every_entry(), target)
    file.close()


@contextmanager
def _opened(output: Path | None) -> Iterator[IO[str]]:
    if output is None:
        yield sys.stdout
    else:
        with output.open("w", encoding="utf-8", newline="") as file:
            yield file


def score_alarms(truth: Path, alarms: Path, tolerance_s: float, *, as_json: bool) -> None:
    """Print how a detector's alarms fare against the faults on record, by kind of fault."""
    kinds, total = score(read_truth(truth), read_alarms(alarms), tolerance_s)
    if as_json:
        by_kind = {name: _document(one) for name, one in kinds.items()}
        typer.echo(json_text({"faults": by_kind, "all": _document(total)}))
    else:
        Console(soft_wrap=True).print(_table(kinds, total))


def _document(one: Score) -> dict[str, float | None]:
    return {
        "faults": one.faults,
        "detected": one.detected,
        "precision": one.precision,
        "recall": one.recall,
        "f1": one.f1,
        "delay_median_s": one.delay_s(_USUAL),
        "delay_p95_s": one.delay_s(_SLOW),
    }


def _table(kinds: Mapping[str, Score], total: Score) -> Table:
    table = Table("fault", *_HEADINGS, box=None)
    for name, one in kinds.items():
        table.add_row(name, *_cells(one))
    table.add_section()
    table.add_row("all", *_cells(total), style="bold")
    return table


_HEADINGS = (
    "faults",
    "detected",
    "precision",
    "recall",
    "F1",
    "delay median s",
    "delay p95 s",
)


def _cells(one: Score) -> list[str]:
    ratios = (one.precision, one.recall, one.f1)
    delays = (one.delay_s(_USUAL), one.delay_s(_SLOW))
    return [
        str(one.faults),
        str(one.detected),
        *("-" if ratio is None else f"{ratio:.3f}" for ratio in ratios),
        *("-" if delay is None else f"{delay:.1f}" for delay in delays),
    ]
