"""What a device is set to, as clients name it, and what a command has changed of it."""

from typing import Any

from iotmock.model.device import Device
from iotmock.model.spec import DeviceSpec, DeviceState

Settings = dict[str, Any]
Changes = dict[str, list[Any]]
"""Names with the values before and after. kW, V, s and kWh; a family's own are its commands'."""


_FINEST = 4
"""Digits of the finest meter: another base power may bring another meter, and changes no energy."""


def settings_of(device: Device) -> Settings:
    """Return everything that commands set and that is remembered."""
    spec = device.spec
    return {
        "base_power": spec.base_power,
        "base_voltage": spec.base_voltage,
        "interval": device.interval,
        "enabled": device.enabled,
        "online": device.online,
        "energy": round(device.meter.energy_kwh, _FINEST),
        **device.family.settings(),
    }


def changes_between(before: Settings, after: Settings) -> Changes:
    """Return what is different; None stands for what was not, or is no longer, set."""
    found = {
        name: [before.get(name), after.get(name)]
        for name in before | after
        if before.get(name) != after.get(name)
    }
    if after["energy"] > before["energy"]:  # a meter with other digits was taken in, no more
        del found["energy"]
    return found


def remembered(device: Device) -> tuple[DeviceSpec, DeviceState]:
    """Return what outlives the process, to see whether something of it has changed."""
    return device.spec, device.state(None)
