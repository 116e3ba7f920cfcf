"""The ledger: puts on record what the fleet did wrong on purpose."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial

import structlog
import trio
from attrs import define, field

from iotmock.actors.errors import StorageError, UnreadableError
from iotmock.actors.messages import Reply, ReplySlot
from iotmock.actors.observing import apart
from iotmock.actors.ports.ledger_file import LedgerFile, Page, SeenFault
from iotmock.actors.records.after_save import AfterSave
from iotmock.actors.records.fault_counts import FaultCounts
from iotmock.actors.records.pending_notes import PendingNotes
from iotmock.actors.stream.hub import Hub
from iotmock.model.faults.entry import FaultEntry
from iotmock.model.faults.notes import Affected, Closed, Note, Opened

log = structlog.get_logger()

CAPACITY = 500_000
_PERIOD_S = 1.0


@define(eq=False)
class Ledger:
    """Notes wait in memory for at most a second, or until the file can be written.

    Where somebody waits for them they are written at once, with all that has come by then.

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
    after_save: AfterSave = field(factory=partial(AfterSave, "the fault ledger"))
    """Who is told when what has begun or ended is durable."""
    _pending: PendingNotes = field(factory=PendingNotes)
    _lock: trio.Lock = field(factory=trio.Lock)

    def tell(self, notes: Iterable[Note]) -> None:
        """Put notes on record soon."""
        for note in notes:
            if not isinstance(note, Affected):
                self._tell_hub(note)
            elif len(self._pending) >= self.capacity:
                self._leave_out()
                continue
            self._pending.add(note)

    def _tell_hub(self, note: Note) -> None:
        change = self.counts.note(note)
        if change is not None and isinstance(note, Opened | Closed):
            with apart("the event stream", note.injection.device_id):
                self.hub.noted(note, change)

    def when_saved(self, device_id: str, slot: ReplySlot[None]) -> None:
        """Answer the slot once what began and ended at a device is durable, which may be at once.

        See `RegistryWriter.when_saved`.
        """
        if self._pending.is_saved(device_id):
            slot.answer(None)
        else:
            self.after_save.add(self._pending.carrier(), slot)

    async def wait_saved(self) -> None:
        """Return once all that has begun and ended so far is durable.

        Raises:
            StorageError: it could not be written; it is tried again.
        """
        if not self._pending.is_saved():
            reply: Reply[None] = Reply()
            self.after_save.add(self._pending.carrier(), reply)
            await reply.wait()

    @property
    def waiting(self) -> int:
        """How many notes have not been written."""
        return len(self._pending)

    def _leave_out(self) -> None:
        if self.unnoted % self.capacity == 0:
            log.error("the ledger can not keep up: affected messages are not noted")
        self.unnoted += 1

    async def run(self) -> None:
        """Write what waits, every second and when somebody waits for it, until cancelled."""
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self.after_save.run)
            while True:
                await self._rest()
                await self.write_now()

    async def _rest(self) -> None:
        if self.failing is not None:
            await trio.sleep(_PERIOD_S)
        else:
            with trio.move_on_after(_PERIOD_S):
                await self._pending.asked.wait()

    async def write_now(self) -> None:
        """Write what waits; a failure is logged and tried again.

        Where nothing waits the file is asked all the same: it may be gone.
        """
        async with self._lock:
            notes = self._pending.take()
            try:
                await self.file.write(notes)
            except OSError as error:
                self._pending.put_back(notes)
                self._note_failure(error)
            except BaseException:
                self._pending.put_back(notes)
                raise
            else:
                self._note_success()

    def _note_failure(self, error: OSError) -> None:
        if self.failing is None:
            log.error("the fault ledger can not be written; will keep trying", error=str(error))
        self.failing = str(error)
        why = f"the fault ledger can not be written: {error}"
        self.after_save.settle(self._pending.writes, StorageError(why))

    def _note_success(self) -> None:
        if self.failing is not None:
            log.info("the fault ledger can be written again")
        self.failing = None
        self._pending.confirm()
        self.after_save.settle(self._pending.writes)

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
            UnreadableError: the file could not be read.
        """
        await self.write_now()
        with _reading():
            return await self.file.find(page)

    async def seen(self) -> list[SeenFault]:
        """Return every fault that has touched a message so far.

        Raises:
            UnreadableError: the file could not be read.
        """
        await self.write_now()
        with _reading():
            return await self.file.seen()


@contextmanager
def _reading() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UnreadableError(f"the fault ledger can not be read: {error}") from error
