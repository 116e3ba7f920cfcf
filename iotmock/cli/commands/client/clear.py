"""`iotmock clear`."""

from typing import Annotated

import typer

from iotmock.cli.commands.client.options import Location, Type
from iotmock.cli.commands.client.outcome import told_in_a_line
from iotmock.cli.interrupts import imports
from iotmock.cli.lazy import lazy_app
from iotmock.cli.options import AsJson

app = lazy_app()


@app.command()
def clear(
    device: Annotated[
        str | None, typer.Argument(metavar="DEVICE", help="An id, or a pattern in quotes.")
    ] = None,
    fault: Annotated[
        str | None, typer.Argument(metavar="FAULT", help="A fault or its id; default: every one.")
    ] = None,
    group: Annotated[
        str | None, typer.Option(help="All of one `iotmock inject` for many devices.")
    ] = None,
    device_type: Type = None,
    location: Location = None,
    as_json: AsJson = False,
) -> None:
    """End faults of a device, one or all.

    As in: iotmock clear mock-hvac-001 stuck
    """
    with imports():
        from iotmock.client.commands import clear as commands
        from iotmock.client.commands.choice import Choice
    with told_in_a_line():
        if group is not None and device is None:
            commands.clear_group(group, as_json=as_json)
        else:
            patterns = () if device is None else (device,)
            choice = Choice(patterns, device_type, location)
            commands.clear(choice, fault, group, as_json=as_json)
