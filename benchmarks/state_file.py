"""A state file with a fleet in it, so that a benchmark need not create devices one by one."""

from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

import trio

from iotmock.actors.ports.registry_file import Batch
from iotmock.model.families import built_in
from iotmock.model.spec import DeviceRecord, DeviceSpec
from iotmock.storage import Registry


def device_id(number: int) -> str:
    """Return the id of a device of the fleet; it has the length of `mock-hvac-001`."""
    return f"bench-{number:07d}"


def write_fleet(path: Path, devices: int) -> None:
    """Make a state file with as many devices, of all families in turn."""
    registry = Registry.open(str(path))
    try:
        trio.run(registry.write, Batch(upserts=list(islice(_records(), devices))))
    finally:
        registry.close()


def _records() -> Iterator[DeviceRecord]:
    for number, kind in enumerate(cycle(built_in())):
        spec = DeviceSpec(
            device_id(number), kind.device_type, kind.name, kind.base_power, kind.base_voltage
        )
        yield DeviceRecord(spec, created_at=float(number))
