"""`iotmock profiles`."""

from typing import Annotated

import typer

from iotmock.cli.interrupts import imports
from iotmock.cli.lazy import lazy_app
from iotmock.cli.options import AsJson
from iotmock.cli.refusals import one_line_errors

app = lazy_app()


@app.command()
def profiles(
    family: Annotated[
        str | None, typer.Argument(metavar="[FAMILY]", help="Only this device type.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the device types and their profiles.

    A profile is what a device is created as; the first one of a type is its default.
    """
    with imports():
        from iotmock.cli.actions import profile_list
    with one_line_errors(profile_list.MENDABLE, "iotmock profiles: "):
        profile_list.say_profiles(family, as_json=as_json)
