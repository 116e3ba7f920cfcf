"""Counting a fleet without holding it up."""

from collections import Counter

import trio

from iotmock.actors.devices.supervisor import Supervisor

_SLICE = 2_000

Census = Counter[tuple[str, str]]
"""How many devices there are of each type and status."""


async def take_census(supervisor: Supervisor) -> Census:
    """Count the devices by type and status; others have their turn after each slice."""
    census: Census = Counter()
    devices = tuple(supervisor)
    for start in range(0, len(devices), _SLICE):
        models = (device.model for device in devices[start : start + _SLICE])
        census.update((model.spec.device_type, model.status) for model in models)
        await trio.lowlevel.checkpoint()
    return census
