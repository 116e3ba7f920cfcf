"""A connection for each device: what waits, what goes first, what is dropped, who connects when."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from itertools import pairwise
from typing import Any

import pytest
import trio
import trio.testing
from attrs import define, field

from iotmock.actors.errors import WireDownError
from iotmock.actors.links.backlog import Backlog
from iotmock.actors.links.connect_rate import ConnectRate
from iotmock.actors.links.delivery import Delivery
from iotmock.actors.links.device_connector import DeviceConnector
from iotmock.actors.links.device_links import DeviceLinks
from iotmock.actors.links.link import Link
from iotmock.actors.messages import Incoming, Kind, Outgoing
from iotmock.actors.outbox.carrier import PublisherStatistics
from iotmock.actors.outbox.publisher import Publisher
from iotmock.actors.ports.dialect import Entry
from iotmock.actors.ports.wire import Connection, Terms
from iotmock.actors.routers.platform_mirror import PlatformMirror
from tests.actors.rig import Rig, assemble, running
from tests.outgoing import outgoing

pytestmark = pytest.mark.trio


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

    async def open(self, entry: Entry) -> None:
        await trio.lowlevel.checkpoint()
        self.wire.attempts.append(trio.current_time())
        if self.wire.away:
            raise WireDownError("the test keeps it away")
        self.is_open = True

    def read(self, now: float) -> Sequence[Incoming]:
        if not self.is_open:
            raise WireDownError("the test cut it")
        return ()

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
class NoService:
    """The service's own connection, which never comes about here."""

    address: str = "mqtt://nowhere"
    dropped: int = 0
    terms: Terms = field(factory=Terms)

    def drop(self) -> None:
        pass

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


async def test_a_status_goes_out_before_what_waited(autojump_clock: trio.testing.MockClock) -> None:
    async with fleet() as f:
        f.wire.away = True
        await f.create("a")
        for payload in (b"1", b"2"):
            f.tell("a", payload)
        await settle()
        f.wire.away = False
        await trio.sleep(60)
        kinds = [one.kind for one in f.wire.lines["a"].taken]
        assert kinds == [Kind.STATUS, Kind.DATA, Kind.DATA]
        assert f.sent("a") == [b"1", b"2"]
        f.tell("a", b"3")
        assert f.sent("a") == [b"1", b"2", b"3"]


async def test_a_full_backlog_drops_the_devices_oldest_data(
    autojump_clock: trio.testing.MockClock,
) -> None:
    async with fleet(capacity=4) as f:
        f.wire.away = True
        await f.create("a")
        for number in range(6):
            f.tell("a", b"%d" % number)
        f.tell("a", b"result", Kind.RESULT)
        assert f.carrier.statistics().dropped == 4
        check_sum(f.carrier.statistics())
        f.wire.away = False
        await trio.sleep(60)
        assert f.sent("a") == [b"4", b"5"]
        assert f.sent("a", Kind.RESULT) == [b"result"]


async def test_a_backlog_is_bounded_in_bytes_results_included(
    autojump_clock: trio.testing.MockClock,
) -> None:
    async with fleet(capacity=1_000) as f:
        f.carrier.backlog.capacity_bytes = 10_000
        f.wire.away = True
        await f.create("a")
        f.tell("a", b"x" * 1_000)
        for _ in range(100):
            f.tell("a", b"r" * 1_000, Kind.RESULT)
        assert f.carrier.statistics().backlog <= 11  # and the status
        check_sum(f.carrier.statistics())
        f.wire.away = False
        await trio.sleep(60)
        assert len(f.sent("a", Kind.RESULT)) == 10
        assert f.carrier.backlog.size == 0
        check_sum(f.carrier.statistics())


async def test_a_link_that_is_lost_comes_back_and_announces(
    autojump_clock: trio.testing.MockClock,
) -> None:
    async with fleet() as f:
        await f.create("a")
        await settle()
        f.wire.lines["a"].cut()
        await trio.sleep(60)
        assert len(f.sent("a", Kind.STATUS)) == 2
        assert f.connector.statistics().connects == 2


async def test_a_severed_link_is_closed_without_a_word_and_stays_away(
    autojump_clock: trio.testing.MockClock,
) -> None:
    async with fleet() as f:
        await f.create("a")
        await settle()
        assert f.carrier.sever("a")
        f.tell("a", b"status", Kind.STATUS)
        f.tell("a", b"1")
        await trio.sleep(600)
        line = f.wire.lines["a"]
        assert (line.how_it_ended, line.is_open) == (["aborted"], False)
        assert f.connector.statistics().connections == 0
        f.carrier.restore("a")
        await trio.sleep(1)
        assert f.sent("a")[-1] == b"1"
        assert f.connector.statistics().connections == 1


async def test_what_a_fault_holds_back_is_not_late(autojump_clock: trio.testing.MockClock) -> None:
    async with fleet() as f, trio.open_nursery() as nursery:
        delivery = Delivery(f.carrier, f.connector)
        nursery.start_soon(delivery.run)
        await f.create("a")
        await settle()
        f.carrier.sever("a")
        await settle()
        f.tell("a", b"1")
        await trio.sleep(60)
        assert not list(delivery.problems())
        f.carrier.severed -= 1
        f.carrier.links["a"].severed = False
        await trio.sleep(60)
        assert "has waited" in "".join(delivery.problems())
        nursery.cancel_scope.cancel()


