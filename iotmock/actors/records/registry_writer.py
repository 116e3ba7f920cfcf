"""The registry writer: collects changes and writes them in batches."""

from collections.abc import Callable, Iterable, Iterator, Sequence

import structlog
import trio
from attrs import define, field, frozen

from iotmock.actors.definitions.file import Blocks, EnergyBlock, FleetChange, NoBlocks
from iotmock.actors.errors import StorageError
from iotmock.actors.messages import Reply, ReplySlot
from iotmock.actors.ports.registry_file import Batch, EnergyCount, RegistryFile
from iotmock.actors.records.after_save import AfterSave
from iotmock.model.spec import DeviceRecord

log = structlog.get_logger()

ENERGY_PERIOD_S = 4.0
RESERVED_S = 6.0
"""How long a saved counter's reserve lasts: the period, and time for a slow disk."""

_RETRY_S = 1.0
_SLICE = 1_000

Counters = Callable[[Iterable[str] | None], Iterable[EnergyCount]]
"""The counters of the named devices that there are; None asks for all."""


Records = Callable[[str], DeviceRecord | None]
"""What the roster says of an id at this moment; None: the file must have no record of it."""


def _no_record(_: str) -> None:
    return None


def _tell_nobody(_: Iterable[EnergyCount]) -> None:
    """Nobody wants to know."""


def _nothing() -> None:
    """Nothing is to be undone."""


