"""`iotmock faults`: take the ledger out, and score a detector with it."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from iotmock.cli.interrupts import imports
from iotmock.cli.lazy import lazy_app
from iotmock.cli.numbers import number
from iotmock.cli.options import AsJson
from iotmock.cli.refusals import one_line_errors

_PREFIX = "iotmock: "

app = lazy_app(help="The faults on record.", no_args_is_help=True)


class Format(StrEnum):
    """How the ledger is written."""

    JSONL = "jsonl"
    CSV = "csv"


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
    """Write every fault on record.

    With every message that it touched; the service may be running.
    """
    with imports():
        from iotmock.ledger import commands
    with one_line_errors(commands.MENDABLE, _PREFIX):
        commands.export(format_, output, ledger)


@app.command()
def score(
    truth: Annotated[Path, typer.Option(help="What `iotmock faults export` wrote as jsonl.")],
    alarms: Annotated[
        Path, typer.Option(help="CSV with device_id, timestamp and, if known, kind (the fault).")
    ],
    tolerance: Annotated[
        float,
        typer.Option(
            parser=number(0, 86_400),
            metavar="SECONDS",
            help="s after a fault's end in which an alarm still counts.",
        ),
    ] = 60.0,
    as_json: AsJson = False,
) -> None:
    """Say how well a detector's alarms met the faults.

    By kind of fault: precision, recall, F1 and the delay of detection.
    """
    with imports():
        from iotmock.ledger import commands
    with one_line_errors(commands.MENDABLE, _PREFIX):
        commands.score_alarms(truth, alarms, tolerance, as_json=as_json)
