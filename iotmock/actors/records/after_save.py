"""Answers that wait for the disk: what they say is so after an end of the process too."""

from collections import deque

import trio
from attrs import define, field, frozen

from iotmock.actors.errors import StorageError
from iotmock.actors.messages import ReplySlot

PATIENCE_S = 5.0
"""After so long a client hears that it is not saved yet, rather than nothing."""
MOST_WAITING = 10_000
_LOOKS_EVERY_S = 0.5


@frozen
class _Waiter:
    write: int
    until: float
    slot: ReplySlot[None]


@define(eq=False)
class AfterSave:
    """Slots in the order in which they came, which is the order in which they are answered.

    At most `MOST_WAITING`, each for `PATIENCE_S`; beyond that the oldest is failed.
    """

    file: str = "the state file"
    """What is written, in words."""
    _waiting: deque[_Waiter] = field(factory=deque)
    _came: trio.Event = field(factory=trio.Event)
    _empty: trio.Event = field(factory=trio.Event)

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, write: int, slot: ReplySlot[None]) -> None:
        """Have a slot answered when the write of this number is over, or a later one."""
        while len(self._waiting) >= MOST_WAITING:
            self._fail_oldest("too many changes wait to be saved")
        self._waiting.append(_Waiter(write, trio.current_time() + PATIENCE_S, slot))
        self._came.set()

    def settle(self, write: int, error: StorageError | None = None) -> None:
        """Answer all that waited for this write, or fail them."""
        while self._waiting and self._waiting[0].write <= write:
            slot = self._waiting.popleft().slot
            if error is None:
                slot.answer(None)
            else:
                slot.fail(error)
        self._note_empty()

    async def run(self) -> None:
        """Fail what has waited too long for a slow disk, until cancelled."""
        while True:
            await self._came.wait()
            while self._waiting:
                await trio.sleep(_LOOKS_EVERY_S)
                self._lose_patience(trio.current_time())
            self._came = trio.Event()

    async def wait_empty(self) -> None:
        """Wait until nobody waits."""
        while self._waiting:
            await self._empty.wait()

    def _lose_patience(self, now: float) -> None:
        while self._waiting and self._waiting[0].until <= now:
            self._fail_oldest(f"{self.file} took more than {PATIENCE_S:g} s")
        self._note_empty()

    def _fail_oldest(self, why: str) -> None:
        self._waiting.popleft().slot.fail(StorageError(why))

    def _note_empty(self) -> None:
        if not self._waiting:
            self._empty.set()
            self._empty = trio.Event()
