"""Readings by asking the service again and again."""

import time
from collections.abc import Callable, Iterator

from iotmock.client.commands.choice import Choice
from iotmock.client.commands.known import Device
from iotmock.client.commands.service import Service
from iotmock.client.errors import UnreachableError
from iotmock.client.readings.reading import Reading, of_device

_EVERY_S = 1.0


def polled(service: Service, choice: Choice, note: Callable[[str], None]) -> Iterator[Reading]:
    """Yield the readings of the chosen devices whenever they have moved on, for ever.

    The first of each comes at once. `note` is told when the service goes and when it comes back.

    Raises:
        UnreachableError, RefusedError: at the first time; later, only what the service refuses.
    """
    seen: dict[str, str] = {}
    devices = choice.find(service)
    while True:
        due = time.monotonic() + _EVERY_S
        for device in devices:
            if _has_moved(device, seen):
                yield of_device(device)
        time.sleep(max(0.0, due - time.monotonic()))
        devices = _find(service, choice, note)


def _has_moved(device: Device, seen: dict[str, str]) -> bool:
    device_id, last_seen = str(device.get("device_id")), str(device.get("last_seen"))
    moved = device.get("last_seen") is not None and seen.get(device_id) != last_seen
    seen[device_id] = last_seen
    return moved


def _find(service: Service, choice: Choice, note: Callable[[str], None]) -> list[Device]:
    is_away = False
    while True:
        try:
            found = choice.find(service)
        except UnreachableError as error:
            if not is_away:
                note(f"{error}; waiting for it")
            is_away = True
            time.sleep(_EVERY_S)
            continue
        if is_away:
            note("it is back")
        return found
