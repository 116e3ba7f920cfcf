"""The file behind the registry: what is written at a time, and how."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

from attrs import field, frozen

from iotmock.actors.definitions.file import EnergyBlock, FleetChange
from iotmock.model.spec import DeviceRecord


class FileLostError(OSError):
    """What would be written is lost: the file is gone, or is not ours any more. Says what to do."""


class EnergyCount(NamedTuple):
    """A counter to be saved. `reserved_kwh` is the most it can show before the next save.

    A tuple, because SQLite takes it as it is: every few seconds there is one for each device.
    """

    device_id: str
    energy_kwh: float
    reserved_kwh: float
    last_seen: float | None
    back_kwh: float = 0.0
    back_reserved_kwh: float = 0.0
    """The same of what went the other way; see `TwoWayMeter`."""


@frozen
class Batch:
    """What the registry writes in one transaction."""

    upserts: Sequence[DeviceRecord] = ()
    deletes: Sequence[str] = ()
    energies: Iterable[EnergyCount] = field(default=())
    changes: Sequence[FleetChange] = ()
    blocks: Sequence[EnergyBlock] = ()
    memories: Sequence[tuple[str, bytes | None]] = ()
    """What dialects remember, by device; None: nothing any more."""
    closes: bool = False
    """Whether the next life goes on from these counters, and not from reserves."""


class RegistryFile(Protocol):
    """The file behind the registry."""

    async def write(self, batch: Batch) -> None:
        """Write a batch, whole or not at all, without holding up the actors.

        Raises:
            OSError: the file could not be written. FileLostError: nor will it be.
        """
        ...
