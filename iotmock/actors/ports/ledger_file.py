"""The file behind the ledger of faults: what it takes, and what is asked of it."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from attrs import frozen

from iotmock.model.faults.entry import FaultEntry
from iotmock.model.faults.fault import Injection
from iotmock.model.faults.notes import Note


@frozen
class Page:
    """Which entries of the ledger to read; times in Unix seconds, None does not limit.

    `messages` is how many of its messages an entry lists at most, `messages_in_all` how many all of
    them do, the first ones first.
    """

    begin: float | None = None
    end: float | None = None
    device_id: str | None = None
    fault: str | None = None
    limit: int = 100
    offset: int = 0
    messages: int = 1_000
    messages_in_all: int = 20_000


@frozen
class SeenFault:
    """A fault that could be seen, from its begin to the last message that it touched; Unix s."""

    device_id: str
    fault: str
    begin: float
    end: float


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

    async def seen(self) -> list[SeenFault]:
        """Return every fault that has touched a message.

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
