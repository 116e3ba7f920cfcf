"""`iotmock faults`: take the ledger out, and score a detector with it."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import IO, Annotated

import typer
from rich.console import Console
from rich.table import Table

from iotmock.ledger.export import write_csv, write_jsonl
from iotmock.ledger.score import Score, ScoreError, read_alarms, read_truth, score
from iotmock.model.faults.entry import FaultEntry
from iotmock.settings import SettingsError, ledger_path, read_settings
from iotmock.storage import FaultLedger, RegistryFileError

_CAN_NOT = 2
_USUAL, _SLOW = 0.5, 0.95

app = typer.Typer(name="faults", help="The faults on record.", no_args_is_help=True)


class Format(StrEnum):
    """How the ledger is written."""

    JSONL = "jsonl"
    CSV = "csv"


_WRITERS: dict[Format, Callable[[Iterable[FaultEntry], IO[str]], None]] = {
    Format.JSONL: write_jsonl,
    Format.CSV: write_csv,
}


@app.command()
def export(
    format_: Annotated[
        Format, typer.Option("--format", help="A fault a line, or a message a line.")
    ] = Format.JSONL,
    output: Annotated[Path | None, typer.Option(help="A file; default: standard output.")] = None,
    ledger: Annotated[
        Path | None, typer.Option(help="The ledger's file; default: FAULT_LEDGER's.")
    ] = None,
) -> None:
    """Write every fault on record, with every message it touched; the service may be running."""
    with _errors_as_a_line():
        file = FaultLedger.read_only(str(ledger) if ledger else ledger_path(read_settings()))
        with _opened(output) as target:
            _WRITERS[format_](file.every_entry(), target)
        file.close()


@contextmanager
def _opened(output: Path | None) -> Iterator[IO[str]]:
    if output is None:
        yield sys.stdout
    else:
        with output.open("w", encoding="utf-8", newline="") as file:
            yield file


@contextmanager
def _errors_as_a_line() -> Iterator[None]:
    try:
        yield
    except (SettingsError, RegistryFileError, ScoreError, OSError) as error:
        typer.echo(f"iotmock: {error}", err=True)
        raise typer.Exit(_CAN_NOT) from None


@app.command("score")
def score_alarms(
    truth: Annotated[Path, typer.Option(help="What `iotmock faults export` wrote as jsonl.")],
    alarms: Annotated[
        Path, typer.Option(help="CSV with device_id, timestamp and, if known, kind (the fault).")
    ],
    tolerance: Annotated[
        float, typer.Option(min=0, help="s after a fault's end in which an alarm still counts.")
    ] = 60.0,
) -> None:
    """Print precision, recall, F1 and detection delay of a detector's alarms, by kind of fault."""
    with _errors_as_a_line():
        kinds, total = score(read_truth(truth), read_alarms(alarms), tolerance)
    table = Table("fault", *_HEADINGS, box=None)
    for name, one in kinds.items():
        table.add_row(name, *_cells(one))
    table.add_section()
    table.add_row("all", *_cells(total), style="bold")
    Console(soft_wrap=True).print(table)


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
