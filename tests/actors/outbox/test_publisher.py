"""The publisher: batching, backlog, exact counts."""

import pytest
import trio
from structlog.testing import capture_logs
from trio.testing import MockClock, wait_all_tasks_blocked

from iotmock.actors.errors import WireDownError
from iotmock.actors.messages import Kind, Outgoing
from iotmock.actors.outbox.publisher import Publisher
from tests.actors.rig import RememberedConnection
from tests.outgoing import outgoing

pytestmark = pytest.mark.trio


def data(number: int, device_id: str = "d") -> Outgoing:
    return outgoing(Kind.DATA, device_id, str(number).encode())


def status(device_id: str, text: str) -> Outgoing:
    return outgoing(Kind.STATUS, device_id, text.encode())


def adds_up(publisher: Publisher) -> bool:
    counts = publisher.statistics()
    return counts.accepted == sum(
        (
            counts.acknowledged,
            counts.refused,
            counts.waiting,
            counts.dropped,
            counts.superseded,
        )
    )


async def test_what_waits_is_joined_into_one_write(autojump_clock: MockClock) -> None:
    publisher, connection = Publisher(1000), RememberedConnection()
    for number in range(200):
        publisher.tell(data(number))
    async with trio.open_nursery() as nursery:
        nursery.start_soon(publisher.pump, connection)
        await wait_all_tasks_blocked()
        nursery.cancel_scope.cancel()
    assert [int(message.payload) for message in connection.taken] == list(range(200))
    assert connection.flushes == 1


async def test_a_full_window_holds_the_rest_back_in_order(autojump_clock: MockClock) -> None:
    publisher, connection = Publisher(1000), RememberedConnection(window=10)
    for number in range(25):
        publisher.tell(data(number))
    async with trio.open_nursery() as nursery:
        nursery.start_soon(publisher.pump, connection)
        for expected in (10, 20, 25):
            await wait_all_tasks_blocked()
            assert len(connection.taken) == expected
            assert adds_up(publisher)
            connection.acknowledge_all()
        nursery.cancel_scope.cancel()
    assert [int(message.payload) for message in connection.taken] == list(range(25))


async def test_without_a_broker_the_oldest_data_is_dropped_and_counted() -> None:
    publisher = Publisher(10)
    for number in range(25):
        publisher.tell(data(number))
    assert publisher.statistics().dropped == 15
    assert [int(message.payload) for message in publisher._waiting] == list(range(15, 25))
    assert adds_up(publisher)


async def test_statuses_and_results_outlive_a_full_backlog(autojump_clock: MockClock) -> None:
    publisher, connection = Publisher(10), RememberedConnection()
    publisher.tell(status("a", "old"))
    publisher.tell(outgoing(Kind.RESULT, "a", b"r1"))
    publisher.tell(outgoing(Kind.RESULT, "a", b"r2"))
    for number in range(5):
        publisher.tell(data(number))
    publisher.tell(status("a", "new"))
    for number in range(5, 25):
        publisher.tell(data(number))
    async with trio.open_nursery() as nursery:
        nursery.start_soon(publisher.pump, connection)
        await wait_all_tasks_blocked()
        nursery.cancel_scope.cancel()
    assert [m.payload for m in connection.taken][:3] == [b"r1", b"r2", b"new"]
    assert [int(m.payload) for m in connection.taken[3:]] == list(range(15, 25))
    assert publisher.statistics().superseded == 1
    assert adds_up(publisher)


async def test_the_backlog_waits_out_a_lost_connection(autojump_clock: MockClock) -> None:
    publisher, first, second = Publisher(1000), RememberedConnection(), RememberedConnection()
    publisher.tell(data(1))
    first.lost.set()
    with pytest.raises(WireDownError):
        await publisher.pump(first)
    publisher.tell(data(2))
    publisher.tell_first(status("d", "online"))
    async with trio.open_nursery() as nursery:
        nursery.start_soon(publisher.pump, second)
        await wait_all_tasks_blocked()
        nursery.cancel_scope.cancel()
    assert [message.payload for message in second.taken] == [b"online", b"2"]


