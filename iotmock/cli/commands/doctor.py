"""`iotmock doctor`."""

import os
from pathlib import Path
from typing import Annotated

import typer

from iotmock.cli.interrupts import imports
from iotmock.cli.lazy import lazy_app
from iotmock.cli.options import AsJson

_PROBLEMS = 1

app = lazy_app()


@app.command()
def doctor(
    broker: Annotated[
        str | None, typer.Option(help="As with `iotmock serve`: HOST, HOST:PORT or a URL.")
    ] = None,
    env_file: Annotated[
        Path | None, typer.Option(help="A file of variables in place of .env.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Look for what would keep `iotmock serve` from its work, and say what to do.

    Settings, files, ports, the broker and what it can, limits, versions; nothing is changed. Exit
    code 1 if there is a problem.
    """
    with imports():
        from iotmock.cli.broker_option import broker_variables
        from iotmock.doctor import commands
    of_broker = {} if broker is None else broker_variables(broker)
    if not commands.doctor({**os.environ, **of_broker}, env_file, as_json=as_json):
        raise typer.Exit(_PROBLEMS)
