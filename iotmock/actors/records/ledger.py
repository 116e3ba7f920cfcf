"""The ledger: puts on record what the fleet did wrong on purpose."""

from collections import deque
from collections.abc import Iterable, Iterator

import structlog
import trio
from attrs import define, field

from iotmock.actors.errors import StorageError
from iotmock.actors.observing import apart
from iotmock.actors.ports.ledger_file import LedgerFile, Page, SeenFault
from iotmock.actors.records.fault_counts import FaultCounts
from iotmock.actors.stream.hub import Hub
from iotmock.model.faults.entry import FaultEntry
from iotmock.model.faults.notes import Affected, Closed, Note, Opened

log = structlog.get_logger()

CAPACITY = 500_000
_PERIOD_S = 1.0


@define(eq=False)
class Ledger:
    """Notes wait in memory for at most a second, or until the file can be written.

    At most `capacity` wait. Then affected messages are no longer noted, and counted in `unnoted`;
    begins and ends always are.
    """

    file: LedgerFile
    capacity: int = CAPACITY
    failing: str | None = None
    """Why the last write failed, for the health page."""
    unnoted: int = 0
    counts: FaultCounts = field(factory=FaultCounts)
    hub: Hub = field(factory=Hub)
    """Hears of every begin and end."""
    _waiting: deque[Note] = field(factory=deque)
    _lock: trio.Lock = field(factory=trio.Lock)

    def tell(self, notes: Iterable[Note]) -> None:
        """Put notes on record soon."""
        for note in notes:
            if not isinstance(note, Affected):
                self._tell_hub(note)
            elif len(self._waiting) >= self.capacity:
                self._leave_out()
                continue
            self._waiting.append(note)

    def _tell_hub(self, note: Note) -> None:
        change = self.counts.note(note)
        if change is not None and isinstance(note, Opened | Closed):
            with apart("the event stream", note.injection.device_id):
                self.hub.noted(note, change)

    @property
    def waiting(self) -> int:
        """How many notes have not been written."""
        return len(self._waiting)

    def _leave_out(self) -> None:
        if self.unnoted % self.capacity == 0:
            log.error("the ledger can not keep up: affected messages are not noted")
        self.unnoted += 1

    async def run(self) -> None:
        """Write what waits, every second, until cancelled."""
        while True:
            await trio.sleep(_PERIOD_S)
            await self.write_now()

    async def write_now(self) -> None:
        """Write what waits; a failure is logged and tried again.

        Where nothing waits the file is asked all the same: it may be gone.
        """
        async with self._lock:
            notes, self._waiting = self._waiting, deque()
            try:
                await self.file.write(notes)
            except OSError as error:
                self._give_back(notes, error)
            except BaseException:
                self._waiting = notes + self._waiting
                raise
            else:
                self._note_success()

    def _give_back(self, notes: deque[Note], error: OSError) -> None:
        self._waiting = notes + self._waiting
        if self.failing is None:
            log.error("the fault ledger can not be written; will keep trying", error=str(error))
        self.failing = str(error)

    def _note_success(self) -> None:
        if self.failing is not None:
            log.info("the fault ledger can be written again")
        self.failing = None

    def problems(self) -> Iterator[str]:
        """See `Part`."""
        if self.failing is not None:
            yield (
                f"the fault ledger can not be written: {self.failing}; make room or give the right "
                "to write; it is tried again every second"
            )
        if self.unnoted:
            yield (
                f"the fault ledger left out {self.unnoted} affected messages: scores of this life "
                "are not complete; use fewer faults or a faster disk"
            )

    async def find(self, page: Page) -> tuple[list[FaultEntry], int]:
        """Return a page of entries, with all that is known now, and how many there are in all.

        Raises:
            StorageError: the file could not be read.
        """
        await self.write_now()
        try:
            return await self.file.find(page)
        except OSError as error:
            raise StorageError(f"the fault ledger can not be read: {error}") from error

    async def seen(self) -> list[SeenFault]:
        """Return every fault that has touched a message so far.

        Raises:
            StorageError: the file could not be read.
        """
        await self.write_now()
        try:
            return await self.file.seen()
        except OSError as error:
            raise StorageError(f"the fault ledger can not be read: {error}") from error
