"""The publisher: joins what waits into few writes, and keeps it while the broker is away."""

from collections import deque
from itertools import islice

import structlog
import trio
from attrs import define, field

from iotmock.actors.carrier import Carrier, Oldest, PublisherStatistics
from iotmock.actors.errors import WireDownError
from iotmock.actors.messages import Kind, Outgoing
from iotmock.actors.ports import Connection

log = structlog.get_logger()

_BATCH = 2048
"""The pacer hands out eight slices while one write goes out: less would let a backlog grow."""


@define(eq=False)
class Publisher(Carrier):
    """Its inbox is the backlog: at most `capacity` messages, then the oldest *data* is dropped.

    Statuses and results are never dropped. One that is older than all waiting data moves to
    `_first`, which goes out before `_waiting` and where a newer status of the same device replaces
    an older one: so `_first` is bounded by the fleet, and by the results that the link lets pile
    up (`wait_room`).
    """

    capacity: int
    name: str = "the connection"
    _waiting: deque[Outgoing] = field(factory=deque)
    _first: dict[tuple[Kind, str | int], Outgoing] = field(factory=dict)
    _work: trio.Event = field(factory=trio.Event)
    _moved: trio.Event = field(factory=trio.Event)
    _connection: Connection | None = None
    _accepted: int = 0
    _dropped: int = 0
    _superseded: int = 0

    def tell(self, message: Outgoing) -> None:
        """Accept a message; never blocks and never fails."""
        self._accepted += 1
        if len(self._waiting) >= self.capacity:
            self._make_room()
        self._waiting.append(message)
        self._work.set()

    def tell_first(self, message: Outgoing) -> None:
        """Accept a status that goes out before the backlog, as on every new connection."""
        self._accepted += 1
        self._put_first(message)
        self._work.set()

    def _make_room(self) -> None:
        while self._waiting:
            oldest = self._waiting.popleft()
            if oldest.kind is Kind.DATA:
                self._count_drop()
                return
            self._put_first(oldest)

    def _put_first(self, message: Outgoing) -> None:
        # Only statuses replace each other; a result is its own key.
        name = message.device_id if message.kind is Kind.STATUS else id(message)
        if self._first.pop((message.kind, name), None) is not None:
            self._superseded += 1
        self._first[message.kind, name] = message

    def _count_drop(self) -> None:
        if self._dropped % self.capacity == 0:
            log.warning("the backlog is full: the oldest data is dropped", capacity=self.capacity)
        self._dropped += 1

    async def wait_room(self, share: float = 1.0) -> None:
        """Wait until less than this share of the capacity is used."""
        while self._backlog >= share * self.capacity:
            await self._moved.wait()

    @property
    def _backlog(self) -> int:
        return len(self._first) + len(self._waiting)

    async def pump(self, connection: Connection) -> None:
        """Send what waits over `connection`, until it is lost.

        Raises:
            WireDownError: the connection is gone; what it did not acknowledge goes out with the
                next one, in order.
        """
        self._connection = connection
        while True:
            while not self._backlog:
                self._work = trio.Event()
                await self._work.wait()
            self._hand_over(connection)
            self._note_move()
            await connection.flush()
            if self._backlog:
                await connection.wait_window()

    def _note_move(self) -> None:
        self._moved.set()
        self._moved = trio.Event()

    def _hand_over(self, connection: Connection) -> None:
        if self._first:
            keys = list(islice(self._first, _BATCH))
            for key in keys[: connection.offer([self._first[key] for key in keys])]:
                del self._first[key]
        else:
            for _ in range(connection.offer(list(islice(self._waiting, _BATCH)))):
                self._waiting.popleft()

    async def wait_drained(self) -> None:
        """Wait until the broker has everything that was accepted.

        Raises:
            WireDownError: there is no connection, or it was lost meanwhile.
        """
        if self._connection is None:
            raise WireDownError("there has never been a connection")
        await self._connection.wait_settled()
        while self._backlog:
            await self._moved.wait()
        await self._connection.wait_settled()

    def oldest(self, now: float) -> Oldest:
        """See `Carrier.oldest`."""
        wire = self._connection
        return Oldest(wire.oldest_s(now) if wire else 0.0, self.name)

    def waiting_data(self) -> int:
        """See `Carrier.waiting_data`."""
        return sum(message.kind is Kind.DATA for message in self._waiting)

    def statistics(self) -> PublisherStatistics:
        """Return the counts of now."""
        wire = self._connection
        return PublisherStatistics(
            accepted=self._accepted,
            acknowledged=wire.acknowledged if wire else 0,
            refused=wire.refused if wire else 0,
            waiting=self._backlog + (wire.in_flight if wire else 0),
            backlog=self._backlog,
            dropped=self._dropped,
            superseded=self._superseded,
        )
