"""The publisher: joins what waits into few writes, and keeps it while the broker is away."""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, islice

import structlog
import trio
from attrs import define, field

from iotmock.actors.errors import WireDownError
from iotmock.actors.messages import Kind, Outgoing, size_of
from iotmock.actors.outbox.carrier import FILLED_BY_RESULTS, Carrier, Oldest, PublisherStatistics
from iotmock.actors.ports.wire import Connection

log = structlog.get_logger()

DEFAULT_BYTES = 64 << 20
_BATCH = 2048
"""The pacer hands out eight slices while one write goes out: less would let a backlog grow."""


@define(eq=False)
class Publisher(Carrier):
    """Its inbox is the backlog: at most `capacity` messages and `capacity_bytes`.

    Beyond that the oldest *data* is dropped. Statuses and results are not: one that is older than
    all waiting data moves to `_first`, which goes out before `_waiting` and where a newer status of
    the same device replaces an older one. So `_first` is bounded by the fleet and by `capacity`
    devices that are gone, of which the oldest are forgotten, and by the results that the link lets
    pile up (`wait_room`); where those alone fill the bytes, the oldest goes.

    Long because its counts hold only while all that comes, goes and is dropped passes through here.
    """

    capacity: int
    name: str = "the connection"
    capacity_bytes: int = DEFAULT_BYTES
    _waiting: deque[Outgoing] = field(factory=deque)
    _first: dict[tuple[Kind, str | int, str], Outgoing] = field(factory=dict)
    _gone: dict[str, None] = field(factory=dict)
    """Devices of whom something may wait and who are gone, the oldest first."""
    _work: trio.Event = field(factory=trio.Event)
    _moved: trio.Event = field(factory=trio.Event)
    _connection: Connection | None = None
    _pumps: bool = False
    _holds: bool = False
    """Whether only what is in `_first` goes out."""
    silent: bool = False
    """Whether all waits on purpose, because nobody listens."""
    _bytes: int = 0
    """Of all that waits, but for the statuses in `_first`."""
    _accepted: int = 0
    _dropped: int = 0
    _superseded: int = 0
    _is_dropping: bool = False

    def tell(self, message: Outgoing) -> None:
        """Accept a message; never blocks and never fails."""
        self._accepted += 1
        if not self._waiting:
            self._work.set()
        self._bytes += len(message.payload) if message.correlation is None else size_of(message)
        if len(self._waiting) >= self.capacity or self._bytes > self.capacity_bytes:
            self._make_room()
        self._waiting.append(message)

    def tell_first(self, message: Outgoing) -> None:
        """Accept a status that goes out before the backlog, as on every new connection."""
        self._accepted += 1
        self._put_first(message)
        self._work.set()

    def admit(self, device_id: str) -> None:
        """See `Carrier.admit`."""
        self._gone.pop(device_id, None)

    def dismiss(self, device_id: str) -> None:
        """See `Carrier.dismiss`."""
        if self._backlog:
            self._gone[device_id] = None
        if len(self._gone) > self.capacity:
            self._forget_gone()

    @contextmanager
    def holding(self) -> Iterator[None]:
        """Have nothing go out meanwhile but what `tell_first` has accepted."""
        self._holds = True
        try:
            yield
        finally:
            self._holds = False
            self._work.set()

    def _make_room(self) -> None:
        while len(self._waiting) >= self.capacity or self._bytes > self.capacity_bytes:
            if not (self._drop_data() or self._drop_result()):
                return

    def _drop_data(self) -> bool:
        while self._waiting:
            oldest = self._waiting.popleft()
            if oldest.kind is Kind.DATA:
                self._count_drop(size_of(oldest))
                return True
            if oldest.kind is Kind.STATUS:
                self._bytes -= size_of(oldest)
            self._put_first(oldest)
        return False

    def _drop_result(self) -> bool:
        full = self._bytes > self.capacity_bytes
        key = next((key for key in self._first if key[0] is not Kind.STATUS), None)
        if not full or key is None:
            return False
        self._count_drop(size_of(self._first.pop(key)))
        return True

    def _forget_gone(self) -> None:
        # Many at once, as it looks at all that waits: the tenth that is gone for longest.
        oldest = set(islice(self._gone, self.capacity // 10 + 1))
        for key in [key for key in self._first if key[0] is Kind.STATUS and key[2] in oldest]:
            del self._first[key]
            self._count_drop(0)
        kept: deque[Outgoing] = deque()
        for message in self._waiting:
            if message.kind is Kind.STATUS and message.device_id in oldest:
                self._count_drop(size_of(message))
            else:
                kept.append(message)
        self._waiting = kept
        for device_id in oldest:
            del self._gone[device_id]

    def _put_first(self, message: Outgoing) -> None:
        # Only a device's statuses replace each other, each at its topic; a result is its own key.
        name = message.topic if message.kind is Kind.STATUS else id(message)
        key = message.kind, name, message.device_id
        if self._first.pop(key, None) is not None:
            self._superseded += 1
        self._first[key] = message

    def _count_drop(self, size: int) -> None:
        if not self._is_dropping:
            self._is_dropping = True
            log.warning(
                "the backlog is full: the oldest is dropped",
                messages=self.capacity,
                bytes=self.capacity_bytes,
            )
        self._bytes -= size
        self._dropped += 1

    async def wait_room(self, share: float = 1.0) -> None:
        """Wait until less than this share of the capacity is used."""
        while self._is_filled(share):
            await self._moved.wait()

    async def wait_room_for_results(self) -> None:
        """See `Carrier.wait_room_for_results`: while it is down, a pool's others go on."""
        while self._pumps and self._is_filled(FILLED_BY_RESULTS):
            await self._moved.wait()

    def _is_filled(self, share: float) -> bool:
        of_bytes = self._bytes >= share * self.capacity_bytes
        return of_bytes or self._backlog >= share * self.capacity

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
        self._pumps = True
        try:
            await self._pump(connection)
        finally:
            self._pumps = False
            self._note_move()

    async def _pump(self, connection: Connection) -> None:
        while True:
            while not (self._first or (self._waiting and not self._holds)):
                self._work = trio.Event()
                await self._work.wait()
            self._hand_over(connection)
            self._note_move()
            await connection.flush()
            if self._backlog:
                await connection.wait_window()
            else:
                self._note_empty()

    def _note_empty(self) -> None:
        self._gone.clear()
        if self._is_dropping:
            self._is_dropping = False
            log.info("the backlog is empty again", dropped_in_all=self._dropped)

    def _note_move(self) -> None:
        self._moved.set()
        self._moved = trio.Event()

    def _hand_over(self, connection: Connection) -> None:
        if self._first:
            keys = list(islice(self._first, _BATCH))
            for key in keys[: connection.offer([self._first[key] for key in keys])]:
                message = self._first.pop(key)
                self._bytes -= 0 if message.kind is Kind.STATUS else size_of(message)
        else:
            self._take_off(connection.offer(list(islice(self._waiting, _BATCH))))

    def _take_off(self, count: int) -> None:
        popleft, freed = self._waiting.popleft, 0
        for _ in range(count):
            message = popleft()
            freed += len(message.payload) if message.correlation is None else size_of(message)
        self._bytes -= freed

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

    def withheld(self) -> int:
        """See `Carrier.withheld`."""
        return self._backlog if self.silent else 0

    def unanswered(self) -> Iterator[tuple[Kind, str]]:
        """See `Carrier.unanswered`."""
        if self._connection is not None:
            yield from self._connection.unanswered()
        for message in chain(self._first.values(), self._waiting):
            yield message.kind, message.device_id

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
            superseded=self._superseded + (wire.outdated if wire else 0),
        )
