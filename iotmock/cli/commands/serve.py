"""`iotmock serve`."""

from pathlib import Path
from typing import Annotated

import typer

from iotmock.cli.interrupts import imports
from iotmock.cli.lazy import lazy_app

app = lazy_app()

Text = str | None
"""As a variable has it: it is checked as one."""


@app.command()
def serve(  # noqa: PLR0913, PLR0917 - options
    port: Annotated[Text, typer.Option(help="HTTP port; 0 takes a free one. PORT [8090]")] = None,
    host: Annotated[Text, typer.Option(help="HTTP listen address. HOST [0.0.0.0]")] = None,
    broker: Annotated[
        Text,
        typer.Option(
            help="HOST, HOST:PORT, or a URL as mqtts://user@host:8883. "
            "MQTT_BROKER_HOST and MQTT_BROKER_PORT [localhost:1883], or MQTT_BROKER_URL"
        ),
    ] = None,
    interval: Annotated[
        Text, typer.Option(help="s between two readings. SIMULATION_INTERVAL [5]")
    ] = None,
    seed: Annotated[
        Text, typer.Option(help="Another seed is another fleet. FLEET_SEED [1]")
    ] = None,
    fleet: Annotated[
        Text, typer.Option(help="Make a fleet, as hvac=50000,lighting/street=300. FLEET")
    ] = None,
    sites: Annotated[
        Text, typer.Option(help="Make sites with a main meter, as home=5000,office/FR=20. SITES")
    ] = None,
    env_file: Annotated[
        Path | None, typer.Option(help="A file of variables in place of .env.")
    ] = None,
    log_level: Annotated[
        Text, typer.Option(help="debug, info, warning or error. LOG_LEVEL [info]")
    ] = None,
) -> None:
    """Serve the fleet over MQTT and REST until Ctrl-C or SIGTERM.

    Variables of the environment and of .env configure it: docs/reference/configuration.md has
    them all. An option overrides the variable that is named behind it (in brackets: the default).
    """
    with imports():
        from iotmock.cli.actions.serving import serve as run
    given = {
        "PORT": port,
        "HOST": host,
        "SIMULATION_INTERVAL": interval,
        "FLEET_SEED": seed,
        "FLEET": fleet,
        "SITES": sites,
        "LOG_LEVEL": log_level,
    }
    run({name: text for name, text in given.items() if text is not None}, broker, env_file)
