"""How the actors look outward: what they need of the wire and of the registry file."""

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from enum import Enum
from typing import Any, NamedTuple, Protocol

from attrs import field, frozen

from iotmock.actors.definitions.file import EnergyBlock, FleetChange
from iotmock.actors.messages import Incoming, IncomingCommand, Kind, Outgoing
from iotmock.model.faults.active import Note
from iotmock.model.faults.entry import FaultEntry
from iotmock.model.faults.fault import Injection
from iotmock.model.spec import DeviceRecord


class Whose(Enum):
    """Whose commands a topic is for: a device's, by its id, or a location's, by its name."""

    DEVICE = "device"
    LOCATION = "location"


@frozen
class Terms:
    """On which terms the broker takes messages: the QoS of data, whether it retains statuses.

    `refusals` are how many messages it has refused, by the reason that it gave.
    """

    qos: int = 1
    retained: bool = True
    refusals: Mapping[str, int] = field(factory=dict)


class Connection(Protocol):
    """A live connection to the broker. Every method raises `WireDownError` once it is gone."""

    @property
    def acknowledged(self) -> int:
        """How many messages the broker has taken, over all connections of this wire."""
        ...

    @property
    def refused(self) -> int:
        """How many messages the broker has refused, over all connections of this wire."""
        ...

    @property
    def in_flight(self) -> int:
        """How many messages the broker has not answered for yet."""
        ...

    def oldest_s(self, now: float) -> float:
        """Return for how many seconds the oldest of them has waited; to be called every second."""
        ...

    def offer(self, messages: Sequence[Outgoing]) -> int:
        """Take as many of the messages, in order, as the window admits; return how many."""
        ...

    async def flush(self) -> None:
        """Write what was taken."""
        ...

    async def wait_window(self) -> None:
        """Wait until the window has room again."""
        ...

    async def wait_settled(self) -> None:
        """Wait until nothing is in flight."""
        ...

    def unanswered(self) -> Iterator[tuple[Kind, str]]:
        """Yield the kind and the device of every message that the broker has not answered for."""
        ...

    @property
    def unheard(self) -> Sequence[Whose]:
        """Whose commands are to be heard here, and are not by one subscription for all."""
        ...

    async def follow(self, whose: Whose, names: Sequence[str]) -> None:
        """Hear the commands of these too, where those of all are not to be had."""
        ...

    async def leave(self, whose: Whose, names: Sequence[str]) -> None:
        """Hear the commands of these no more."""
        ...

    def incoming(self) -> AsyncIterator[Incoming]:
        """Iterate over what arrives; ends only with `WireDownError`."""
        ...


class Wire(Protocol):
    """A way to the broker."""

    @property
    def address(self) -> str:
        """Where the broker is, for the log."""
        ...

    @property
    def terms(self) -> Terms:
        """What the broker takes, and what it has refused."""
        ...

    @property
    def dropped(self) -> int:
        """How many messages came in faster than they were read, and were dropped."""
        ...

    def connect(self) -> AbstractAsyncContextManager[Connection]:
        """Connect and subscribe.

        Raises:
            WireDownError: the broker is away or refuses.
        """
        ...

    def drop(self) -> None:
        """Close the connection, if there is one, without DISCONNECT."""
        ...


class Line(Protocol):
    """One device's way to the broker. Nothing here waits but `open` and `drain`.

    `now` is always the time of Trio's clock.
    """

    async def open(self, will: bytes) -> None:
        """Connect and subscribe to the device's commands; `will` is its status after its death.

        Raises:
            WireDownError: the broker is away or refuses.
        """
        ...

    def read(self, now: float) -> Sequence[IncomingCommand]:
        """Take what the broker has said, which may be nothing; return the commands in it.

        Raises:
            WireDownError: the connection has ended.
        """
        ...

    def take(self, message: Outgoing) -> bool:
        """Take a message where window and network admit one; it goes out with the next `flush`."""
        ...

    def flush(self, now: float) -> None:
        """Hand what was taken to the network, as far as it takes it."""
        ...

    @property
    def blocked(self) -> bool:
        """Whether the network has not taken all that was sent; then nothing more is."""
        ...

    async def drain(self) -> None:
        """Return once the network has taken all, or the connection has ended."""
        ...

    @property
    def settled(self) -> bool:
        """Whether the broker has answered for every message."""
        ...

    def unanswered(self) -> Iterator[tuple[Kind, str]]:
        """Yield the kind and the device of every message that the broker has not answered for."""
        ...

    def show_life(self, now: float) -> None:
        """Do what keep-alive asks for at `now`; to be called every few seconds."""
        ...

    def oldest_s(self, now: float) -> float:
        """Return for how many seconds the oldest message without an answer has waited.

        To be called every few seconds.
        """
        ...

    def leave(self) -> None:
        """Say DISCONNECT and close: the broker forgets the will."""
        ...

    def abort(self) -> None:
        """Close without a word: the broker publishes the will."""
        ...

    def forget(self) -> int:
        """Give up, for ever, what the broker has not answered for; return how many messages."""
        ...


