"""`iotmock serve`."""

from typing import Annotated

import typer

from iotmock.cli.interrupts import imports
from iotmock.cli.lazy import lazy_app

app = lazy_app()


@app.command()
def serve(
    fleet: Annotated[
        str | None,
        typer.Option(help="Make a fleet, as hvac=50000,lighting/street=300; overrides FLEET."),
    ] = None,
) -> None:
    """Serve the fleet over MQTT and REST until SIGTERM or Ctrl-C.

    The environment and .env configure it: see docs/configuration.md.
    """
    with imports():
        from iotmock.cli.serving import serve as run
    run({} if fleet is None else {"FLEET": fleet})
