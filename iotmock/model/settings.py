"""What a device is set to, as clients name it, and what a command has changed of it."""

from typing import Any

from iotmock.model.device import Device
from iotmock.model.spec import DeviceSpec, DeviceState

Settings = dict[str, Any]
Changes = dict[str, list[Any]]
"""Names with the values before and after. kW, V, s and kWh; a family's own are its commands'."""


def settings_of(device: Device) -> Settings:
    """Return everything that commands set and that is remembered."""
    spec, meter = device.spec, device.meter
    return {
        "base_power": spec.base_power,
        "base_voltage": spec.base_voltage,
        "interval": device.interval,
        "enabled": device.enabled,
        "online": device.online,
        "energy": round(meter.energy_kwh, meter.decimals),
        **device.family.settings(),
    }


def changes_between(before: Settings, after: Settings) -> Changes:
    """Return what is different; None stands for what was not, or is no longer, set."""
    names = before | after
    return {
        name: [before.get(name), after.get(name)]
        for name in names
        if before.get(name) != after.get(name)
    }


def remembered(device: Device) -> tuple[DeviceSpec, DeviceState]:
    """Return what outlives the process, to see whether something of it has changed."""
    return device.spec, device.state(None)