class LineWire(Protocol):
    """Ways to the broker for devices. The counts are over all lines, and never go back."""

    @property
    def address(self) -> str:
        """Where the broker is, for the log."""
        ...

    @property
    def terms(self) -> Terms:
        """What the broker takes, and what it has refused."""
        ...

    acknowledged: int
    refused: int
    in_flight: int

    def line(self, device_id: str) -> Line:
        """Return a line for a device; it is not open."""
        ...

    async def wait_ready(self) -> Sequence[Line]:
        """Wait until there is something to `read`, and return where, or where the end has come."""
        ...

    def close(self) -> None:
        """Give back what lines that have ended hold, when nobody waits any more."""
        ...


class Part(Protocol):
    """What `/health` asks: whatever can be in order or not."""

    def problems(self) -> Iterator[str]:
        """Yield a sentence for each thing that is wrong now: "what is wrong: what to do"."""
        ...


class Pulse(Protocol):
    """What `/livez` asks: an actor that has something to do again and again."""

    @property
    def stalled_s(self) -> float:
        """For how many seconds it has owed something; 0 where it owes nothing."""
        ...


class EnergyCount(NamedTuple):
    """A counter to be saved. `reserved_kwh` is the most it can show before the next save.

    A tuple, because SQLite takes it as it is: every few seconds there is one for each device.
    """

    device_id: str
    energy_kwh: float
    reserved_kwh: float
    last_seen: float | None


@frozen
class Batch:
    """What the registry writes in one transaction."""

    upserts: Sequence[DeviceRecord] = ()
    deletes: Sequence[str] = ()
    energies: Iterable[EnergyCount] = field(default=())
    changes: Sequence[FleetChange] = ()
    blocks: Sequence[EnergyBlock] = ()
    closes: bool = False
    """Whether the next life goes on from these counters, and not from reserves."""


@frozen
class Page:
    """Which entries of the ledger to read; times in Unix seconds, None does not limit.

    `messages` is how many of its messages an entry lists at most.
    """

    begin: float | None = None
    end: float | None = None
    device_id: str | None = None
    fault: str | None = None
    limit: int = 100
    offset: int = 0
    messages: int = 1_000


@frozen
class OpenFault:
    """A fault that had not ended when the process did, and what it must remember."""

    injection: Injection
    memory: Mapping[str, Any]


class LedgerFile(Protocol):
    """The file behind the ledger."""

    async def write(self, notes: Sequence[Note]) -> None:
        """Write notes, all or none, without holding up the actors; none: is the file there?

        Raises:
            OSError: the file could not be written.
        """
        ...

    async def find(self, page: Page) -> tuple[list[FaultEntry], int]:
        """Return a page of entries by their begin, and how many there are in all.

        Raises:
            OSError: the file could not be read.
        """
        ...


Cursor = tuple[float, str]
"""Begin and id of a fault: how far a ledger has been gone through, from the oldest."""


class TrimmedFile(Protocol):
    """The file behind the ledger, as it is trimmed."""

    async def trim(self, before: float, after: Cursor | None) -> Cursor | None:
        """Delete some of what is older than `before`, Unix s, from the fault `after` on.

        Return where to go on, or None: nothing older is left.

        Raises:
            OSError: the file could not be written.
        """
        ...


class RegistryFile(Protocol):
    """The file behind the registry."""

    async def write(self, batch: Batch) -> None:
        """Write a batch, whole or not at all, without holding up the actors.

        Raises:
            OSError: the file could not be written.
        """
        ...
