"""Devices with some of their fields."""

from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from iotmock.rest.answers import Device

SparseDevice: Any = msgspec.defstruct(
    "SparseDevice",
    [(one.name, one.type | UnsetType, UNSET) for one in msgspec.structs.fields(Device)],
    namespace={"__doc__": "A device, or those of its fields that were asked for."},
)
DeviceList: Any = msgspec.defstruct(
    "DeviceList",
    [("devices", list[SparseDevice]), ("total", int)],
    namespace={"__doc__": "A part of the fleet; `total` is how many match in all."},
    frozen=True,
)


def listed(devices: list[Device], fields: str | UnsetType, total: int) -> Any:
    """Return the answer: whole devices, or those of their fields that were asked for."""
    if fields is UNSET:
        return DeviceList(devices, total)
    names = dict.fromkeys(fields.split(","))  # each costs what it costs for every device
    some = [SparseDevice(**{name: getattr(one, name) for name in names}) for one in devices]
    return DeviceList(some, total)
