"""What the links of devices keep together: how much it is, and what goes where it is too much."""

import structlog
import trio
from attrs import define, field

from iotmock.actors.links.device_link import DeviceLink
from iotmock.actors.messages import Kind, Outgoing, size_of
from iotmock.actors.outbox.publisher import DEFAULT_BYTES

log = structlog.get_logger()


@define(eq=False)
class Backlog:
    """At most `capacity` messages and `capacity_bytes` over all links.

    Beyond that a device that has more to say drops its oldest data, and of bytes the oldest results
    where it has no data.
    """

    capacity: int
    capacity_bytes: int = DEFAULT_BYTES
    count: int = 0
    size: int = 0
    """Bytes of what waits, but for the statuses that go first."""
    dropped: int = 0
    superseded: int = 0
    _is_dropping: bool = False
    _moved: trio.Event = field(factory=trio.Event)

    def keep(self, link: DeviceLink, message: Outgoing) -> None:
        """Take in what a link can not send now."""
        if link.severed and message.kind is Kind.STATUS:
            self.superseded += 1  # the will has said `offline`, and once it is back it says more
            return
        before = link.size
        self._make_room(link, size_of(message))
        superseded = link.keep(message)
        self.superseded += superseded
        self.count += 1 - superseded
        self.size += link.size - before

    def keep_first(self, link: DeviceLink, status: Outgoing) -> None:
        """Take in a status that goes out before all that waits."""
        if link.first is None:
            self.count += 1
        else:
            self.superseded += 1
        link.first = status

    def _make_room(self, link: DeviceLink, size: int) -> None:
        if self.count >= self.capacity and link.forget_oldest(Kind.DATA):
            self._count_drop()
        excess = self.size + size - self.capacity_bytes
        before = link.size
        while before - link.size < excess and (
            link.forget_oldest(Kind.DATA) or link.forget_oldest(Kind.RESULT, Kind.FAULT)
        ):
            self._count_drop()

    def _count_drop(self) -> None:
        if not self._is_dropping:
            self._is_dropping = True
            log.warning(
                "the backlog is full: the oldest is dropped",
                messages=self.capacity,
                bytes=self.capacity_bytes,
            )
        self.count -= 1
        self.dropped += 1

    def flush(self, link: DeviceLink) -> int:
        """Hand what waits to a line that is up; return how many messages it took."""
        before = link.size
        taken = link.flush()
        self.size += link.size - before
        self._count_moved(taken)
        return taken

    def empty(self, link: DeviceLink) -> None:
        """Forget all that a link keeps, whose messages have gone another way."""
        self._count_moved(link.backlog)
        self.size -= link.size
        link.first, link.waiting, link.size = None, [], 0

    def _count_moved(self, count: int) -> None:
        if count:
            self.count -= count
            self.note_move()
        if self._is_dropping and not self.count:
            self._is_dropping = False
            log.info("the backlog is empty again", dropped_in_all=self.dropped)

    def note_move(self) -> None:
        """Wake whoever waits for room, or for the last answer."""
        self._moved.set()
        self._moved = trio.Event()

    async def wait_move(self) -> None:
        """Wait until something has moved."""
        await self._moved.wait()

    async def wait_room(self, share: float) -> None:
        """Wait until less than this share of the capacity is used."""
        while self.count >= share * self.capacity or self.size >= share * self.capacity_bytes:
            await self._moved.wait()
