"""What devices that are gone have left in a backlog without a broker: bounded, and counted."""

import pytest
import trio
from structlog.testing import capture_logs
from trio.testing import MockClock, wait_all_tasks_blocked

from iotmock.actors.links.pool import Pool
from iotmock.actors.messages import Kind, Outgoing
from iotmock.actors.outbox.carrier import Carrier
from iotmock.actors.outbox.publisher import Publisher
from tests.actors.links.remembered import check_sum, fleet
from tests.actors.rig import RememberedConnection, assemble, running
from tests.outgoing import outgoing

pytestmark = pytest.mark.trio

CAPACITY = 20


def status(device_id: str, text: str, topic: str | None = None) -> Outgoing:
    return outgoing(Kind.STATUS, device_id, text.encode(), topic)


def live(carrier: Carrier, device_id: str) -> None:
    carrier.admit(device_id)
    carrier.tell(status(device_id, "born", f"births/{device_id}"))
    carrier.tell(outgoing(Kind.DATA, device_id, b"1"))


def die(carrier: Carrier, device_id: str) -> None:
    carrier.tell(status(device_id, ""))
    carrier.dismiss(device_id)


def kept_of(publisher: Publisher) -> list[str]:
    return [name for kind, name in publisher.unanswered() if kind is Kind.STATUS]


async def test_the_statuses_of_the_oldest_go_and_are_counted_and_said() -> None:
    publisher = Publisher(CAPACITY)
    live(publisher, "stays")
    with capture_logs() as logs:
        for number in range(1_000):
            live(publisher, f"d{number}")
            die(publisher, f"d{number}")
    kept = kept_of(publisher)
    assert "stays" in kept
    assert "d0" not in kept
    assert kept[-1] == "d999"
    assert len(kept) <= 1 + 2 * CAPACITY
    check_sum(publisher.statistics())
    assert [line["event"] for line in logs] == ["the backlog is full: the oldest is dropped"]


async def test_a_device_that_came_back_is_not_gone() -> None:
    publisher = Publisher(CAPACITY)
    live(publisher, "back")
    die(publisher, "back")
    live(publisher, "back")
    for number in range(1_000):
        live(publisher, f"d{number}")
        die(publisher, f"d{number}")
    assert "back" in kept_of(publisher)


async def test_results_of_devices_that_are_gone_still_go_out() -> None:
    publisher = Publisher(CAPACITY)
    for number in range(1_000):
        publisher.tell(outgoing(Kind.RESULT, f"d{number}", b"done"))
        die(publisher, f"d{number}")
    results = [kind for kind, _ in publisher.unanswered() if kind is Kind.RESULT]
    assert len(results) == 1_000
    check_sum(publisher.statistics())


async def test_with_a_broker_no_farewell_is_lost(autojump_clock: MockClock) -> None:
    publisher, connection = Publisher(CAPACITY), RememberedConnection()
    async with trio.open_nursery() as nursery:
        nursery.start_soon(publisher.pump, connection)
        for number in range(10 * CAPACITY):
            die(publisher, f"d{number}")
            await wait_all_tasks_blocked()
        nursery.cancel_scope.cancel()
    assert len(connection.taken) == 10 * CAPACITY
    assert publisher.statistics().dropped == 0


async def test_each_connection_of_a_pool_is_bounded() -> None:
    pool = Pool([Publisher(CAPACITY) for _ in range(3)])
    for number in range(1_000):
        live(pool, f"d{number}")
        die(pool, f"d{number}")
    assert all(len(kept_of(publisher)) <= 2 * CAPACITY for publisher in pool.publishers)
    check_sum(pool.statistics())


async def test_devices_with_connections_of_their_own(autojump_clock: MockClock) -> None:
    async with fleet(CAPACITY) as f:
        f.wire.away = True
        for number in range(10 * CAPACITY):
            await f.create(f"d{number}")
            await f.rig.supervisor.delete(f"d{number}")
        assert len(kept_of(f.carrier.service)) <= 2 * CAPACITY
        check_sum(f.carrier.statistics())


async def test_devices_that_are_made_and_deleted(autojump_clock: MockClock) -> None:
    async with running(assemble(CAPACITY), paced=False) as rig:
        for number in range(10 * CAPACITY):
            await rig.supervisor.create("plain", device_id=f"d{number}", name="d")
            await rig.supervisor.delete(f"d{number}")
        assert len(kept_of(rig.publisher)) <= 2 * CAPACITY
        check_sum(rig.publisher.statistics())
