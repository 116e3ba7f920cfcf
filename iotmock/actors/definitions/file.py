"""What fleets keep in the registry file: definitions, holes, and counters in blocks."""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import NamedTuple, Protocol

from attrs import field, frozen

from iotmock.model.fleet import FleetRecord

BLOCK = 1_000
"""Numbers of a group whose counters are saved in one row."""


class BlockKey(NamedTuple):
    """Number `number` of the blocks of a group; the first is 0 and holds the numbers 1 to 1,000."""

    fleet: str
    group: str
    number: int


@frozen
class EnergyBlock:
    """The counters of a block by number, as `EnergyCount` has them; NaN is never seen."""

    key: BlockKey
    energies: "array[float]"
    reserved: "array[float]"
    last_seen: "array[float]"
    good_until: float
    """When the reserve is used up, on Trio's clock."""
    back: "array[float]" = field(factory=partial(array, "d"))
    back_reserved: "array[float]" = field(factory=partial(array, "d"))
    """Empty where no device of the block feeds in."""


@frozen
class SaveFleet:
    """Save a definition. What is saved of numbers beyond it is forgotten."""

    record: FleetRecord


@frozen
class ForgetFleet:
    """Forget a fleet with all that is saved of it."""

    name: str


@frozen
class PunchHole:
    """Remember that a device of a fleet was deleted."""

    fleet: str
    group: str
    number: int


FleetChange = SaveFleet | ForgetFleet | PunchHole


@frozen
class SavedBlock:
    """What the counters of a block go on from, by number, kWh; and when they were last seen."""

    energies: "array[float]"
    last_seen: "array[float]"
    back: "array[float]" = field(factory=partial(array, "d"))
    """What went the other way; empty where no device of the block feeds in."""


@frozen
class SavedFleets:
    """All that the file knows of fleets. A device that is not as its rule says has a record."""

    fleets: Sequence[FleetRecord] = ()
    blocks: Mapping[BlockKey, SavedBlock] = field(factory=dict)


class Blocks(Protocol):
    """Where the registry writer gets the counters of fleets from."""

    async def take(self, touched: Iterable[str]) -> list[EnergyBlock]:
        """Return the blocks that must be written now, those of the `touched` devices with them."""
        ...

    async def take_all(self) -> list[EnergyBlock]:
        """Return every block."""
        ...

    def note_saved(self, blocks: Iterable[EnergyBlock]) -> None:
        """Take note that these are durable."""
        ...


@frozen
class NoBlocks(Blocks):
    """There are no fleets."""

    async def take(self, touched: Iterable[str]) -> list[EnergyBlock]:  # noqa: ARG002
        """See `Blocks`."""
        return []

    async def take_all(self) -> list[EnergyBlock]:
        """See `Blocks`."""
        return []

    def note_saved(self, blocks: Iterable[EnergyBlock]) -> None:
        """See `Blocks`."""
