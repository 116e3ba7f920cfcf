"""`iotmock devices`."""

from typing import Annotated

import typer

from iotmock.cli.commands.client.options import Location, Type
from iotmock.cli.commands.client.outcome import told_in_a_line
from iotmock.cli.interrupts import imports
from iotmock.cli.lazy import lazy_app
from iotmock.cli.numbers import whole
from iotmock.cli.options import AsJson

app = lazy_app()


@app.command()
def devices(
    device: Annotated[
        str | None,
        typer.Argument(metavar="DEVICE", help="An id: all about it; or a pattern: 'mock-h*'."),
    ] = None,
    device_type: Type = None,
    location: Location = None,
    name: Annotated[str | None, typer.Option(help="Only with this in the name.")] = None,
    status: Annotated[str | None, typer.Option(help="Only online, offline or error.")] = None,
    sort: Annotated[
        str | None, typer.Option(help="As name, or -base_power for the largest first.")
    ] = None,
    limit: Annotated[
        int, typer.Option(parser=whole(0, 10**9), metavar="N", help="At most so many; 0: all.")
    ] = 100,
    as_json: AsJson = False,
) -> None:
    """List the devices of a running service, or tell all about one.

    The service is IOTMOCK_URL's, by default that of this machine; API_TOKEN opens it.
    """
    with imports():
        from iotmock.client.commands import devices as commands
        from iotmock.client.commands.choice import Choice
    choice = Choice(() if device is None else (device,), device_type, location, name, status)
    with told_in_a_line():
        commands.devices(choice, limit, sort, as_json=as_json)
