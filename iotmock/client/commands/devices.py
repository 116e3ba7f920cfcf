"""`iotmock devices`: who is there, and all about one."""

from collections.abc import Iterable, Iterator
from typing import Any

from iotmock.client.commands.choice import Choice
from iotmock.client.commands.known import Device, DeviceList, DeviceTypeList, Fault, FaultList
from iotmock.client.commands.output import counted, say, say_json, say_table
from iotmock.client.commands.service import LONGEST_PAGE, Service, connected
from iotmock.client.place import place_of_service
from iotmock.client.request import of_device

_HEADINGS = ("device", "type", "name", "location", "status", "kW", "V", "A", "kWh")
_READINGS = ("power", "voltage", "current", "energy")
_UNITS = ("kW", "V", "A", "kWh")


def devices(choice: Choice, limit: int, sort: str | None, *, as_json: bool) -> None:
    """List the chosen devices, or tell all about a single one; a limit of 0 is none."""
    with connected(place_of_service()) as service:
        if choice.single is not None:
            _tell_of_one(service, choice.single, as_json=as_json)
        else:
            _list(_find(service, choice, limit, sort), as_json=as_json)


def _find(service: Service, choice: Choice, limit: int, sort: str | None) -> DeviceList:
    if choice.is_asked and 1 <= limit <= LONGEST_PAGE:
        return service.page(limit, 0, **choice.query(), sort=sort)
    found = choice.find(service, sort=sort)
    return DeviceList(found[: limit or len(found)], len(found))


def _list(found: DeviceList, *, as_json: bool) -> None:
    if as_json:
        say_json(found)
        return
    say_table(_HEADINGS, [_row(device) for device in found.devices], numbers=len(_READINGS))
    shown, total = len(found.devices), counted(found.total, "device")
    say(total if shown == found.total else f"{shown:,} of {total}; --limit 0 lists all")


def _row(device: Device) -> list[str]:
    texts = [str(device.get(key) or "-") for key in ("device_id", "device_type", "name")]
    readings = device.get("readings") or {}
    numbers = [str(readings.get(key, "-")) for key in _READINGS]
    return [*texts, str(device.get("location") or "-"), _status(device), *numbers]


def _status(device: Device) -> str:
    status = str(device.get("status", "-"))
    return status if device.get("enabled", True) else f"{status}, disabled"


def _tell_of_one(service: Service, device_id: str, *, as_json: bool) -> None:
    device = service.shown(device_id)
    faults = service.get(of_device(device_id, "/faults"), FaultList).faults
    commands = dict(_commands(service, device))
    if as_json:
        say_json({**device, "faults": faults, "commands": commands})
        return
    say(f"{device_id}: {device.get('name', '')}")
    for heading, text in _facts(device):
        _say_fact(heading, [text])
    _say_fact("faults", map(_fault, faults))
    _say_fact(
        "commands",
        (" ".join([name, *(f"{key}=..." for key in commands[name])]) for name in commands),
    )


def _commands(service: Service, device: Device) -> Iterator[tuple[str, dict[str, Any]]]:
    for kind in service.get("api/v1/device-types", DeviceTypeList).device_types:
        if kind.device_type == device.get("device_type"):
            for command in kind.commands:
                yield command.command, command.parameters.properties


def _say_fact(heading: str, texts: Iterable[str]) -> None:
    for number, text in enumerate(texts):
        say(f"  {'' if number else heading:<11}{text}")


def _facts(device: Device) -> Iterator[tuple[str, str]]:
    readings = device.get("readings") or {}
    profile = device.get("profile")
    yield "type", f"{device.get('device_type')}" + (f" ({profile})" if profile else "")
    yield "location", str(device.get("location") or "-")
    yield "status", _status(device)
    numbers = [readings.get(key, "-") for key in _READINGS]
    yield "now", ", ".join(map("{} {}".format, numbers, _UNITS))
    yield "base", f"{device.get('base_power')} kW, {device.get('base_voltage')} V"
    yield "interval", f"{device.get('interval')} s"
    yield "last seen", str(device.get("last_seen") or "never")


def _fault(fault: Fault) -> str:
    return f"{fault.fault} ({fault.state}) from {fault.begin} {fault.until}, id {fault.fault_id}"
