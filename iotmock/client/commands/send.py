"""`iotmock send`: one command to one device, or to many."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from iotmock.client.commands.options import Device, Location, Parameters, Type
from iotmock.client.commands.output import AsJson, errors_as_a_line, say, say_json

if TYPE_CHECKING:
    from iotmock.client.answers import CommandResult

_REFUSED = 1
_MOST_TOLD = 20


def send(
    device: Device,
    command: Annotated[str, typer.Argument(metavar="COMMAND", help="As set_power.")],
    parameters: Parameters = None,
    device_type: Type = None,
    location: Location = None,
    as_json: AsJson = False,
) -> None:
    """Have a device carry out a command: iotmock send mock-hvac-001 set_power power=30.

    `iotmock devices DEVICE` lists the commands of a device. Ends with 1 where one is rejected.
    """
    with errors_as_a_line():
        from iotmock.client.choice import Choice  # noqa: PLC0415 - httpx takes 0.1 s
        from iotmock.client.command import command_all  # noqa: PLC0415
        from iotmock.client.parameters import read_parameters  # noqa: PLC0415
        from iotmock.client.place import place_of_service  # noqa: PLC0415
        from iotmock.client.service import connected  # noqa: PLC0415

        content = {"command": command, "parameters": read_parameters(parameters or ())}
        choice = Choice((device,), device_type, location)
        with connected(place_of_service()) as service:
            results = list(command_all(service, choice, content))
        _tell(results, as_json=as_json)


def _tell(results: list["CommandResult"], *, as_json: bool) -> None:
    rejected = [one for one in results if one.status != "applied"]
    if as_json:
        say_json(results[0] if len(results) == 1 else {"results": results})
    elif len(results) <= _MOST_TOLD:
        for one in results:
            say(_sentence(one))
    else:
        say(f"{len(results) - len(rejected):,} applied, {len(rejected):,} rejected")
        for one in rejected[:_MOST_TOLD]:
            say(_sentence(one))
    if rejected:
        raise typer.Exit(_REFUSED)


def _sentence(result: "CommandResult") -> str:
    if result.status != "applied":
        return f"{result.device_id}: {result.command} {result.status}: {result.reason}"
    changes = ", ".join(_change(name, pair) for name, pair in (result.changes or {}).items())
    return f"{result.device_id}: {result.command} applied" + (f": {changes}" if changes else "")


def _change(name: str, pair: list[Any]) -> str:
    return f"{name} {' -> '.join(map(str, pair))}"
