"""The carrier: whatever takes the fleet's messages to the broker, over however many connections."""

from collections.abc import Iterator
from typing import NamedTuple, Protocol

from attrs import frozen

from iotmock.actors.messages import Kind, Outgoing

FILLED_BY_RESULTS = 0.9
"""So full may a backlog be for more commands: devices have yet to answer those before."""


@frozen
class PublisherStatistics:
    """Exact counts: accepted = acknowledged + refused + waiting + dropped + superseded.

    `backlog` is the part of `waiting` that has not been handed to a connection.
    """

    accepted: int
    acknowledged: int
    refused: int
    waiting: int
    backlog: int
    dropped: int
    superseded: int


class Oldest(NamedTuple):
    """The message that has waited longest for the broker's answer: how long, and where."""

    seconds: float = 0.0
    where: str = ""


class Carrier(Protocol):
    """Takes messages without blocking, and keeps them while the broker is away.

    With connections that devices share, none has one of its own to lose: so the last two do nothing
    unless a carrier says otherwise.
    """

    def tell(self, message: Outgoing) -> None:
        """Accept a message; never blocks and never fails."""
        ...

    def tell_first(self, message: Outgoing) -> None:
        """Accept a status that goes out before the backlog, as on every new connection."""
        ...

    async def wait_room(self, share: float = 1.0) -> None:
        """Wait until less than this share of the capacity is used."""
        ...

    async def wait_room_for_results(self) -> None:
        """Wait until the results of another command fit, where a connection takes them."""
        await self.wait_room(FILLED_BY_RESULTS)

    async def wait_drained(self) -> None:
        """Wait until the broker has everything that was accepted.

        Raises:
            WireDownError: there is no connection, or it was lost meanwhile.
        """
        ...

    def statistics(self) -> PublisherStatistics:
        """Return the counts of now."""
        ...

    def oldest(self, now: float) -> Oldest:
        """Return which message at a connection has waited longest; to be called every second."""
        ...

    def withheld(self) -> int:
        """Return how many messages wait on purpose: because of a fault, or of a host away."""
        return 0

    def unanswered(self) -> Iterator[tuple[Kind, str]]:
        """Yield the kind and the device of every message that the broker has yet to take."""
        ...

    def waiting_data(self) -> int:
        """Return how many data messages have not been handed to a connection; takes a while."""
        ...

    def admit(self, device_id: str) -> None:
        """Note that there is a device."""
        ...

    def dismiss(self, device_id: str) -> None:
        """Note that a device is gone; what it said before goes out where there is room."""
        ...

    def sever(self, device_id: str) -> bool:  # noqa: ARG002
        """Let a device lose its connection; return whether it has one to lose."""
        return False

    def restore(self, device_id: str) -> None:  # noqa: ARG002
        """Let a device connect again."""
        return
