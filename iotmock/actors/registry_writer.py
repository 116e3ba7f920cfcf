"""The registry writer: collects changes and writes them in batches."""

from collections.abc import Callable, Iterable, Iterator

import structlog
import trio
from attrs import define, field, frozen

from iotmock.actors.errors import StorageError
from iotmock.actors.fleet_file import Blocks, EnergyBlock, FleetChange, NoBlocks
from iotmock.actors.messages import Reply
from iotmock.actors.ports import Batch, EnergyCount, RegistryFile
from iotmock.model.spec import DeviceRecord

log = structlog.get_logger()

ENERGY_PERIOD_S = 4.0
RESERVED_S = 6.0
"""How long a saved counter's reserve lasts: the period, and time for a slow disk."""

_RETRY_S = 1.0
_SLICE = 1_000

Counters = Callable[[Iterable[str] | None], Iterable[EnergyCount]]
"""The counters of the named devices that there are; None asks for all."""


@define(eq=False)
class RegistryWriter:
    """Its inbox holds one pending change per device, so it is bounded by the fleet."""

    file: RegistryFile
    failing: str | None = None
    """Why the last write failed, for the health page."""
    blocks: Blocks = field(factory=NoBlocks)
    """Where the counters of fleets come from."""
    _pending: dict[str, DeviceRecord | None] = field(factory=dict)
    _changes: list[FleetChange] = field(factory=list)
    _saves: list[Reply[None]] = field(factory=list)
    _work: trio.Event = field(factory=trio.Event)
    _lock: trio.Lock = field(factory=trio.Lock)

    def tell(self, record: DeviceRecord) -> None:
        """Write this record soon; a failure is logged and tried again."""
        self._pending[record.spec.device_id] = record
        self._work.set()

    def tell_gone(self, device_id: str) -> None:
        """Delete this device's record soon, if there is one."""
        self._pending[device_id] = None
        self._work.set()

    async def save(self, record: DeviceRecord) -> None:
        """Write this record and return once it is durable.

        Raises:
            StorageError: it could not be written, and will not be.
        """
        self.tell(record)
        await self._written(record.spec.device_id)

    async def forget(self, device_id: str, *changes: FleetChange) -> None:
        """Delete a record, with what that changes of a fleet; return once that is durable.

        Raises:
            StorageError: it could not be deleted, and will not be.
        """
        self.tell_gone(device_id)
        self._changes += changes
        await self._written(device_id, *changes)

    async def save_fleet(self, *changes: FleetChange) -> None:
        """Write changes of fleets, and the blocks that are due; return once that is durable.

        Raises:
            StorageError: it could not be written; the changes will not be.
        """
        self._changes += changes
        self._work.set()
        await self._written(None, *changes)

    async def _written(self, device_id: str | None, *changes: FleetChange) -> None:
        reply: Reply[None] = Reply()
        self._saves.append(reply)
        try:
            await reply.wait()
        except StorageError:
            if device_id is not None:
                self._pending.pop(device_id, None)
            self._changes = [change for change in self._changes if change not in changes]
            raise

    async def run(self, counters: Counters) -> None:
        """Write changes as they come, and the counters every `ENERGY_PERIOD_S`, until cancelled."""
        counters_due = trio.current_time() + ENERGY_PERIOD_S
        while True:
            with trio.move_on_at(counters_due):
                await self._work.wait()
            if trio.current_time() >= counters_due:
                counters_due = trio.current_time() + ENERGY_PERIOD_S
                await self._write(await _listed(counters(None)))
            else:
                await self._write(await _listed(counters(self._pending)))
            if self.failing:
                await trio.sleep(_RETRY_S)

    async def write_now(self, counters: Counters) -> None:
        """Write all that is pending and the counters, once: before the first tick, and at the end.

        Without the first, a second kill soon after a first would find a reserve that is used up.
        """
        await self._write(await _listed(counters(None)), every_block=True)

    async def _write(self, energies: list[EnergyCount], *, every_block: bool = False) -> None:
        async with self._lock:
            asked = self._take()
            try:
                blocks = await (self.blocks.take_all() if every_block else self._due_blocks(asked))
                await self.file.write(asked.batch(energies, blocks))
            except OSError as error:
                self._put_back(asked)
                self._note_failure(asked, error)
            except BaseException:
                self._put_back(asked)
                self._saves = asked.saves + self._saves
                raise
            else:
                self.blocks.note_saved(blocks)
                self._confirm(asked)

    def _take(self) -> "_Asked":
        asked = _Asked(self._pending, self._changes, self._saves)
        self._pending, self._changes, self._saves = {}, [], []
        if self._work.is_set():  # one that is not set may have a waiter, and is kept for it
            self._work = trio.Event()
        return asked

    async def _due_blocks(self, asked: "_Asked") -> list[EnergyBlock]:
        changed = [name for name, record in asked.pending.items() if record is not None]
        return await self.blocks.take(changed)

    def _put_back(self, asked: "_Asked") -> None:
        self._pending = asked.pending | self._pending
        self._changes = asked.changes + self._changes
        self._work.set()

    def _note_failure(self, asked: "_Asked", error: OSError) -> None:
        if self.failing is None:
            log.error("the state file can not be written; will keep trying", error=str(error))
        self.failing = str(error)
        for reply in asked.saves:
            reply.fail(StorageError(f"the state file can not be written: {error}"))

    def problems(self) -> Iterator[str]:
        """See `Part`."""
        if self.failing is not None:
            yield (
                f"the state file can not be written: {self.failing}; make room or give the right "
                "to write; it is tried again every second"
            )

    def _confirm(self, asked: "_Asked") -> None:
        if self.failing is not None:
            log.info("the state file can be written again")
        self.failing = None
        for reply in asked.saves:
            reply.answer(None)


async def _listed(counts: Iterable[EnergyCount]) -> list[EnergyCount]:
    """List the counters of a fleet that is large without holding everyone up."""
    listed = []
    for count in counts:
        listed.append(count)
        if len(listed) % _SLICE == 0:
            await trio.lowlevel.checkpoint()
    return listed


@frozen
class _Asked:
    """What one write carries, and who waits for it."""

    pending: dict[str, DeviceRecord | None]
    changes: list[FleetChange]
    saves: list[Reply[None]]

    def batch(self, energies: list[EnergyCount], blocks: list[EnergyBlock]) -> Batch:
        """Return it as the file takes it."""
        return Batch(
            upserts=[record for record in self.pending.values() if record is not None],
            deletes=[device_id for device_id, record in self.pending.items() if record is None],
            energies=energies,
            changes=self.changes,
            blocks=blocks,
        )
