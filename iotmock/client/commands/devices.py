"""`iotmock devices`: who is there, and all about one."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from iotmock.client.commands.options import Location, Type
from iotmock.client.commands.output import AsJson, errors_as_a_line, say, say_json, say_table

if TYPE_CHECKING:
    from iotmock.client.answers import Device, Fault
    from iotmock.client.service import Service

_HEADINGS = ("device", "type", "name", "location", "status", "kW", "V", "A", "kWh")
_READINGS = ("power", "voltage", "current", "energy")


def devices(
    device: Annotated[
        str | None,
        typer.Argument(metavar="[DEVICE]", help="An id: all about it; or a pattern: 'mock-h*'."),
    ] = None,
    device_type: Type = None,
    location: Location = None,
    name: Annotated[str | None, typer.Option(help="Only with this in the name.")] = None,
    status: Annotated[str | None, typer.Option(help="Only online, offline or error.")] = None,
    limit: Annotated[int, typer.Option(min=0, help="At most so many; 0: all.")] = 100,
    as_json: AsJson = False,
) -> None:
    """List the devices of a running service, or tell all about one."""
    with errors_as_a_line():
        from iotmock.client.choice import Choice  # noqa: PLC0415 - httpx takes 0.1 s
        from iotmock.client.place import place_of_service  # noqa: PLC0415
        from iotmock.client.service import connected  # noqa: PLC0415

        choice = Choice(() if device is None else (device,), device_type, location, name, status)
        with connected(place_of_service()) as service:
            if choice.single is not None:
                return _tell_of_one(service, choice.single, as_json=as_json)
            found = choice.find(service)
        return _list(found, limit or len(found), as_json=as_json)


def _list(found: Sequence["Device"], limit: int, *, as_json: bool) -> None:
    shown = found[:limit]
    if as_json:
        return say_json({"devices": shown, "total": len(found)})
    say_table(_HEADINGS, [_row(device) for device in shown], numbers=len(_READINGS))
    more = "" if len(shown) == len(found) else f"{len(shown):,} of "
    say(f"{more}{len(found):,} device{'' if len(found) == 1 else 's'}")
    if more:
        say("--limit 0 lists all")


def _row(device: "Device") -> list[str]:
    texts = [str(device.get(key) or "-") for key in ("device_id", "device_type", "name")]
    readings = device.get("readings") or {}
    numbers = [str(readings.get(key, "-")) for key in _READINGS]
    return [*texts, str(device.get("location") or "-"), _status(device), *numbers]


def _status(device: "Device") -> str:
    status = str(device.get("status", "-"))
    return status if device.get("enabled", True) else f"{status}, disabled"


def _tell_of_one(service: "Service", device_id: str, *, as_json: bool) -> None:
    from urllib.parse import quote  # noqa: PLC0415

    from iotmock.client.answers import DeviceTypeList, FaultList  # noqa: PLC0415

    path = f"api/v1/devices/{quote(device_id, safe='')}"
    device: Any = service.get(path, dict)
    faults = service.get(f"{path}/faults", FaultList).faults
    kinds = service.get("api/v1/device-types", DeviceTypeList).device_types
    commands = {
        command.command: command.parameters.get("properties", {})
        for kind in kinds
        if kind.device_type == device.get("device_type")
        for command in kind.commands
    }
    if as_json:
        return say_json({**device, "faults": faults, "commands": {*commands}})
    say(f"{device_id}: {device.get('name', '')}")
    for heading, text in _facts(device):
        say(f"  {heading:<11}{text}")
    for number, fault in enumerate(faults):
        say(f"  {'' if number else 'faults':<11}{_fault(fault)}")
    for number, (command, parameters) in enumerate(commands.items()):
        keys = " ".join(f"{key}=..." for key in parameters)
        say(f"  {'' if number else 'commands':<11}{command} {keys}")


def _facts(device: "Device") -> Iterator[tuple[str, str]]:
    readings = device.get("readings") or {}
    units = zip(_READINGS, ("kW", "V", "A", "kWh"), strict=True)
    profile = device.get("profile")
    yield "type", f"{device.get('device_type')}" + (f" ({profile})" if profile else "")
    yield "location", str(device.get("location") or "-")
    yield "status", _status(device)
    yield "now", ", ".join(f"{readings.get(key, '-')} {unit}" for key, unit in units)
    yield "base", f"{device.get('base_power')} kW, {device.get('base_voltage')} V"
    yield "interval", f"{device.get('interval')} s"
    yield "last seen", str(device.get("last_seen") or "never")


def _fault(fault: "Fault") -> str:
    until = "until it is cleared" if fault.end is None else f"until {fault.end}"
    return f"{fault.fault} ({fault.state}) from {fault.begin} {until}, id {fault.fault_id}"
