"""`iotmock plot`."""

from pathlib import Path
from typing import Annotated

import typer

from iotmock.cli.interrupts import imports
from iotmock.cli.lazy import lazy_app
from iotmock.cli.options import AsJson
from iotmock.cli.refusals import one_line_errors

app = lazy_app()


@app.command()
def plot(
    file: Annotated[Path, typer.Argument(help="A CSV file as `generate` writes it.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The page; beside the file if left out.")
    ] = None,
    timezone: Annotated[str, typer.Option(help="Whose days and hours are shown.")] = "UTC",
    as_json: AsJson = False,
) -> None:
    """Write a page that shows a series: one HTML file that needs no network."""
    with imports():
        from iotmock.history import commands
    with one_line_errors(commands.MENDABLE, "iotmock plot: "):
        commands.plot(file, output or file.with_suffix(".html"), timezone, as_json=as_json)
