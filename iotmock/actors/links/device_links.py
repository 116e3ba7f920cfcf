"""A connection for each device: what they have to say, and when they may say it."""

from collections.abc import Iterator

import structlog
import trio
from attrs import define, field

from iotmock.actors.errors import WireDownError
from iotmock.actors.links.device_link import DeviceLink
from iotmock.actors.links.pool import total
from iotmock.actors.messages import Kind, Outgoing, size_of
from iotmock.actors.outbox.carrier import Carrier, Oldest, PublisherStatistics
from iotmock.actors.outbox.publisher import DEFAULT_BYTES, Publisher
from iotmock.actors.ports.line import LineWire

log = structlog.get_logger()


@define
class Survey:
    """What a look at every link has found: who waits longest, and how much waits on purpose."""

    oldest: Oldest = field(factory=Oldest)
    withheld: int = 0

    def note(self, link: DeviceLink, now: float) -> None:
        """Look at a link."""
        seconds = link.line.oldest_s(now)
        if seconds > self.oldest.seconds:
            self.oldest = Oldest(seconds, link.device_id)
        if link.severed:
            self.withheld += link.backlog


@define(eq=False)
class DeviceLinks(Carrier):
    """Sends at once over the device's own line, or keeps the message until it is up.

    At most `capacity` messages and `capacity_bytes` wait in all; then a device that has more to say
    drops its oldest data, and of bytes the oldest results where it has no data. What is of no
    device, or of one that is gone and not connected, goes over `service`.
    """

    wire: LineWire
    capacity: int
    service: Publisher
    links: dict[str, DeviceLink] = field(factory=dict)
    changed: list[DeviceLink] = field(factory=list)
    """Links that the connector must look at."""
    severed: int = 0
    """Links that are down because of a fault, and should be."""
    survey: Survey = field(factory=Survey)
    work: trio.Event = field(factory=trio.Event)
    capacity_bytes: int = DEFAULT_BYTES
    _backlog: int = 0
    _bytes: int = 0
    _accepted: int = 0
    _dropped: int = 0
    _superseded: int = 0
    _is_dropping: bool = False
    _moved: trio.Event = field(factory=trio.Event)

    def admit(self, device_id: str) -> None:
        """See `Carrier.admit`."""
        if device_id not in self.links:
            self.links[device_id] = link = DeviceLink(device_id, self.wire.line(device_id))
            self.ask_for(link)

    def dismiss(self, device_id: str) -> None:
        """See `Carrier.dismiss`."""
        link = self.links.pop(device_id, None)
        if link is None:
            return
        self.severed -= link.severed
        link.leaving = True
        if link.state in {"opening", "up"}:
            self.ask_for(link)
        else:
            self.give_up(link)

    def sever(self, device_id: str) -> bool:
        """See `Carrier.sever`."""
        link = self.links.get(device_id)
        if link is None:
            return False
        if not link.severed:
            link.severed = True
            self.severed += 1
            self.ask_for(link)
        return True

    def restore(self, device_id: str) -> None:
        """See `Carrier.restore`."""
        link = self.links.get(device_id)
        if link is not None and link.severed:
            link.severed = False
            self.severed -= 1
            self.ask_for(link)

    def ask_for(self, link: DeviceLink) -> None:
        """Have the connector look at a link."""
        self.changed.append(link)
        self.work.set()

    @property
    def wanted(self) -> int:
        """How many links should be up."""
        return len(self.links) - self.severed

    def give_up(self, link: DeviceLink) -> None:
        """Send over the service's connection what a device that is gone has not sent; drop data."""
        for message in (link.first, *link.waiting):
            if message is not None and not message.payload:  # a status that is cleared
                self.service.tell(message)
                self._accepted -= 1
            elif message is not None:
                self._dropped += 1
        self._count_moved(link.backlog)
        self._bytes -= link.size
        link.first, link.waiting, link.size = None, [], 0
        self._dropped += link.line.forget()

    # What devices say

    def tell(self, message: Outgoing) -> None:
        """See `Carrier.tell`."""
        link = self.links.get(message.device_id)
        if link is None:
            self.service.tell(message)
            return
        self._accepted += 1
        if link.up and not link.waiting and link.first is None and link.line.offer((message,)):
            if link.line.blocked:
                self.ask_for(link)
            return
        self._keep(link, message)

    def tell_first(self, message: Outgoing) -> None:
        """See `Carrier.tell_first`."""
        link = self.links.get(message.device_id)
        if link is None:
            self.service.tell_first(message)
            return
        self._accepted += 1
        if link.first is None:
            self._backlog += 1
        else:
            self._superseded += 1
        link.first = message
        if link.up:
            self.flush(link)

    def _keep(self, link: DeviceLink, message: Outgoing) -> None:
        if link.severed and message.kind is Kind.STATUS:
            self._superseded += 1  # the will has said `offline`, and once it is back it says more
            return
        before = link.size
        self._make_room(link, size_of(message))
        superseded = link.keep(message)
        self._superseded += superseded
        self._backlog += 1 - superseded
        self._bytes += link.size - before

    def _make_room(self, link: DeviceLink, size: int) -> None:
        if self._backlog >= self.capacity and link.forget_oldest(Kind.DATA):
            self._count_drop()
        excess = self._bytes + size - self.capacity_bytes
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
        self._backlog -= 1
        self._dropped += 1

    def flush(self, link: DeviceLink) -> None:
        """Hand what waits to a line that is up."""
        if link.waiting or link.first is not None:
            before = link.size
            self._count_moved(link.flush())
            self._bytes += link.size - before

    def _count_moved(self, count: int) -> None:
        if count:
            self._backlog -= count
            self.note_move()
        if self._is_dropping and not self._backlog:
            self._is_dropping = False
            log.info("the backlog is empty again", dropped_in_all=self._dropped)

    def note_move(self) -> None:
        """Wake whoever waits for room, or for the last answer."""
        self._moved.set()
        self._moved = trio.Event()

    # What others ask

    async def wait_room(self, share: float = 1.0) -> None:
        """See `Carrier.wait_room`."""
        while self._backlog >= share * self.capacity or self._bytes >= share * self.capacity_bytes:
            await self._moved.wait()
        await self.service.wait_room(share)

    async def wait_drained(self) -> None:
        """See `Carrier.wait_drained`."""
        while self._backlog or self.wire.in_flight:
            if not any(link.up for link in self.links.values()):
                raise WireDownError("no device has a connection")
            await self._moved.wait()
        await self.service.wait_drained()

    def oldest(self, now: float) -> Oldest:
        """See `Carrier.oldest`; of the devices' lines, as the last look at them has found it."""
        return max(self.survey.oldest, self.service.oldest(now))

    def withheld(self) -> int:
        """See `Carrier.withheld`."""
        return self.survey.withheld

    def unanswered(self) -> Iterator[tuple[Kind, str]]:
        """See `Carrier.unanswered`."""
        for link in self.links.values():
            yield from link.line.unanswered()
            for message in (link.first, *link.waiting):
                if message is not None:
                    yield message.kind, message.device_id
        yield from self.service.unanswered()

    def waiting_data(self) -> int:
        """See `Carrier.waiting_data`."""
        waiting = (message for link in self.links.values() for message in link.waiting)
        return sum(message.kind is Kind.DATA for message in waiting)

    def statistics(self) -> PublisherStatistics:
        """See `Carrier.statistics`."""
        wire = self.wire
        own = PublisherStatistics(
            accepted=self._accepted,
            acknowledged=wire.acknowledged,
            refused=wire.refused,
            waiting=self._backlog + wire.in_flight,
            backlog=self._backlog,
            dropped=self._dropped,
            superseded=self._superseded,
        )
        return total(own, self.service.statistics())
