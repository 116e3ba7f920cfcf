"""`iotmock doctor`."""

from typing import Annotated

import typer

from iotmock.cli.interrupts import imports
from iotmock.cli.lazy import lazy_app

_PROBLEMS = 1

app = lazy_app()


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
) -> None:
    """Look for what would keep `iotmock serve` from its work, and say what to do.

    Settings, files, ports, the broker and what it can, limits, versions; nothing is changed. Exit
    code 1 if there is a problem.
    """
    with imports():
        from iotmock.doctor import commands
    if not commands.doctor(as_json=as_json):
        raise typer.Exit(_PROBLEMS)
