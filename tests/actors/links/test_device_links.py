"""A connection for each device: what waits, what goes first, what is dropped, who connects when."""

from itertools import pairwise

import pytest
import trio
from trio.testing import MockClock

from iotmock.actors.links.delivery import Delivery
from iotmock.actors.messages import Kind
from tests.actors.links.remembered import check_sum, fleet, settle

pytestmark = pytest.mark.trio


async def test_a_status_goes_out_before_what_waited(autojump_clock: MockClock) -> None:
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
    autojump_clock: MockClock,
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
    autojump_clock: MockClock,
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
    autojump_clock: MockClock,
) -> None:
    async with fleet() as f:
        line = await f.connected("a")
        line.cut()
        await trio.sleep(60)
        assert len(f.sent("a", Kind.STATUS)) == 2
        assert f.connector.statistics().connects == 2


async def test_a_severed_link_is_closed_without_a_word_and_stays_away(
    autojump_clock: MockClock,
) -> None:
    async with fleet() as f:
        line = await f.connected("a")
        assert f.carrier.sever("a")
        f.tell("a", b"status", Kind.STATUS)
        f.tell("a", b"1")
        await trio.sleep(600)
        assert (line.how_it_ended, line.is_open) == (["aborted"], False)
        assert f.connector.statistics().connections == 0
        f.carrier.restore("a")
        await trio.sleep(1)
        assert f.sent("a")[-1] == b"1"
        assert f.connector.statistics().connections == 1


async def test_what_a_fault_holds_back_is_not_late(autojump_clock: MockClock) -> None:
    async with fleet() as f, trio.open_nursery() as nursery:
        delivery = Delivery(f.carrier, f.connector)
        nursery.start_soon(delivery.run)
        await f.connected("a")
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
    autojump_clock: MockClock,
) -> None:
    async with fleet() as f:
        line = await f.connected("a")
        line.settled = False
        f.carrier.sever("a")
        await settle()
        assert line.is_open
        line.settled = True
        f.carrier.ask_for(f.carrier.links["a"])
        await settle()
        assert not line.is_open


async def test_a_device_that_is_deleted_leaves_in_order(
    autojump_clock: MockClock,
) -> None:
    async with fleet() as f:
        line = await f.connected("a")
        await f.rig.supervisor.delete("a")
        await settle()
        assert line.how_it_ended == ["left"]
        assert f.sent("a", Kind.STATUS)[-1] == b""


async def test_the_service_clears_the_status_of_a_device_that_is_not_connected(
    autojump_clock: MockClock,
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


async def test_connects_are_limited_and_uneven(autojump_clock: MockClock) -> None:
    async with fleet(rate=10.0) as f:
        for number in range(100):
            await f.create(f"d{number}")
        began = trio.current_time()
        await trio.sleep(30)
        assert f.connector.connected == 100
        gaps = [later - earlier for earlier, later in pairwise(f.wire.attempts)]
        assert 7.0 < f.wire.attempts[-1] - began < 13.0
        assert len({round(gap, 4) for gap in gaps}) > 50


async def test_all_at_once_when_asked_for(autojump_clock: MockClock) -> None:
    async with fleet(rate=0.0) as f:
        for number in range(50):
            await f.create(f"d{number}")
        await settle()
        assert f.connector.connected == 50


async def test_no_more_than_files_may_be_open(
    autojump_clock: MockClock, caplog: pytest.LogCaptureFixture
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
    autojump_clock: MockClock,
) -> None:
    async with fleet() as f:
        line = await f.connected("a")
        line.blocked = True
        f.tell("a", b"1")
        f.tell("a", b"2")
        assert f.sent("a") == []
        f.carrier.ask_for(f.carrier.links["a"])
        await settle()
        assert f.sent("a") == [b"1", b"2"]


async def test_what_a_device_says_in_one_turn_is_written_at_once(
    autojump_clock: MockClock,
) -> None:
    async with fleet() as f:
        line = await f.connected("a")
        before = len(line.written)
        for payload in (b"1", b"2", b"3"):
            f.tell("a", payload)
        assert line.written[before:] == []
        await settle()
        assert line.written[before:] == [len(line.taken)]
        assert f.sent("a") == [b"1", b"2", b"3"]


async def test_a_line_that_the_network_stops_is_waited_for(
    autojump_clock: MockClock,
) -> None:
    async with fleet() as f:
        line = await f.connected("a")
        line.blocks = True
        f.tell("a", b"1")
        await settle()
        f.tell("a", b"2")
        assert f.sent("a") == [b"1", b"2"]


async def test_a_device_that_goes_leaves_once_its_last_words_are_written(
    autojump_clock: MockClock,
) -> None:
    async with fleet() as f:
        line = await f.connected("a")
        await f.rig.supervisor.delete("a")
        await settle()
        assert line.written[-1] == len(line.taken)
        assert line.taken[-1].payload == b""
        assert line.how_it_ended == ["left"]


async def test_all_links_can_be_dropped(autojump_clock: MockClock) -> None:
    async with fleet() as f:
        await f.create("a")
        await f.connected("b")
        f.connector.drop()
        await settle()
        assert f.connector.connected == 0
        await trio.sleep(60)
        assert f.connector.connected == 2
