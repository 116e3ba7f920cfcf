"""What `iotmock faults` does: take the ledger out, and score a detector with it."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import typer

from iotmock.files.json_text import json_text
from iotmock.ledger.export import write_csv, write_jsonl
from iotmock.ledger.score import ScoreError, read_alarms, read_truth, score
from iotmock.ledger.told import document, print_table
from iotmock.model.faults.entry import FaultEntry
from iotmock.settings.errors import SettingsError
from iotmock.settings.reading import read_settings
from iotmock.settings.state_files import ledger_path
from iotmock.storage import FaultLedger, RegistryFileError

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
        typer.echo(json_text(document(kinds, total)))
    else:
        print_table(kinds, total)
