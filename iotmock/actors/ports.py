"""How the actors look outward: what they need of the wire and of the registry file."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

from attrs import field, frozen

from iotmock.actors.messages import Incoming, Outgoing
from iotmock.model.faults.active import Note
from iotmock.model.faults.entry import FaultEntry
from iotmock.model.faults.fault import Injection
from iotmock.model.spec import DeviceRecord


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

    def incoming(self) -> AsyncIterator[Incoming]:
        """Iterate over what arrives; ends only with `WireDownError`."""
        ...


class Wire(Protocol):
    """A way to the broker."""

    @property
    def address(self) -> str:
        """Where the broker is, for the log."""
        ...

    def connect(self) -> AbstractAsyncContextManager[Connection]:
        """Connect and subscribe.

        Raises:
            WireDownError: the broker is away or refuses.
        """
        ...


@frozen
class EnergyCount:
    """A counter to be saved. `reserved_kwh` is the most it can show before the next save."""

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
        """Write notes, all or none, without holding up the actors.

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


class RegistryFile(Protocol):
    """The file behind the registry."""

    async def write(self, batch: Batch) -> None:
        """Write a batch, whole or not at all, without holding up the actors.

        Raises:
            OSError: the file could not be written.
        """
        ...
