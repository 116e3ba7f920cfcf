"""A fleet whose devices have lines of their own, which remember what they took."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from math import inf

import trio
import trio.testing
from attrs import define, field

from iotmock.actors.errors import WireDownError
from iotmock.actors.links.backlog import Backlog
from iotmock.actors.links.connect_rate import ConnectRate
from iotmock.actors.links.device_connector import DeviceConnector
from iotmock.actors.links.device_links import DeviceLinks
from iotmock.actors.links.link import Link
from iotmock.actors.messages import Incoming, Kind, Outgoing
from iotmock.actors.outbox.carrier import PublisherStatistics
from iotmock.actors.outbox.publisher import Publisher
from iotmock.actors.ports.dialect import Entry
from iotmock.actors.ports.wire import Connection, Terms
from iotmock.actors.routers.platform_mirror import PlatformMirror
from tests.actors.rig import NoPlace, Rig, assemble, running
from tests.outgoing import outgoing


@define(eq=False)
class RememberedLine:
    """A line that remembers what it took."""

    wire: "RememberedLines"
    name: str
    taken: list[Outgoing] = field(factory=list)
    how_it_ended: list[str] = field(factory=list)
    is_open: bool = False
    written: list[int] = field(factory=list)
    """How many messages it had taken when it was written to."""
    blocks: bool = False
    """Whether the network takes no more with the next write."""
    blocked: bool = False
    settled: bool = True
    renews_at: float = inf
    arrivals: list[Incoming] = field(factory=list)

    async def open(self, entry: Entry) -> None:
        await trio.lowlevel.checkpoint()
        self.wire.attempts.append(trio.current_time())
        if self.wire.away:
            raise WireDownError("the test keeps it away")
        self.is_open, self.renews_at = True, inf

    def read(self, now: float) -> Sequence[Incoming]:
        if not self.is_open:
            raise WireDownError("the test cut it")
        arrived, self.arrivals = self.arrivals, []
        return arrived

    def cut(self) -> None:
        self.is_open = False
        self.wire.note_ready(self)

    def take(self, message: Outgoing) -> bool:
        if not self.is_open or self.blocked:
            return False
        self.taken.append(message)
        self.wire.acknowledged += 1
        return True

    def flush(self, now: float) -> None:
        self.written.append(len(self.taken))
        self.blocked, self.blocks = self.blocks, False

    async def drain(self) -> None:
        await trio.lowlevel.checkpoint()
        self.blocked = False

    def unanswered(self) -> Iterator[tuple[Kind, str]]:
        return iter(())

    def show_life(self, now: float) -> None:
        pass

    def oldest_s(self, now: float) -> float:
        return 0.0

    def leave(self) -> None:
        self._end("left")

    def abort(self) -> None:
        self._end("aborted")

    def _end(self, how: str) -> None:
        if self.is_open:
            self.how_it_ended.append(how)
            self.is_open = False
            self.wire.note_ready(self)

    def forget(self) -> int:
        self.abort()
        return 0


@define(eq=False)
class RememberedLines:
    """Lines, and whether there is a broker behind them."""

    address: str = "mqtt://nowhere"
    acknowledged: int = 0
    refused: int = 0
    outdated: int = 0
    in_flight: int = 0
    away: bool = False
    attempts: list[float] = field(factory=list)
    lines: dict[str, RememberedLine] = field(factory=dict)
    terms: Terms = field(factory=Terms)

    ready: list[RememberedLine] = field(factory=list)
    work: trio.Event = field(factory=trio.Event)

    def note_ready(self, line: RememberedLine) -> None:
        self.ready.append(line)
        self.work.set()

    async def wait_ready(self) -> Sequence[RememberedLine]:
        await self.work.wait()
        self.work = trio.Event()
        found, self.ready = self.ready, []
        return found

    def close(self) -> None:
        pass

    def line(self, device_id: str) -> RememberedLine:
        self.lines[device_id] = line = RememberedLine(self, device_id)
        return line


@define(eq=False)
class NoService(NoPlace):
    """The service's own connection, which never comes about here."""

    def connect(self) -> AbstractAsyncContextManager[Connection]:
        return self._wait()

    @asynccontextmanager
    async def _wait(self) -> AsyncIterator[Connection]:
        raise WireDownError("not in this test")
        yield


@define(eq=False)
class Fleet:
    """A rig whose devices have lines of their own."""

    rig: Rig
    wire: RememberedLines
    carrier: DeviceLinks
    connector: DeviceConnector

    async def create(self, name: str) -> None:
        await self.rig.supervisor.create("plain", device_id=name, name=name)

    async def connected(self, name: str) -> RememberedLine:
        await self.create(name)
        await settle()
        return self.wire.lines[name]

    def tell(self, name: str, payload: bytes, kind: Kind = Kind.DATA) -> None:
        self.carrier.tell(outgoing(kind, name, payload))

    def sent(self, name: str, kind: Kind = Kind.DATA) -> list[bytes]:
        return [one.payload for one in self.wire.lines[name].taken if one.kind is kind]


def check_sum(counts: PublisherStatistics) -> None:
    answered = counts.acknowledged + counts.refused + counts.dropped + counts.superseded
    assert counts.accepted == answered + counts.waiting


@asynccontextmanager
async def fleet(capacity: int = 100, rate: float = 0.0, most: int = 1_000) -> AsyncIterator[Fleet]:
    wire = RememberedLines()
    carrier = DeviceLinks(wire, Backlog(capacity), Publisher(capacity))
    rig = assemble()
    rig.supervisor.around.publisher = carrier
    link = Link(NoService(), carrier.service, rig.router, PlatformMirror(rig.supervisor))
    connector = DeviceConnector(carrier, link, ConnectRate(rate), most)
    async with running(rig, paced=False), trio.open_nursery() as nursery:
        await nursery.start(connector.run)
        yield Fleet(rig, wire, carrier, connector)
        check_sum(carrier.statistics())
        nursery.cancel_scope.cancel()


async def settle() -> None:
    await trio.testing.wait_all_tasks_blocked()
