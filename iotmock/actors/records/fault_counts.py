"""How many faults of each kind have begun, and how many are active."""

from collections import Counter
from typing import Literal

from attrs import define, field

from iotmock.model.faults.notes import Closed, Note, Opened

Change = Literal["scheduled", "began", "ended", "changed"]


@define(eq=False)
class FaultCounts:
    """Kept from the notes for the ledger, so that nobody has to ask the whole fleet.

    A fault that goes on, in a device that was restarted, has not begun again.
    """

    begun: Counter[str] = field(factory=Counter)
    active: Counter[str] = field(factory=Counter)
    _open: set[tuple[str, str]] = field(factory=set)

    def note(self, note: Note) -> Change | None:
        """Take a note into account; return what has become of a fault, if it tells of one."""
        if isinstance(note, Opened):
            return self._begin(note) if note.begun else "scheduled"
        if isinstance(note, Closed):
            self._end(note)
            return "ended"
        return None

    def _begin(self, note: Opened) -> Change:
        injection = note.injection
        key, kind = (injection.device_id, injection.fault_id), injection.fault.name
        if key in self._open:
            return "changed"
        self._open.add(key)
        self.begun[kind] += 1
        self.active[kind] += 1
        return "began"

    def _end(self, note: Closed) -> None:
        injection = note.injection
        key = (injection.device_id, injection.fault_id)
        if key in self._open:
            self._open.remove(key)
            self.active[injection.fault.name] -= 1
