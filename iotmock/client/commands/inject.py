"""`iotmock inject` and `iotmock clear`: have devices fail, and end it."""

from typing import TYPE_CHECKING, Annotated

import typer

from iotmock.client.commands.options import Device, Location, Parameters, Type
from iotmock.client.commands.output import AsJson, errors_as_a_line, say, say_json

if TYPE_CHECKING:
    from iotmock.client.answers import Fault, InjectedFaults

_REFUSED = 1
_MOST_TOLD = 20


def inject(
    device: Device,
    fault: Annotated[str, typer.Argument(metavar="FAULT", help="As stuck or gap: docs/faults.md.")],
    parameters: Parameters = None,
    duration: Annotated[
        str | None, typer.Option(help="As 90s or 10m; default: until it is cleared.")
    ] = None,
    start: Annotated[str | None, typer.Option(help="RFC 3339; default: now.")] = None,
    device_type: Type = None,
    location: Location = None,
    share: Annotated[float, typer.Option(help="Of many: so many of them, as 0.1.")] = 1.0,
    seed: Annotated[int, typer.Option(help="Draws the share.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Have a device fail: iotmock inject mock-hvac-001 stuck --duration 10m what=power."""
    with errors_as_a_line():
        from iotmock.client.choice import Choice  # noqa: PLC0415 - httpx takes 0.1 s
        from iotmock.client.faults import inject_in_many, inject_in_one  # noqa: PLC0415
        from iotmock.client.parameters import read_duration, read_parameters  # noqa: PLC0415
        from iotmock.client.place import place_of_service  # noqa: PLC0415
        from iotmock.client.service import connected  # noqa: PLC0415

        content = {
            "fault": fault,
            "parameters": read_parameters(parameters or ()),
            "start": start,
            "duration": read_duration("--duration", duration),
        }
        choice = Choice((device,), device_type, location)
        with connected(place_of_service()) as service:
            if choice.single is not None:
                return _tell_of_one(inject_in_one(service, choice.single, content), as_json)
            return _tell_of_many(inject_in_many(service, choice, content, share, seed), as_json)


def _tell_of_one(fault: "Fault", as_json: bool) -> None:
    if as_json:
        return say_json(fault)
    until = "until it is cleared" if fault.end is None else f"until {fault.end}"
    say(f"{fault.device_id}: {fault.fault} from {fault.begin} {until}")
    say(f"`iotmock clear {fault.device_id} {fault.fault}` ends it")


def _tell_of_many(done: "InjectedFaults", as_json: bool) -> None:
    if as_json:
        say_json(done)
    else:
        say(f"{done.injected:,} devices have the fault, {done.refused_total:,} can not")
        for one in done.refused[:_MOST_TOLD]:
            say(f"{one.device_id}: {one.reason}")
        if done.injected:
            say(f"`iotmock clear --group {done.group}` ends all of them")
    if not done.injected:
        raise typer.Exit(_REFUSED)


def clear(
    device: Annotated[
        str | None, typer.Argument(metavar="[DEVICE]", help="An id, or a pattern in quotes.")
    ] = None,
    fault: Annotated[
        str | None, typer.Argument(metavar="[FAULT]", help="A fault or its id; default: every one.")
    ] = None,
    group: Annotated[
        str | None, typer.Option(help="All of one `iotmock inject` for many devices.")
    ] = None,
    device_type: Type = None,
    location: Location = None,
    as_json: AsJson = False,
) -> None:
    """End faults: iotmock clear mock-hvac-001 stuck."""
    with errors_as_a_line():
        from iotmock.client.choice import Choice  # noqa: PLC0415 - httpx takes 0.1 s
        from iotmock.client.errors import UsageError  # noqa: PLC0415
        from iotmock.client.faults import clear_group, clear_of  # noqa: PLC0415
        from iotmock.client.place import place_of_service  # noqa: PLC0415
        from iotmock.client.service import connected  # noqa: PLC0415

        if (device is None) == (group is None):
            raise UsageError("name a device, or a --group: iotmock clear DEVICE [FAULT]")
        with connected(place_of_service()) as service:
            if group is not None:
                count = clear_group(service, group)
            else:
                count = clear_of(service, Choice((device or "",), device_type, location), fault)
    if as_json:
        return say_json({"cleared": count})
    say(f"{count:,} fault{'' if count == 1 else 's'} ended")
