"""Devices as examples: one of each type, as it would be at noon."""

from collections.abc import Iterable
from itertools import cycle

from iotmock.model.device import Device
from iotmock.model.family import DeviceType
from iotmock.model.site.sites import Sites
from iotmock.model.spec import DeviceSpec, DeviceState

NOON = 1_767_268_800.0
"""2026-01-01, in Unix seconds: examples are the same whenever they are made."""
_INTERVAL_S = 5.0
_PLACES = ("Hall 1", "")


def example_devices(kinds: Iterable[DeviceType], now: float = NOON) -> list[Device]:
    """Return a device of each type, that has had one tick; `now` is in Unix seconds.

    Every second one has no location: what then is left out is not always there.
    """
    return [_device(kind, now, where) for kind, where in zip(kinds, cycle(_PLACES), strict=False)]


def _device(kind: DeviceType, now: float, location: str) -> Device:
    first, device_id = kind.profile(None), f"mock-{kind.device_type}-001"
    spec = DeviceSpec(
        device_id, kind.device_type, kind.name, first.base_power, first.base_voltage, location
    )
    device = Device.make(spec, kind, Sites(1, 0.1), DeviceState(), _INTERVAL_S)
    device.tick(now, _INTERVAL_S)
    return device
