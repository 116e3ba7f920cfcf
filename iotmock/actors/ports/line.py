"""A connection for each device: what the actors need of it."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from iotmock.actors.messages import Incoming, Kind, Outgoing
from iotmock.actors.ports.dialect import Entry
from iotmock.actors.ports.wire import Terms


class Line(Protocol):
    """One device's way to the broker. Nothing here waits but `open` and `drain`.

    `now` is always the time of Trio's clock.
    """

    @property
    def renews_at(self) -> float:
        """When another connection is to take its place, before what let it in expires.

        inf: never.
        """
        ...

    async def open(self, entry: Entry) -> None:
        """Connect with the will of `entry`, and subscribe to what is in it.

        Raises:
            WireDownError: the broker is away or refuses.
        """
        ...

    def read(self, now: float) -> Sequence[Incoming]:
        """Take what the broker has said, which may be nothing; return what it means.

        Raises:
            WireDownError: the connection has ended.
        """
        ...

    def take(self, message: Outgoing) -> bool:
        """Take a message where window and network admit one; it goes out with the next `flush`."""
        ...

    def flush(self, now: float) -> None:
        """Hand what was taken to the network, as far as it takes it."""
        ...

    @property
    def blocked(self) -> bool:
        """Whether the network has not taken all that was sent; then nothing more is."""
        ...

    async def drain(self) -> None:
        """Return once the network has taken all, or the connection has ended."""
        ...

    @property
    def settled(self) -> bool:
        """Whether the broker has answered for every message."""
        ...

    def unanswered(self) -> Iterator[tuple[Kind, str]]:
        """Yield the kind and the device of every message that the broker has not answered for."""
        ...

    def show_life(self, now: float) -> None:
        """Do what keep-alive asks for at `now`; to be called every few seconds."""
        ...

    def oldest_s(self, now: float) -> float:
        """Return for how many seconds the oldest message without an answer has waited.

        To be called every few seconds.
        """
        ...

    def leave(self) -> None:
        """Say DISCONNECT and close: the broker forgets the will."""
        ...

    def abort(self) -> None:
        """Close without a word: the broker publishes the will."""
        ...

    def forget(self) -> int:
        """Give up, for ever, what the broker has not answered for; return how many messages."""
        ...


class LineWire(Protocol):
    """Ways to the broker for devices. The counts are over all lines, and never go back."""

    @property
    def address(self) -> str:
        """Where the broker is, for the log."""
        ...

    @property
    def terms(self) -> Terms:
        """What the broker takes, and what it has refused."""
        ...

    acknowledged: int
    refused: int
    outdated: int
    """See `Connection.outdated`."""
    in_flight: int

    def line(self, device_id: str) -> Line:
        """Return a line for a device; it is not open."""
        ...

    async def wait_ready(self) -> Sequence[Line]:
        """Wait until there is something to `read`, and return where, or where the end has come."""
        ...

    def close(self) -> None:
        """Give back what lines that have ended hold, when nobody waits any more."""
        ...
