"""A fault as it stands in the ledger, and as clients see it."""

from collections.abc import Iterable, Iterator
from typing import Any, Literal

import msgspec
from attrs import evolve

from iotmock.model.faults.fault import Injection
from iotmock.model.faults.notes import Closed, Note, Opened
from iotmock.model.numbers.plain_number import plain_values
from iotmock.model.timestamp import rfc3339

State = Literal["scheduled", "active", "ended"]


class AffectedMessage(msgspec.Struct, frozen=True):
    """A message that a fault touched.

    `timestamp` is what it says, or would have said; `time` is when it was due. `effect` is
    `reported` (the meter did not tell the truth), `happened` (the truth itself is the fault's
    doing), `missing`, `held back` (it has not come yet), `late`, `overtaken`, `duplicated Nx`,
    `corrupt: ...`, `result lost`, `result late`.
    """

    timestamp: str
    time: str
    effect: str


class FaultEntry(msgspec.Struct, frozen=True):
    """One fault of one device; `affected` counts its messages, also where they are not listed.

    `parameters` may hold numbers that are written out already, see `plain_values`: only an encoder
    of JSON takes them.
    """

    fault_id: str
    device_id: str
    fault: str
    kind: str
    parameters: dict[str, Any]
    begin: str
    end: str | None
    state: State
    cause: str
    group: str | None
    affected: int = 0
    messages: list[AffectedMessage] = []

    @classmethod
    def of(cls, injection: Injection, state: State) -> "FaultEntry":
        """Return the entry of a fault, without its messages."""
        return cls(
            injection.fault_id,
            injection.device_id,
            injection.fault.name,
            injection.fault.kind.value,
            plain_values(msgspec.to_builtins(injection.fault)),
            rfc3339(injection.begin, milliseconds=True),
            None if injection.end is None else rfc3339(injection.end, milliseconds=True),
            state,
            injection.cause,
            injection.group,
        )


def changed_entries(notes: Iterable[Note]) -> Iterator[FaultEntry]:
    """Yield the entries of faults that were taken up, have begun or have ended."""
    for note in notes:
        if isinstance(note, Opened):
            yield FaultEntry.of(note.injection, "active" if note.begun else "scheduled")
        elif isinstance(note, Closed):
            yield FaultEntry.of(evolve(note.injection, end=note.end), "ended")