async def test_a_link_is_severed_between_two_messages(
    autojump_clock: trio.testing.MockClock,
) -> None:
    async with fleet() as f:
        await f.create("a")
        await settle()
        line = f.wire.lines["a"]
        line.settled = False
        f.carrier.sever("a")
        await settle()
        assert line.is_open
        line.settled = True
        f.carrier.ask_for(f.carrier.links["a"])
        await settle()
        assert not line.is_open


async def test_a_device_that_is_deleted_leaves_in_order(
    autojump_clock: trio.testing.MockClock,
) -> None:
    async with fleet() as f:
        await f.create("a")
        await settle()
        await f.rig.supervisor.delete("a")
        await settle()
        assert f.wire.lines["a"].how_it_ended == ["left"]
        assert f.sent("a", Kind.STATUS)[-1] == b""


async def test_the_service_clears_the_status_of_a_device_that_is_not_connected(
    autojump_clock: trio.testing.MockClock,
) -> None:
    async with fleet() as f:
        f.wire.away = True
        await f.create("a")
        f.tell("a", b"1")
        await f.rig.supervisor.delete("a")
        await trio.sleep(60)
        assert f.carrier.service.statistics().backlog == 1
        counts = f.carrier.statistics()
        assert (counts.dropped, counts.superseded) == (1, 1)  # the reading; its first status
        assert len(f.wire.attempts) <= 1


async def test_connects_are_limited_and_uneven(autojump_clock: trio.testing.MockClock) -> None:
    async with fleet(rate=10.0) as f:
        for number in range(100):
            await f.create(f"d{number}")
        began = trio.current_time()
        await trio.sleep(30)
        assert f.connector.connected == 100
        gaps = [later - earlier for earlier, later in pairwise(f.wire.attempts)]
        assert 7.0 < f.wire.attempts[-1] - began < 13.0
        assert len({round(gap, 4) for gap in gaps}) > 50


async def test_all_at_once_when_asked_for(autojump_clock: trio.testing.MockClock) -> None:
    async with fleet(rate=0.0) as f:
        for number in range(50):
            await f.create(f"d{number}")
        await settle()
        assert f.connector.connected == 50


async def test_no_more_than_files_may_be_open(
    autojump_clock: trio.testing.MockClock, caplog: Any
) -> None:
    async with fleet(most=3) as f:
        for number in range(5):
            await f.create(f"d{number}")
        await trio.sleep(5)
        statistics = f.connector.statistics()
        assert (statistics.connected, statistics.connections) == (3, 5)
        assert "raise the limit with ulimit -n" in caplog.text
        await f.rig.supervisor.delete("d0")
        await trio.sleep(120)
        assert f.connector.connected == 3


async def test_what_the_network_does_not_take_at_once_follows(
    autojump_clock: trio.testing.MockClock,
) -> None:
    async with fleet() as f:
        await f.create("a")
        await settle()
        line = f.wire.lines["a"]
        line.blocked = True
        f.tell("a", b"1")
        f.tell("a", b"2")
        assert f.sent("a") == []
        f.carrier.ask_for(f.carrier.links["a"])
        await settle()
        assert f.sent("a") == [b"1", b"2"]


async def test_what_a_device_says_in_one_turn_is_written_at_once(
    autojump_clock: trio.testing.MockClock,
) -> None:
    async with fleet() as f:
        await f.create("a")
        await settle()
        line = f.wire.lines["a"]
        before = len(line.written)
        for payload in (b"1", b"2", b"3"):
            f.tell("a", payload)
        assert line.written[before:] == []
        await settle()
        assert line.written[before:] == [len(line.taken)]
        assert f.sent("a") == [b"1", b"2", b"3"]


async def test_a_line_that_the_network_stops_is_waited_for(
    autojump_clock: trio.testing.MockClock,
) -> None:
    async with fleet() as f:
        await f.create("a")
        await settle()
        f.wire.lines["a"].blocks = True
        f.tell("a", b"1")
        await settle()
        f.tell("a", b"2")
        assert f.sent("a") == [b"1", b"2"]


async def test_a_device_that_goes_leaves_once_its_last_words_are_written(
    autojump_clock: trio.testing.MockClock,
) -> None:
    async with fleet() as f:
        await f.create("a")
        await settle()
        line = f.wire.lines["a"]
        await f.rig.supervisor.delete("a")
        await settle()
        assert line.written[-1] == len(line.taken)
        assert line.taken[-1].payload == b""
        assert line.how_it_ended == ["left"]


async def test_all_links_can_be_dropped(autojump_clock: trio.testing.MockClock) -> None:
    async with fleet() as f:
        await f.create("a")
        await f.create("b")
        await settle()
        f.connector.drop()
        await settle()
        assert f.connector.connected == 0
        await trio.sleep(60)
        assert f.connector.connected == 2
