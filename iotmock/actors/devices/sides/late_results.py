"""Results of commands that a fault holds back."""

from collections import deque

from attrs import define, field, frozen

from iotmock.actors.errors import ActorError
from iotmock.actors.messages import CommandResult, ReplySlot

_MOST_LATE = 100
"""Results that a fault holds back at a time; what is beyond lets the oldest go."""


@frozen
class LateResult:
    """The result of a command, which a fault holds back until `due`."""

    due: float
    reply: ReplySlot[CommandResult]
    result: CommandResult


@define(eq=False)
class LateResults:
    """Those of one device, in the order in which they were given."""

    _waiting: deque[LateResult] = field(factory=deque)

    def hold(self, late: LateResult) -> None:
        """Hold one back."""
        self._waiting.append(late)
        if len(self._waiting) > _MOST_LATE:  # a flood under a fault takes no memory
            first = self._waiting.popleft()
            first.reply.answer(first.result)

    def give(self, now: float) -> bool:
        """Answer what is due at `now`, Unix seconds; say whether any is left."""
        due = [late for late in self._waiting if late.due <= now]
        self._waiting = deque(late for late in self._waiting if late.due > now)
        for late in due:
            late.reply.answer(late.result)
        return bool(self._waiting)

    def fail(self, error: ActorError) -> None:
        """Fail all."""
        while self._waiting:
            self._waiting.popleft().reply.fail(error)
