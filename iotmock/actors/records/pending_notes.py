"""Notes for the ledger that are not written yet, and which write carries them."""

from collections import deque

import trio
from attrs import define, field

from iotmock.model.faults.notes import Closed, Note, Opened


@define(eq=False)
class PendingNotes:
    """Notes in their order, and the devices of which one tells a begin or an end."""

    asked: trio.Event = field(factory=trio.Event)
    """Set when somebody waits for the next write."""
    writes: int = 0
    """How many writes have begun."""
    _waiting: deque[Note] = field(factory=deque)
    _changed: set[str] = field(factory=set)
    _in_hand: frozenset[str] = frozenset()
    """The devices of which a begin or an end is being written."""

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, note: Note) -> None:
        """Have a note written."""
        if isinstance(note, Opened | Closed):
            self._changed.add(note.injection.device_id)
        self._waiting.append(note)

    def is_saved(self, device_id: str | None = None) -> bool:
        """Say whether what began and ended at a device is durable; None: at every device."""
        if device_id is None:
            return not (self._changed or self._in_hand)
        return device_id not in self._changed and device_id not in self._in_hand

    def carrier(self) -> int:
        """Return the number of the write that carries what is not saved, and hasten it."""
        if not self._changed:  # it is in hand
            return self.writes
        self.asked.set()
        return self.writes + 1

    def take(self) -> deque[Note]:
        """Return what the write that begins now carries."""
        notes, self._waiting = self._waiting, deque()
        self._in_hand, self._changed = frozenset(self._changed), set()
        self.writes += 1
        if self.asked.is_set():  # one that is not set may have a waiter, and is kept for it
            self.asked = trio.Event()
        return notes

    def confirm(self) -> None:
        """Take up that what was taken is durable."""
        self._in_hand = frozenset()

    def put_back(self, notes: deque[Note]) -> None:
        """Take up that it is not."""
        self._waiting = notes + self._waiting
        self._changed |= self._in_hand
        self._in_hand = frozenset()
