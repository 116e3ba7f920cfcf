"""How many faults of each kind have begun, and how many are active."""

from collections import Counter

from attrs import define, field

from iotmock.model.faults.notes import Closed, Note, Opened


@define(eq=False)
class FaultCounts:
    """Kept from the notes for the ledger, so that nobody has to ask the whole fleet.

    A fault that goes on, in a device that was restarted, has not begun again.
    """

    begun: Counter[str] = field(factory=Counter)
    active: Counter[str] = field(factory=Counter)
    _open: set[tuple[str, str]] = field(factory=set)

    def note(self, note: Note) -> None:
        """Take a note into account."""
        if isinstance(note, Opened) and note.begun:
            self._begin(note)
        elif isinstance(note, Closed):
            self._end(note)

    def _begin(self, note: Opened) -> None:
        injection = note.injection
        key, kind = (injection.device_id, injection.fault_id), injection.fault.name
        if key not in self._open:
            self._open.add(key)
            self.begun[kind] += 1
            self.active[kind] += 1

    def _end(self, note: Closed) -> None:
        injection = note.injection
        key = (injection.device_id, injection.fault_id)
        if key in self._open:
            self._open.remove(key)
            self.active[injection.fault.name] -= 1