async def test_drained_means_acknowledged(autojump_clock: MockClock) -> None:
    publisher, connection = Publisher(1000), RememberedConnection(window=3)
    for number in range(7):
        publisher.tell(data(number))
    drained = trio.Event()

    async def drain() -> None:
        await publisher.wait_drained()
        drained.set()

    async with trio.open_nursery() as nursery:
        nursery.start_soon(publisher.pump, connection)
        await wait_all_tasks_blocked()
        nursery.start_soon(drain)
        for _ in range(3):
            await wait_all_tasks_blocked()
            assert not drained.is_set()
            connection.acknowledge_all()
        await drained.wait()
        nursery.cancel_scope.cancel()
    assert publisher.statistics().waiting == 0


async def test_nothing_can_be_drained_without_a_connection() -> None:
    with pytest.raises(WireDownError):
        await Publisher(10).wait_drained()


def result(text: bytes) -> Outgoing:
    return outgoing(Kind.RESULT, "d", text, "my/inbox", b"x" * 900)


async def test_what_waits_is_bounded_in_bytes_and_the_oldest_data_goes_first() -> None:
    publisher = Publisher(1_000, capacity_bytes=10_000)
    publisher.tell(result(b"r"))
    for number in range(20):
        publisher.tell(outgoing(Kind.DATA, "d", str(number).zfill(1_000).encode()))
    kept = [int(message.payload) for message in publisher._waiting]
    assert kept == list(range(20 - len(kept), 20))
    assert len(kept) == 9
    assert [message.payload for message in publisher._first.values()] == [b"r"]
    assert adds_up(publisher)


async def test_results_alone_do_not_grow_without_bound() -> None:
    publisher = Publisher(1_000_000, capacity_bytes=100_000)
    publisher.tell(status("d", "online"))
    for _ in range(1_000):
        publisher.tell(result(b"r" * 200))
    counts = publisher.statistics()
    assert 80 < counts.waiting < 100
    assert counts.dropped == 1_001 - counts.waiting
    assert any(message.kind is Kind.STATUS for message in publisher._first.values())
    assert adds_up(publisher)


async def test_bytes_that_went_out_make_room(autojump_clock: MockClock) -> None:
    publisher, connection = Publisher(1_000, capacity_bytes=10_000), RememberedConnection()
    for _ in range(3):
        for _ in range(4):
            publisher.tell(result(b"r" * 1_000))
        publisher.tell(data(1))
        publisher.tell_first(status("d", "x" * 5_000))
        async with trio.open_nursery() as nursery:
            nursery.start_soon(publisher.pump, connection)
            await wait_all_tasks_blocked()
            nursery.cancel_scope.cancel()
    assert publisher._bytes == 0
    assert publisher.statistics().dropped == 0


async def test_commands_wait_while_the_bytes_are_full(autojump_clock: MockClock) -> None:
    publisher, connection = Publisher(1_000, capacity_bytes=2_000), RememberedConnection()
    publisher.tell(result(b"r" * 1_000))
    await publisher.wait_room()
    with trio.move_on_after(1) as patience:
        publisher.tell(outgoing(Kind.DATA, "d", b"x" * 92))
        await publisher.wait_room()
    assert patience.cancelled_caught
    async with trio.open_nursery() as nursery:
        nursery.start_soon(publisher.pump, connection)
        await publisher.wait_room()
        nursery.cancel_scope.cancel()


async def test_a_backlog_that_was_full_is_said_to_be_empty_again(autojump_clock: MockClock) -> None:
    publisher, connection = Publisher(5), RememberedConnection()
    with capture_logs() as logs:
        for number in range(50):
            publisher.tell(data(number))
        async with trio.open_nursery() as nursery:
            nursery.start_soon(publisher.pump, connection)
            await wait_all_tasks_blocked()
            nursery.cancel_scope.cancel()
    assert [line["event"] for line in logs] == [
        "the backlog is full: the oldest is dropped",
        "the backlog is empty again",
    ]
