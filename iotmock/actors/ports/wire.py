"""One connection to the broker that many share: what the actors need of it."""

from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from enum import Enum
from typing import Protocol

from attrs import field, frozen

from iotmock.actors.messages import Incoming, Kind, Outgoing


class Whose(Enum):
    """Whose commands a topic is for: a device's, by its id, or a location's, by its name."""

    DEVICE = "device"
    LOCATION = "location"


@frozen
class Terms:
    """On which terms the broker takes messages: the QoS of data, whether it retains statuses.

    `refusals` are how many messages it has refused, by the reason that it gave.
    """

    qos: int = 1
    retained: bool = True
    refusals: Mapping[str, int] = field(factory=dict)


class Connection(Protocol):
    """A live connection to the broker. Every method raises `WireDownError` once it is gone."""

    @property
    def acknowledged(self) -> int:
        """How many messages the broker has taken, over all connections of this wire."""
        ...

    @property
    def refused(self) -> int:
        """How many messages the broker has refused, over all connections of this wire."""
        ...

    @property
    def outdated(self) -> int:
        """How many were not said, because a birth before them had said what they say."""
        ...

    @property
    def in_flight(self) -> int:
        """How many messages the broker has not answered for yet."""
        ...

    def oldest_s(self, now: float) -> float:
        """Return for how many seconds the oldest of them has waited; to be called every second."""
        ...

    def offer(self, messages: Sequence[Outgoing]) -> int:
        """Take as many of the messages, in order, as the window admits; return how many."""
        ...

    async def flush(self) -> None:
        """Write what was taken."""
        ...

    async def wait_window(self) -> None:
        """Wait until the window has room again."""
        ...

    async def wait_settled(self) -> None:
        """Wait until nothing is in flight."""
        ...

    def unanswered(self) -> Iterator[tuple[Kind, str]]:
        """Yield the kind and the device of every message that the broker has not answered for."""
        ...

    @property
    def waits(self) -> bool:
        """Whether nothing is to be said until the host is there."""
        ...

    async def introduce(self) -> None:
        """Say what comes before the births of its devices; at the end it says goodbye, then."""
        ...

    async def hear_more(self) -> bool:
        """Subscribe to what is to be heard and had no answer yet; say whether all has one now."""
        ...

    @property
    def unheard(self) -> Sequence[Whose]:
        """Whose commands are to be heard here, and are not by one subscription for all."""
        ...

    async def follow(self, whose: Whose, names: Sequence[str]) -> Sequence[str]:
        """Hear the commands of these too, where those of all are not to be had.

        Return those for whom the broker has answered.
        """
        ...

    async def leave(self, whose: Whose, names: Sequence[str]) -> None:
        """Hear the commands of these no more."""
        ...

    def incoming(self) -> AsyncGenerator[Incoming, None]:
        """Iterate over what arrives; ends only with `WireDownError`."""
        ...


class Wire(Protocol):
    """A way to the broker."""

    @property
    def address(self) -> str:
        """Where the broker is, for the log."""
        ...

    @property
    def terms(self) -> Terms:
        """What the broker takes, and what it has refused."""
        ...

    @property
    def is_heard(self) -> bool:
        """Whether the broker has answered every subscription of the connection."""
        ...

    @property
    def dropped(self) -> int:
        """How many messages came in faster than they were read, and were dropped."""
        ...

    @property
    def renews_at(self) -> float:
        """When, by Trio's clock, the connection is to be made anew, before what let it in expires.

        inf: never.
        """
        ...

    def connect(self) -> AbstractAsyncContextManager[Connection]:
        """Connect and subscribe.

        Raises:
            WireDownError: the broker is away or refuses.
        """
        ...

    def drop(self) -> None:
        """Close the connection, if there is one, without DISCONNECT."""
        ...
