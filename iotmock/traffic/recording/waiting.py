"""What waits for the disk: bounded in number and in bytes, and taken in few large batches."""

import trio
from attrs import define, field

from iotmock.traffic.recorded import Recorded

_MOST_ROWS = 20_000
_MOST_BYTES = 32 << 20
"""From then on the broker is read no further."""
_BATCH_ROWS = 5_000
_BATCH_BYTES = 4 << 20
_PATIENCE_S = 0.25
"""Each batch has a head of its own, and compresses better the longer it is."""


@define(eq=False)
class Waiting:
    """One task puts messages here, another takes them; while one waits, the other does not."""

    _rows: list[Recorded] = field(factory=list)
    _bytes: int = 0
    _ended: bool = False
    _some: trio.Event = field(factory=trio.Event)
    _enough: trio.Event = field(factory=trio.Event)
    _room: trio.Event = field(factory=trio.Event)

    async def put(self, rows: list[Recorded]) -> None:
        """Append messages, whoever cancels; then wait until there is room for more."""
        self._rows += rows
        self._bytes += _size(rows)
        self._note()
        while len(self._rows) >= _MOST_ROWS or self._bytes >= _MOST_BYTES:
            self._room = trio.Event()
            await self._room.wait()

    def end(self) -> None:
        """Say that no more will come."""
        self._ended = True
        self._note()

    async def take(self) -> list[Recorded]:
        """Return what is to be written next, a moment after the first of it; nothing at the end."""
        await self._some.wait()
        with trio.move_on_after(_PATIENCE_S):
            await self._enough.wait()
        taken, self._rows = self._rows[:_BATCH_ROWS], self._rows[_BATCH_ROWS:]
        self._bytes -= _size(taken)
        self._some, self._enough = trio.Event(), trio.Event()
        self._note()
        self._room.set()
        return taken

    def _note(self) -> None:
        if self._rows or self._ended:
            self._some.set()
        if self._ended or len(self._rows) >= _BATCH_ROWS or self._bytes >= _BATCH_BYTES:
            self._enough.set()


def _size(rows: list[Recorded]) -> int:
    return sum(len(row.payload) for row in rows)
