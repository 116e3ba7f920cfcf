"""A data message, as `watch` shows it."""

from typing import Any

import msgspec

from iotmock.client.commands.known import Device
from iotmock.wording.no_json import NO_JSON

Reading = dict[str, Any]
"""The fields of a data message; of one that is no JSON object, `device_id` and `payload`."""

_COLUMNS = {"power": (7, "kW"), "voltage": (5, "V"), "current": (7, "A"), "energy": (6, "kWh")}


def of_message(device_id: str, payload: bytes) -> Reading:
    """Return what a message says; a fault may have made anything of it."""
    try:
        found = msgspec.json.decode(payload, type=Reading)
    except NO_JSON:
        return {"device_id": device_id, "payload": payload.decode(errors="replace")}
    return {"device_id": device_id, **found}


def of_device(device: Device) -> Reading:
    """Return the data message that a device sent last, but for the meter, which is today's."""
    return {
        "device_id": device.get("device_id"),
        "timestamp": device.get("last_seen"),
        **(device.get("readings") or {}),
        "status": device.get("status"),
        "enabled": device.get("enabled"),
    }


def as_text(reading: Reading, today: str) -> str:
    """Return it as a line for people, of at most 80 characters for most devices.

    `today` is a date as in `timestamp`: it is left out where it is the reading's.
    """
    if "payload" in reading:
        return f"{reading['device_id']!s:<19} unreadable: {reading['payload']!a}"
    moment = str(reading.get("timestamp") or "-").removeprefix(f"{today}T")
    who = f"{reading.get('device_id')!s:<19}"
    numbers = [
        f"{reading.get(name, '-')!s:>{width}} {unit}" for name, (width, unit) in _COLUMNS.items()
    ]
    return " ".join([moment, who, *numbers, str(reading.get("status"))])
