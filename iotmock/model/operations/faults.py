"""Faults of a device: how one is begun, and what meter and link make of its readings."""

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec.structs import replace

from iotmock.model.device import Device
from iotmock.model.faults.active import Faults
from iotmock.model.faults.fault import Injection
from iotmock.model.reading import Reading, Status


def inject(device: Device, injection: Injection, now: float) -> None:
    """Have a fault begin at its time, which may be now."""
    if device.faults is None:
        device.faults = Faults()
    device.faults.add(injection)
    if device.faults.due <= now:
        device.faults.turn(now, device.scene(now))


def resume(device: Device, injection: Injection, memory: Mapping[str, Any], now: float) -> None:
    """Go on with a fault of an earlier life."""
    if device.faults is None:
        device.faults = Faults()
    if injection.begin > now:
        device.faults.add(injection)
    else:
        device.faults.resume(injection, memory, device.scene(now))


def shown(device: Device, now: float) -> Reading:
    """Return what the meter shows, faults and all, without advancing it."""
    true, faults = device.reading(now), device.faults
    if faults is None or not faults.active:
        return true
    return faults.effects.distorted(replace(true, timestamp=_own_timestamp(device, faults, now)))


def send(device: Device, faults: Faults, now: float) -> Iterable[bytes]:
    """Return the data messages that go out at `now`, as meter and link let them."""
    if not device.publishes:
        return ()
    true = device.reading(now)
    status: Status = "error" if faults.effects.error else "online"
    own = replace(true, timestamp=_own_timestamp(device, faults, now), status=status)
    return faults.send(own, true.timestamp, now)


def _own_timestamp(device: Device, faults: Faults, now: float) -> str:
    return device.timestamp(now + faults.effects.shift_s(now))
