"""The registry writer: collects changes and writes them in batches."""

from collections.abc import Callable, Iterable, Iterator

import structlog
import trio
from attrs import define, evolve, field

from iotmock.actors.definitions.file import Blocks, FleetChange, NoBlocks
from iotmock.actors.errors import StorageError
from iotmock.actors.messages import ReplySlot
from iotmock.actors.ports.registry_file import EnergyCount, FileLostError, RegistryFile
from iotmock.actors.records.after_save import AfterSave
from iotmock.actors.records.memories import Memories
from iotmock.actors.records.pending import Asked, Pending, Records, nothing

log = structlog.get_logger()

ENERGY_PERIOD_S = 4.0
RESERVED_S = 6.0
"""How long a saved counter's reserve lasts: the period, and time for a slow disk."""

_RETRY_S = 1.0
_SLICE = 1_000

Counters = Callable[[Iterable[str] | None], Iterable[EnergyCount]]
"""The counters of the named devices that there are; None asks for all."""


def _no_record(_: str) -> None:
    return None


def _tell_nobody(_: Iterable[EnergyCount]) -> None:
    """Nobody wants to know."""


@define(eq=False)
class RegistryWriter:
    """Lets the file follow the roster: what it notes are ids, what it writes is read from there.

    So no record can come back after its device is gone, however many have asked for what.

    Long because each way to ask for a write says how it can fail; what waits for one is `Pending`.
    """

    file: RegistryFile
    failing: str | None = None
    """Why the last write failed, for the health page."""
    lost: bool = False
    """Whether the file is not there to be written any more; `failing` says what to do."""
    blocks: Blocks = field(factory=NoBlocks)
    """Where the counters of fleets come from."""
    records: Records = _no_record
    """Where records come from: the supervisor."""
    note_saved: Callable[[Iterable[EnergyCount]], None] = _tell_nobody
    """Who is told which counters of single devices are durable."""
    after_save: AfterSave = field(factory=AfterSave)
    """Who is told when something is durable, and does not wait in a task."""
    memories: Memories = field(factory=Memories)
    _pending: Pending = field(factory=Pending)
    _lock: trio.Lock = field(factory=trio.Lock)

    def note(self, device_id: str) -> None:
        """Write soon what the roster says of this device; a failure is logged and tried again."""
        self._pending.note(device_id)

    def is_saved(self, device_id: str) -> bool:
        """Say whether all that was noted of a device is durable."""
        return self._pending.is_saved(device_id)

    def when_saved(self, device_id: str, slot: ReplySlot[None]) -> None:
        """Answer the slot once all that was noted of a device is durable, which may be at once.

        It fails with a `StorageError` when it could not be written or takes too long. Slots of one
        device are answered in the order in which they came.
        """
        if self.is_saved(device_id):
            slot.answer(None)
        else:
            self.after_save.add(self._pending.writes + 1, slot)
            self._pending.work.set()

    async def wait_saved(self, device_id: str) -> None:
        """Return once all that was noted of a device is durable.

        Raises:
            StorageError: it could not be written; it is tried again.
        """
        if not self.is_saved(device_id):
            await self._pending.add(()).reply.wait()

    async def save(
        self, device_id: str, *changes: FleetChange, undo: Callable[[], object] = nothing
    ) -> None:
        """Write what the roster says of a device; return once that is durable.

        `changes` of its fleet are written with it, or not at all. `undo` is called at once when
        the write has failed, before another can begin.

        Raises:
            StorageError: it could not be written.
        """
        self.note(device_id)
        await self._pending.add(changes, undo).reply.wait()

    async def save_fleet(self, *changes: FleetChange) -> None:
        """Write changes of fleets, and the blocks that are due; return once that is durable.

        Raises:
            StorageError: it could not be written; the changes will not be.
        """
        await self._pending.add(changes).reply.wait()

    async def run(self, counters: Counters) -> None:
        """Write changes as they come, and the counters every `ENERGY_PERIOD_S`, until cancelled."""
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self.after_save.run)
            await self._write_for_ever(counters)

    async def _write_for_ever(self, counters: Counters) -> None:
        counters_due = trio.current_time() + ENERGY_PERIOD_S
        while True:
            with trio.move_on_at(counters_due):
                await self._pending.work.wait()
            # After a failure everything: a small write may succeed where the counters do not fit.
            if trio.current_time() >= counters_due or self.failing:
                counters_due = trio.current_time() + ENERGY_PERIOD_S
                await self._write(counters, every_counter=True)
            else:
                await self._write(counters)
            if self.failing:
                await trio.sleep(_RETRY_S)

    async def renew(self, device_id: str) -> None:
        """Save the counter of a device with its reserve; where the file fails, do not wait for it.

        Raises:
            StorageError: it could not be written.
        """
        self._pending.touch(device_id)
        if self.failing is None:
            await self._pending.add(()).reply.wait()

    async def write_now(self, counters: Counters, *, closes: bool = False) -> None:
        """Write all that is pending and the counters, once: before the first tick, and at the end.

        Without the first, a second kill soon after a first would find a reserve that is used up.
        With `closes` these counters are what the next life goes on from.
        """
        await self._write(counters, every_counter=True, every_block=True, closes=closes)

    async def _write(
        self,
        counters: Counters,
        *,
        every_counter: bool = False,
        every_block: bool = False,
        closes: bool = False,
    ) -> None:
        async with self._lock:
            asked = self._pending.take(self.records)
            try:
                energies = await _listed(counters(None if every_counter else asked.names))
                blocks = await (
                    self.blocks.take_all() if every_block else self.blocks.take(asked.names)
                )
                memories = self.memories.to_write(every=every_block)
                batch = asked.batch(energies, blocks, closes=closes)
                await self.file.write(evolve(batch, memories=memories))
            except OSError as error:
                self._pending.put_back(asked)
                self._note_failure(asked, error)
            except BaseException:
                self._pending.undo_take(asked)
                raise
            else:
                self.note_saved(energies)
                self.blocks.note_saved(blocks)
                self.memories.confirm()
                self._confirm(asked)

    def _note_failure(self, asked: Asked, error: OSError) -> None:
        lost = isinstance(error, FileLostError)
        if self.failing is None or lost > self.lost:
            event = "the state file can not be written"
            log.error(event if lost else f"{event}; will keep trying", error=str(error))
        self.failing, self.lost = str(error), lost
        why = f"the state file can not be written: {error}"
        asked.fail(why)
        self.after_save.settle(self._pending.writes, StorageError(why))

    def problems(self) -> Iterator[str]:
        """See `Part`."""
        if self.failing is not None:
            advice = "make room or give the right to write; it is tried again every second"
            what = f"the state file can not be written: {self.failing}"
            yield what if self.lost else f"{what}; {advice}"

    def _confirm(self, asked: Asked) -> None:
        if self.failing is not None:
            log.info("the state file can be written again")
        self.failing, self.lost = None, False
        self._pending.confirm()
        asked.answer()
        self.after_save.settle(self._pending.writes)


async def _listed(counts: Iterable[EnergyCount]) -> list[EnergyCount]:
    """List the counters of a fleet that is large without holding everyone up."""
    listed = []
    for count in counts:
        listed.append(count)
        if len(listed) % _SLICE == 0:
            await trio.lowlevel.checkpoint()
    return listed
