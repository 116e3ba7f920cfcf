"""A connection for each device: what they have to say, and when they may say it."""

from collections.abc import Iterator

import trio
from attrs import define, field

from iotmock.actors.errors import WireDownError
from iotmock.actors.links.backlog import Backlog
from iotmock.actors.links.device_link import DeviceLink
from iotmock.actors.links.pool import total
from iotmock.actors.links.survey import Survey
from iotmock.actors.messages import Kind, Outgoing
from iotmock.actors.outbox.carrier import Carrier, Oldest, PublisherStatistics
from iotmock.actors.outbox.publisher import Publisher
from iotmock.actors.ports.line import LineWire


@define(eq=False)
class DeviceLinks(Carrier):
    """Sends at once over the device's own line, or keeps the message until it is up.

    What is of no device, or of one that is gone and not connected, goes over `service`.
    Long because it has an answer to each question that a `Carrier` is asked; what waits is a
    `Backlog`.
    """

    wire: LineWire
    backlog: Backlog
    service: Publisher
    links: dict[str, DeviceLink] = field(factory=dict)
    changed: list[DeviceLink] = field(factory=list)
    """Links that the connector must look at."""
    severed: int = 0
    """Links that are down because of a fault, and should be."""
    survey: Survey = field(factory=Survey)
    work: trio.Event = field(factory=trio.Event)
    spoken: list[DeviceLink] = field(factory=list)
    """Links whose lines have taken something that waits to be handed to the network."""
    speaks: trio.Event = field(factory=trio.Event)
    _accepted: int = 0
    _dropped: int = 0
    """Of devices that are gone."""

    def admit(self, device_id: str) -> None:
        """See `Carrier.admit`."""
        if device_id not in self.links:
            self.links[device_id] = link = DeviceLink(device_id, self.wire.line(device_id))
            self.ask_for(link)
            self.service.admit(device_id)

    def dismiss(self, device_id: str) -> None:
        """See `Carrier.dismiss`."""
        link = self.links.pop(device_id, None)
        if link is None:
            self.service.dismiss(device_id)
            return
        self.severed -= link.severed
        link.leaving = True
        if link.state in {"opening", "silent", "up"}:
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
        for message in (*link.first, *link.waiting):
            if message.payload:
                self._dropped += 1
            else:  # a status that is cleared
                self.service.tell(message)
                self._accepted -= 1
        self.service.dismiss(link.device_id)
        self.backlog.empty(link)
        self._dropped += link.line.forget()

    # What devices say

    def tell(self, message: Outgoing) -> None:
        """See `Carrier.tell`."""
        link = self.links.get(message.device_id)
        if link is None:
            self.service.tell(message)
            return
        self._accepted += 1
        free = link.state == "up" and not link.waiting and not link.first
        if free and link.line.take(message):
            self._note_spoken(link)
        else:
            self.backlog.keep(link, message)

    def _note_spoken(self, link: DeviceLink) -> None:
        if not link.spoken:
            link.spoken = True
            self.spoken.append(link)
            self.speaks.set()

    def tell_first(self, message: Outgoing) -> None:
        """See `Carrier.tell_first`."""
        link = self.links.get(message.device_id)
        if link is None:
            self.service.tell_first(message)
            return
        self._accepted += 1
        self.backlog.keep_first(link, message)
        if link.up:
            self.flush(link)

    def flush(self, link: DeviceLink) -> None:
        """Hand what waits to a line that is up."""
        silent = link.state == "silent"
        if (link.waiting or link.first) and not silent and self.backlog.flush(link):
            self._note_spoken(link)

    # What others ask

    async def wait_room(self, share: float = 1.0) -> None:
        """See `Carrier.wait_room`."""
        await self.backlog.wait_room(share)
        await self.service.wait_room(share)

    async def wait_drained(self) -> None:
        """See `Carrier.wait_drained`."""
        while self.backlog.count or self.wire.in_flight:
            if not any(link.up for link in self.links.values()):
                raise WireDownError("no device has a connection")
            await self.backlog.wait_move()
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
            for message in (*link.first, *link.waiting):
                yield message.kind, message.device_id
        yield from self.service.unanswered()

    def waiting_data(self) -> int:
        """See `Carrier.waiting_data`."""
        waiting = (message for link in self.links.values() for message in link.waiting)
        return sum(message.kind is Kind.DATA for message in waiting)

    def statistics(self) -> PublisherStatistics:
        """See `Carrier.statistics`."""
        wire, backlog = self.wire, self.backlog
        own = PublisherStatistics(
            accepted=self._accepted,
            acknowledged=wire.acknowledged,
            refused=wire.refused,
            waiting=backlog.count + wire.in_flight,
            backlog=backlog.count,
            dropped=self._dropped + backlog.dropped,
            superseded=backlog.superseded + wire.outdated,
        )
        return total(own, self.service.statistics())
