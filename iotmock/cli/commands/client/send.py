"""`iotmock send`."""

from typing import Annotated

import typer

from iotmock.cli.commands.client.options import Device, Location, OfCommand, Type
from iotmock.cli.commands.client.outcome import end, told_in_a_line
from iotmock.cli.interrupts import imports
from iotmock.cli.lazy import lazy_app
from iotmock.cli.options import AsJson

app = lazy_app()


@app.command()
def send(
    device: Device,
    command: Annotated[str, typer.Argument(metavar="COMMAND", help="As set_power.")],
    parameters: OfCommand = None,
    device_type: Type = None,
    location: Location = None,
    as_json: AsJson = False,
) -> None:
    """Have a device carry out a command, or many.

    As in: iotmock send mock-hvac-001 set_power power=30

    `iotmock devices DEVICE` lists the commands of a device. Exit code 1 if one was rejected.
    """
    with imports():
        from iotmock.client.commands import send as commands
        from iotmock.client.commands.choice import Choice
    choice = Choice((device,), device_type, location)
    with told_in_a_line():
        end(commands.send(choice, command, parameters or (), as_json=as_json))
