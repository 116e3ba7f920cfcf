"""Memory of answered commands: the same id to the same device is not applied twice."""

from collections import OrderedDict

import trio
from attrs import define, field

from iotmock.actors.errors import ActorError
from iotmock.actors.messages import (
    CommandRequest,
    CommandResult,
    ReplySlot,
    ResultLostError,
    shortened,
)

MEMORY_S = 300.0
CAPACITY = 100_000


@define(eq=False)
class Remembered(ReplySlot[CommandResult]):
    """The slot that a device answers; it answers everyone who sent this id."""

    until: float
    memory: "Answered"
    key: tuple[int, str] | None
    waiting: list[ReplySlot[CommandResult]]
    result: CommandResult | None = None

    def answer_later(self, value: CommandResult) -> None:
        """Keep the result: a fault holds the answer back, but nobody else who asks again."""
        self.result = shortened(value)

    def answer(self, value: CommandResult) -> None:
        """Keep the result and pass it on."""
        self.result = shortened(value)
        for slot in self.waiting:
            slot.answer(value)
        self.waiting.clear()

    def fail(self, error: ActorError) -> None:
        """Pass the failure on and forget: nothing was applied, so the id may be tried again."""
        if isinstance(error, ResultLostError):  # but here it was, and a second try hears of it
            self.result = shortened(error.result)
        elif self.key is not None and self.result is None:
            self.memory.drop(self.key)
        for slot in self.waiting:
            slot.fail(error)
        self.waiting.clear()


@define(eq=False)
class Answered:
    """At most `CAPACITY` results, each for `MEMORY_S`; beyond that the oldest is forgotten."""

    forgotten_early: int = 0
    _slots: OrderedDict[tuple[int, str], Remembered] = field(factory=OrderedDict)

    def remember(
        self, serial: int, request: CommandRequest, reply: ReplySlot[CommandResult]
    ) -> Remembered | None:
        """Return the slot for a new command to a device; None if `reply` is served from memory."""
        now = trio.current_time()
        if request.id is None:
            return Remembered(now, self, None, [reply])
        self._expire(now)
        key = (serial, request.id)
        if key in self._slots:
            self._serve(self._slots[key], reply)
            return None
        slot = self._slots[key] = Remembered(now + MEMORY_S, self, key, [reply])
        return slot

    def _serve(self, slot: Remembered, reply: ReplySlot[CommandResult]) -> None:
        if slot.result is None:
            slot.waiting.append(reply)
        else:
            reply.answer(slot.result)

    def _expire(self, now: float) -> None:
        while self._slots:
            oldest = next(iter(self._slots.values()))
            full = len(self._slots) >= CAPACITY
            if oldest.until > now and not full:
                return
            self.forgotten_early += oldest.until > now
            self._slots.popitem(last=False)

    def forget(self, serial: int, request: CommandRequest) -> None:
        """Forget a command that never reached its device."""
        if request.id is not None:
            self.drop((serial, request.id))

    def drop(self, key: tuple[int, str]) -> None:
        """Forget one key."""
        self._slots.pop(key, None)
