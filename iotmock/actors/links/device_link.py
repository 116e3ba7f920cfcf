"""One device's link: its line, what waits to go over it, and whether it may be up."""

from itertools import takewhile
from typing import Literal

from attrs import define, field

from iotmock.actors.links.backoff import Backoff
from iotmock.actors.links.links import PATIENCE_S
from iotmock.actors.messages import Kind, Outgoing, size_of
from iotmock.actors.ports.line import Line


@define(eq=False)
class DeviceLink:
    """`first` are births and the newest status; they go out before all `waiting`, in order.

    A link is closed between two messages: one that is `severed` or `leaving` is so as soon as the
    broker has answered for what it was sent.
    """

    device_id: str
    line: Line
    first: tuple[Outgoing, ...] = ()
    waiting: list[Outgoing] = field(factory=list)
    backoff: Backoff = field(factory=Backoff)
    state: Literal["down", "queued", "opening", "silent", "up"] = "down"
    """`silent` is open, and waits for the host that it speaks for."""
    attempts: int = 0
    severed: bool = False
    leaving: bool = False
    draining: bool = False
    renewing: bool = False
    """Whether it connects again on purpose, before what let it in expires."""
    spoken: bool = False
    """Whether its line has taken messages that wait to be handed to the network."""
    size: int = 0
    """Bytes of what is `waiting`."""

    @property
    def up(self) -> bool:
        """Whether the line is open and may speak."""
        return self.state == "up"

    @property
    def open(self) -> bool:
        """Whether the line is open."""
        return self.state in {"up", "silent"}

    @property
    def backlog(self) -> int:
        """How many messages have not been handed to the line."""
        return len(self.waiting) + len(self.first)

    @property
    def wanted(self) -> bool:
        """Whether it should be up."""
        return not (self.severed or self.leaving)

    @property
    def done(self) -> bool:
        """Whether nothing more goes over it and back."""
        return self.line.settled and (self.state == "silent" or not self.backlog)

    def leave_to_renew(self, now: float) -> bool:
        """Close the line if it is time for another one; return whether it was.

        Between two messages where it can be; else what has no answer goes out again.
        """
        if now < self.line.renews_at or not (self.open and self.wanted):
            return False
        self.renewing = self.done or now >= self.line.renews_at + PATIENCE_S
        if self.renewing:
            self.line.leave()
        return self.renewing

    def keep(self, message: Outgoing) -> int:
        """Take a message in; return how many older ones it supersedes."""
        if self.up or message.kind is not Kind.STATUS:
            self.waiting.append(message)
            self.size += size_of(message)
            return 0
        return self.put_first(message)

    def put_first(self, status: Outgoing) -> int:
        """Take in what goes before all that waits; return how many older ones it supersedes."""
        before = len(self.first)
        others = tuple(one for one in self.first if one.topic != status.topic)
        self.first = (*others, status)
        return before - len(others)

    def forget_oldest(self, *kinds: Kind) -> bool:
        """Drop the oldest message of these kinds; return whether there was one."""
        for number, message in enumerate(self.waiting):
            if message.kind in kinds:
                self.size -= size_of(message)
                del self.waiting[number]
                return True
        return False

    def flush(self) -> int:
        """Hand to the line what it takes; return how many messages that were."""
        before = self.backlog
        if self.first:
            gone = sum(1 for _ in takewhile(self.line.take, self.first))
            self.first = self.first[gone:]
        if not self.first:
            taken = list(takewhile(self.line.take, self.waiting))
            self.size -= sum(map(size_of, taken))
            del self.waiting[: len(taken)]
        return before - self.backlog

    def close_if_done(self) -> None:
        """Close the line if it is to be closed and nothing is on its way."""
        if not self.wanted and self.open and self.done:
            if self.leaving:
                self.line.leave()
            else:
                self.line.abort()
