"""What is noted and not written yet, what of it one write carries, and who waits for that."""

from collections.abc import Callable, Sequence

import trio
from attrs import define, field, frozen

from iotmock.actors.definitions.file import EnergyBlock, FleetChange
from iotmock.actors.errors import StorageError
from iotmock.actors.messages import Reply
from iotmock.actors.ports.registry_file import Batch, EnergyCount
from iotmock.model.spec import DeviceRecord

Records = Callable[[str], DeviceRecord | None]
"""What the roster says of an id at this moment; None: the file must have no record of it."""


def nothing() -> None:
    """Nothing is to be undone."""


@frozen
class Save:
    """What must be written with the next batch, and who waits for it."""

    changes: Sequence[FleetChange]
    undo: Callable[[], object]
    reply: Reply[None] = field(factory=Reply)


@frozen
class Asked:
    """What one write carries, and who waits for it."""

    records: dict[str, DeviceRecord | None]
    touched: set[str]
    saves: list[Save]

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

    def answer(self) -> None:
        """Say that it is durable."""
        for save in self.saves:
            save.reply.answer(None)

    def fail(self, why: str) -> None:
        """Say that it is not, and will not be but for what is noted."""
        for save in self.saves:
            save.undo()
            save.reply.fail(StorageError(why))


@define(eq=False)
class Pending:
    """Ids of what has changed, each once, so bounded by the fleet; and changes of fleets."""

    work: trio.Event = field(factory=trio.Event)
    """Set when something is to be written."""
    writes: int = 0
    """How many writes have begun."""
    _changed: dict[str, None] = field(factory=dict)
    _touched: set[str] = field(factory=set)
    """Whose counters are to be written, and not their records."""
    _saves: list[Save] = field(factory=list)
    _in_hand: frozenset[str] = frozenset()
    """The devices that are being written."""

    def note(self, device_id: str) -> None:
        """Have the record of a device written."""
        self._changed[device_id] = None
        self.work.set()

    def touch(self, device_id: str) -> None:
        """Have the counter of a device written."""
        self._touched.add(device_id)
        self.work.set()

    def add(self, changes: Sequence[FleetChange], undo: Callable[[], object] = nothing) -> Save:
        """Have changes of fleets written, and return where one waits for that and all else."""
        save = Save(changes, undo)
        self._saves.append(save)
        self.work.set()
        return save

    def is_saved(self, device_id: str) -> bool:
        """Say whether all that was noted of a device is durable."""
        return device_id not in self._changed and device_id not in self._in_hand

    def take(self, records: Records) -> Asked:
        """Return what the write that begins now carries."""
        # Records before anything awaits: they and the changes of fleets are of one moment.
        found = {device_id: records(device_id) for device_id in self._changed}
        asked = Asked(found, self._touched, self._saves)
        self._in_hand, self.writes = frozenset(found), self.writes + 1
        self._changed, self._touched, self._saves = {}, set(), []
        if self.work.is_set():  # one that is not set may have a waiter, and is kept for it
            self.work = trio.Event()
        return asked

    def confirm(self) -> None:
        """Take up that what was taken is durable."""
        self._in_hand = frozenset()

    def put_back(self, asked: Asked) -> None:
        """Take up that it is not; who waited for that write is told by `Asked.fail`."""
        self._changed = dict.fromkeys(asked.records) | self._changed
        self._in_hand = frozenset()
        self.work.set()

    def undo_take(self, asked: Asked) -> None:
        """Let it be as if that write had not begun: who waits for it waits for the next."""
        self.put_back(asked)
        self._saves = asked.saves + self._saves
        self.writes -= 1
