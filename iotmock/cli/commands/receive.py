"""`iotmock receive`."""

from typing import Annotated

import typer

from iotmock.cli.interrupts import imports
from iotmock.cli.lazy import lazy_app
from iotmock.cli.numbers import number
from iotmock.cli.options import AsJson
from iotmock.cli.refusals import one_line_errors

NOT_ALL_CAME = 1

app = lazy_app()


@app.command()
def receive(
    run: Annotated[
        str | None,
        typer.Option(help="Count this run, the service's MQTT_STAMP_RUN; else the first to come."),
    ] = None,
    broker: Annotated[
        str | None, typer.Option(help="HOST, HOST:PORT or a URL; overrides MQTT_BROKER_HOST.")
    ] = None,
    duration: Annotated[
        float | None,
        typer.Option(
            parser=number(0.1, 604_800),
            metavar="SECONDS",
            help="s to receive; until Ctrl-C if left out.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Count what arrives: lost, duplicated, reordered, late, corrupted, and how fast it came.

    For a service that stamps its messages (MQTT_STAMP=properties or json), with the same variables
    of the environment and of .env. Exit code 1: something was lost or corrupted.
    """
    with imports():
        from iotmock.cli.actions import receiving
    with one_line_errors(receiving.MENDABLE, "iotmock receive: "):
        all_came = receiving.receive(run, broker, duration, as_json=as_json)
    if not all_came:
        raise typer.Exit(NOT_ALL_CAME)
