"""`iotmock inject`."""

from typing import Annotated

import typer

from iotmock.cli.commands.client.options import Device, Location, OfFault, Type
from iotmock.cli.commands.client.outcome import end, told_in_a_line
from iotmock.cli.interrupts import imports
from iotmock.cli.lazy import lazy_app
from iotmock.cli.numbers import number, whole
from iotmock.cli.options import AsJson

app = lazy_app()


@app.command()
def inject(  # noqa: PLR0913, PLR0917 - one parameter is one option
    device: Device,
    fault: Annotated[
        str, typer.Argument(metavar="FAULT", help="As stuck or gap: docs/reference/faults.md.")
    ],
    parameters: OfFault = None,
    duration: Annotated[
        str | None, typer.Option(help="As 90s or 10m; default: until it is cleared.")
    ] = None,
    start: Annotated[str | None, typer.Option(help="RFC 3339; default: now.")] = None,
    device_type: Type = None,
    location: Location = None,
    share: Annotated[
        float,
        typer.Option(
            parser=number(0, 1), metavar="SHARE", help="Of many: so many of them, as 0.1."
        ),
    ] = 1.0,
    seed: Annotated[
        int, typer.Option(parser=whole(0, 2**63 - 1), metavar="N", help="Draws the share.")
    ] = 0,
    as_json: AsJson = False,
) -> None:
    """Have a device fail, or many.

    As in: iotmock inject mock-hvac-001 stuck --duration 10m what=power

    `iotmock clear` ends it. Exit code 1 if no device could have the fault.
    """
    with imports():
        from iotmock.client.commands import inject as commands
        from iotmock.client.commands.choice import Choice
    choice = Choice((device,), device_type, location)
    with told_in_a_line():
        wanted = commands.wanted(fault, parameters or (), duration, start)
        end(commands.inject(choice, wanted, (share, seed), as_json=as_json))
