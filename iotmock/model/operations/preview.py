"""A look into a device's future."""

from collections.abc import Iterator
from copy import deepcopy
from math import inf

from iotmock.model.device import Device
from iotmock.model.reading import Reading
from iotmock.model.site.site import Load


def preview(device: Device, now: float, hours: float, step_s: float) -> list[Reading]:
    """Return the readings of the coming `hours`, see `ahead`."""
    return list(ahead(device, now, hours, step_s))


def ahead(device: Device, now: float, hours: float, step_s: float) -> Iterator[Reading]:
    """Yield the readings of the coming `hours`, one every `step_s` seconds after `now`.

    A copy lives through them: neither the device nor its site is disturbed. Weather and people
    will come as shown; the feeder's load and all that is random may turn out otherwise. Behind a
    main meter all others go on as they are.
    """
    copy = _copy(device)
    for number in range(1, int(hours * 3600.0 / step_s) + 1):
        moment = now + number * step_s
        copy.tick(moment, step_s)
        yield copy.reading(moment)


def _copy(device: Device) -> Device:
    own = device.spec, device.kind, device.profile, device.faults
    shared = (*own, device.sites, device.sites.region)
    memo: dict[int, object] = {id(value): value for value in shared}
    memo[id(device.site.loads)] = dict[Load, None]()
    copy: Device = deepcopy(device, memo)
    copy.faults = None
    copy.site.island.leave(device.spec.device_id)
    copy.meter.let_show(inf, inf)
    return copy
