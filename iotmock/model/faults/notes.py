"""What goes on record of faults: each step of one, and each message that it touched."""

from collections.abc import Mapping
from typing import Any

from attrs import frozen

from iotmock.model.faults.fault import Injection
from iotmock.model.faults.types.link import Letter


@frozen
class Opened:
    """A fault was taken up; `begun` says that its time has come."""

    injection: Injection
    memory: Mapping[str, Any]
    begun: bool


@frozen
class Remembered:
    """What of a fault must outlive the process has changed."""

    fault_id: str
    memory: Mapping[str, Any]


@frozen
class Closed:
    """A fault has ended; `end` in Unix seconds."""

    injection: Injection
    end: float


@frozen
class Affected:
    """A message is not what, when or as often it should be."""

    fault_id: str
    time: float
    timestamp: str
    effect: str

    @classmethod
    def of(cls, injection: Injection, letter: Letter, effect: str) -> "Affected":
        """Return what a fault did to a data message."""
        return cls(injection.fault_id, letter.time, letter.timestamp, effect)


Note = Opened | Remembered | Closed | Affected


def fault_id_of(note: Note) -> str:
    """Return the id of the fault that a note is of."""
    return note.injection.fault_id if isinstance(note, Opened | Closed) else note.fault_id
