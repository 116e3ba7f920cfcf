"""`iotmock watch`."""

from enum import StrEnum
from typing import Annotated

import typer

from iotmock.cli.commands.client.options import Location, Type
from iotmock.cli.commands.client.outcome import told_in_a_line
from iotmock.cli.interrupts import imports
from iotmock.cli.lazy import lazy_app
from iotmock.cli.numbers import whole
from iotmock.cli.options import AsJson

app = lazy_app()


class Via(StrEnum):
    """Where readings come from."""

    AUTO = "auto"
    MQTT = "mqtt"
    REST = "rest"


@app.command()
def watch(
    devices: Annotated[
        list[str] | None, typer.Argument(metavar="DEVICE", help="Ids, or patterns in quotes.")
    ] = None,
    device_type: Type = None,
    location: Location = None,
    via: Annotated[
        Via, typer.Option(help="From the broker, or by asking the service each second.")
    ] = Via.AUTO,
    count: Annotated[
        int | None,
        typer.Option(parser=whole(1, 10**9), metavar="N", help="End after so many readings."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Print readings as they come, until Ctrl-C; with --json, one a line.

    The service says which broker it sends to; MQTT_USERNAME, MQTT_PASSWORD and MQTT_TLS are used
    there. Where that does not work, the service is asked every second.
    """
    with imports():
        from iotmock.client.commands import watch as commands
        from iotmock.client.commands.choice import Choice
    choice = Choice(tuple(devices or ()), device_type, location)
    with told_in_a_line():
        commands.watch(choice, via.value, count, as_json=as_json)