@define(eq=False)
class RegistryWriter:
    """Lets the file follow the roster: what it notes are ids, what it writes is read from there.

    So no record can come back after its device is gone, however many have asked for what.
    Its inbox holds an id once, so it is bounded by the fleet.
    """

    file: RegistryFile
    failing: str | None = None
    """Why the last write failed, for the health page."""
    blocks: Blocks = field(factory=NoBlocks)
    """Where the counters of fleets come from."""
    records: Records = _no_record
    """Where records come from: the supervisor."""
    note_saved: Callable[[Iterable[EnergyCount]], None] = _tell_nobody
    """Who is told which counters of single devices are durable."""
    after_save: AfterSave = field(factory=AfterSave)
    """Who is told when something is durable, and does not wait in a task."""
    _changed: dict[str, None] = field(factory=dict)
    _in_hand: frozenset[str] = frozenset()
    """The devices that are being written."""
    _writes: int = 0
    """How many writes have begun."""
    _touched: set[str] = field(factory=set)
    """Whose counters are to be written, and not their records."""
    _saves: list["_Save"] = field(factory=list)
    _work: trio.Event = field(factory=trio.Event)
    _lock: trio.Lock = field(factory=trio.Lock)

    def note(self, device_id: str) -> None:
        """Write soon what the roster says of this device; a failure is logged and tried again."""
        self._changed[device_id] = None
        self._work.set()

    def is_saved(self, device_id: str) -> bool:
        """Say whether all that was noted of a device is durable."""
        return device_id not in self._changed and device_id not in self._in_hand

    def when_saved(self, device_id: str, slot: ReplySlot[None]) -> None:
        """Answer the slot once all that was noted of a device is durable, which may be at once.

        It fails with a `StorageError` when it could not be written or takes too long. Slots of one
        device are answered in the order in which they came.
        """
        if self.is_saved(device_id):
            slot.answer(None)
        else:
            self.after_save.add(self._writes + 1, slot)
            self._work.set()

    async def wait_saved(self, device_id: str) -> None:
        """Return once all that was noted of a device is durable.

        Raises:
            StorageError: it could not be written; it is tried again.
        """
        if not self.is_saved(device_id):
            self._work.set()
            await self._written((), _nothing)

    async def save(
        self, device_id: str, *changes: FleetChange, undo: Callable[[], object] = _nothing
    ) -> None:
        """Write what the roster says of a device; return once that is durable.

        `changes` of its fleet are written with it, or not at all. `undo` is called at once when
        the write has failed, before another can begin.

        Raises:
            StorageError: it could not be written.
        """
        self.note(device_id)
        await self._written(changes, undo)

    async def save_fleet(self, *changes: FleetChange) -> None:
        """Write changes of fleets, and the blocks that are due; return once that is durable.

        Raises:
            StorageError: it could not be written; the changes will not be.
        """
        self._work.set()
        await self._written(changes, _nothing)

    async def _written(self, changes: Sequence[FleetChange], undo: Callable[[], object]) -> None:
        save = _Save(changes, undo)
        self._saves.append(save)
        await save.reply.wait()

    async def run(self, counters: Counters) -> None:
        """Write changes as they come, and the counters every `ENERGY_PERIOD_S`, until cancelled."""
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self.after_save.run)
            await self._write_for_ever(counters)

    async def _write_for_ever(self, counters: Counters) -> None:
        counters_due = trio.current_time() + ENERGY_PERIOD_S
        while True:
            with trio.move_on_at(counters_due):
                await self._work.wait()
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
        self._touched.add(device_id)
        self._work.set()
        if self.failing is None:
            await self._written((), _nothing)

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
            asked = self._take()
            try:
                energies = await _listed(counters(None if every_counter else asked.names))
                blocks = await (
                    self.blocks.take_all() if every_block else self.blocks.take(asked.names)
                )
                await self.file.write(asked.batch(energies, blocks, closes=closes))
            except OSError as error:
                self._put_back(asked)
                self._note_failure(asked, error)
            except BaseException:
                self._put_back(asked)
                self._saves = asked.saves + self._saves
                self._writes -= 1  # who waits for this one waits for the next
                raise
            else:
                self.note_saved(energies)
                self.blocks.note_saved(blocks)
                self._confirm(asked)

    def _take(self) -> "_Asked":
        # Records before anything awaits: they and the changes of fleets are of one moment.
        records = {device_id: self.records(device_id) for device_id in self._changed}
        asked = _Asked(records, self._touched, self._saves)
        self._in_hand, self._writes = frozenset(records), self._writes + 1
        self._changed, self._touched, self._saves = {}, set(), []
        if self._work.is_set():  # one that is not set may have a waiter, and is kept for it
            self._work = trio.Event()
        return asked

    def _put_back(self, asked: "_Asked") -> None:
        self._changed = dict.fromkeys(asked.records) | self._changed
        self._in_hand = frozenset()
        self._work.set()

    def _note_failure(self, asked: "_Asked", error: OSError) -> None:
        if self.failing is None:
            log.error("the state file can not be written; will keep trying", error=str(error))
        self.failing = str(error)
        why = f"the state file can not be written: {error}"
        for save in asked.saves:
            save.undo()
            save.reply.fail(StorageError(why))
        self.after_save.settle(self._writes, StorageError(why))

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
        self.failing, self._in_hand = None, frozenset()
        for save in asked.saves:
            save.reply.answer(None)
        self.after_save.settle(self._writes)


async def _listed(counts: Iterable[EnergyCount]) -> list[EnergyCount]:
    """List the counters of a fleet that is large without holding everyone up."""
    listed = []
    for count in counts:
        listed.append(count)
        if len(listed) % _SLICE == 0:
            await trio.lowlevel.checkpoint()
    return listed


@frozen
class _Save:
    """What must be written with the next batch, and who waits for it."""

    changes: Sequence[FleetChange]
    undo: Callable[[], object]
    reply: Reply[None] = field(factory=Reply)


@frozen
class _Asked:
    """What one write carries, and who waits for it."""

    records: dict[str, DeviceRecord | None]
    touched: set[str]
    saves: list[_Save]

    @property
    def names(self) -> list[str]:
        """The devices whose counters must be written with it."""
        changed = (device_id for device_id, record in self.records.items() if record is not None)
        return [*changed, *self.touched]

    def batch(
        self, energies: list[EnergyCount], blocks: list[EnergyBlock], *, closes: bool
    ) -> Batch:
        """Return it as the file takes it."""
        return Batch(
            upserts=[record for record in self.records.values() if record is not None],
            deletes=[device_id for device_id, record in self.records.items() if record is None],
            energies=energies,
            changes=[change for save in self.saves for change in save.changes],
            blocks=blocks,
            closes=closes,
        )
