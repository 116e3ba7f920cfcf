"""The pool: a fleet over a few connections, each device always over the same one."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from math import ceil
from zlib import crc32

import structlog
import trio
from attrs import astuple, define, frozen

from iotmock.actors.links.link import Link
from iotmock.actors.links.links import Links, LinkStatistics, not_heard, not_open
from iotmock.actors.messages import Kind, Outgoing
from iotmock.actors.outbox.carrier import Carrier, Oldest, PublisherStatistics
from iotmock.actors.outbox.publisher import Publisher
from iotmock.actors.ports.pool import number_in_pool

log = structlog.get_logger()


@define(eq=False)
class Pool(Carrier):
    """A publisher for each connection; a device's messages keep their order."""

    publishers: Sequence[Publisher]

    def place(self, device_id: str) -> int:
        """Return the number of the connection that carries a device; the same in every run."""
        return number_in_pool(device_id, len(self.publishers))

    def carries(self, number: int) -> Callable[[str], bool]:
        """Return the test for the devices of one connection."""
        return lambda device_id: self.place(device_id) == number

    def tell(self, message: Outgoing) -> None:
        """See `Carrier.tell`."""
        self.publishers[crc32(message.device_id.encode()) % len(self.publishers)].tell(message)

    def tell_first(self, message: Outgoing) -> None:
        """See `Carrier.tell_first`."""
        self.publishers[self.place(message.device_id)].tell_first(message)

    def admit(self, device_id: str) -> None:
        """See `Carrier.admit`."""
        self.publishers[self.place(device_id)].admit(device_id)

    def dismiss(self, device_id: str) -> None:
        """See `Carrier.dismiss`."""
        self.publishers[self.place(device_id)].dismiss(device_id)

    async def wait_room(self, share: float = 1.0) -> None:
        """See `Carrier.wait_room`."""
        for publisher in self.publishers:
            await publisher.wait_room(share)

    async def wait_room_for_results(self) -> None:
        """See `Carrier.wait_room_for_results`."""
        for publisher in self.publishers:
            await publisher.wait_room_for_results()

    async def wait_drained(self) -> None:
        """See `Carrier.wait_drained`."""
        for publisher in self.publishers:
            await publisher.wait_drained()

    def oldest(self, now: float) -> Oldest:
        """See `Carrier.oldest`."""
        return max(publisher.oldest(now) for publisher in self.publishers)

    def withheld(self) -> int:
        """See `Carrier.withheld`."""
        return sum(publisher.withheld() for publisher in self.publishers)

    def unanswered(self) -> Iterator[tuple[Kind, str]]:
        """See `Carrier.unanswered`."""
        for publisher in self.publishers:
            yield from publisher.unanswered()

    def waiting_data(self) -> int:
        """See `Carrier.waiting_data`."""
        return sum(publisher.waiting_data() for publisher in self.publishers)

    def statistics(self) -> PublisherStatistics:
        """See `Carrier.statistics`."""
        return total(*(publisher.statistics() for publisher in self.publishers))


def total(*parts: PublisherStatistics) -> PublisherStatistics:
    """Return the sums of counts."""
    return PublisherStatistics(*map(sum, zip(*map(astuple, parts), strict=True)))


@frozen
class PooledLinks(Links):
    """The links of a pool."""

    links: Sequence[Link]

    def __attrs_post_init__(self) -> None:
        for link in self.links:
            link.say_up = self._say_if_whole

    def _say_if_whole(self, broker: str) -> None:
        if self.statistics().is_whole:
            log.info("every connection to the broker is up", broker=broker, count=len(self.links))

    async def run(self, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """See `Links.run`."""
        async with trio.open_nursery() as nursery:
            async with trio.open_nursery() as beginning:
                for link in self.links:
                    beginning.start_soon(partial(nursery.start, link.run))
            task_status.started()

    def drop(self, share: float = 1.0) -> None:
        """See `Links.drop`."""
        for link in self.links[: ceil(share * len(self.links))]:
            link.drop()

    def hear_more(self) -> None:
        """See `Links.hear_more`."""
        for link in self.links:
            link.hear_more()

    def statistics(self) -> LinkStatistics:
        """See `Links.statistics`."""
        parts = [link.statistics() for link in self.links]
        connected = sum(part.connected for part in parts)
        return LinkStatistics(
            f"pool:{len(parts)}",
            "connected" if connected == len(parts) else "connecting",
            parts[0].broker,
            len(parts),
            connected,
            sum(part.connects for part in parts),
            sum(part.connect_failures for part in parts),
            next((part.last_error for part in parts if part.last_error), None),
            sum(part.incoming_dropped for part in parts),
            parts[0].terms,
        )

    def problems(self) -> Iterator[str]:
        """See `Part`."""
        now = self.statistics()
        if not now.is_whole:
            what = f"{now.connections - now.connected} of {now.connections} connections not open"
            yield not_open(what, now.broker, now.last_error)
        elif not all(link.wire.is_heard for link in self.links):
            yield not_heard(now.broker)
