"""`iotmock demo`."""

import time
from typing import Annotated

import typer

from iotmock.cli.interrupts import imports
from iotmock.cli.lazy import lazy_app

app = lazy_app()


@app.command()
def demo(
    keep: Annotated[
        bool, typer.Option("--keep", help="Stay up at the end, until Ctrl-C, to look around.")
    ] = False,
) -> None:
    """Show all of it in a minute: a broker, a site, a message, a fault, a soak test's verdict.

    It needs nothing but itself, takes free ports, and leaves nothing behind.
    """
    began = time.monotonic()
    with imports():
        from iotmock.demo import commands
    raise typer.Exit(commands.demo(keep=keep, began=began))
