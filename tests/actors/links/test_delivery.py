"""Whether what the fleet says is delivered, from samples of the counts."""

import pytest
import trio
from attrs import define
from trio.testing import wait_all_tasks_blocked

from iotmock.actors.links.delivery import PATIENCE_S, WINDOW_S, Delivery
from iotmock.actors.links.link import Link
from iotmock.actors.messages import Kind
from iotmock.actors.outbox.publisher import Publisher
from iotmock.actors.routers.platform_mirror import PlatformMirror
from tests.actors.rig import RememberedConnection, assemble
from tests.outgoing import outgoing
from tests.rest.rig import AbsentBroker
from tests.simulated_time import simulated_time

pytestmark = simulated_time


@define(eq=False)
class Stand:
    """A publisher, what its connection took, and who watches both."""

    publisher: Publisher
    connection: RememberedConnection
    wire: AbsentBroker
    delivery: Delivery

    @property
    def problems(self) -> str:
        return "\n".join(self.delivery.problems())

    def say(self, messages: int = 1) -> None:
        for _ in range(messages):
            self.publisher.tell(outgoing(Kind.DATA, "d", b"{}"))


@pytest.fixture
async def stand(nursery: trio.Nursery) -> Stand:
    rig, wire, publisher = assemble(), AbsentBroker(), Publisher(1_000)
    connection = RememberedConnection()
    link = Link(wire, publisher, rig.router, PlatformMirror(rig.supervisor))
    delivery = Delivery(publisher, link)
    nursery.start_soon(publisher.pump, connection)
    nursery.start_soon(delivery.run)
    return Stand(publisher, connection, wire, delivery)


async def test_what_is_answered_in_time_is_no_problem(stand: Stand) -> None:
    for _ in range(100):
        stand.say(5)
        await trio.sleep(PATIENCE_S - 2)
        stand.connection.acknowledge_all()
        await trio.sleep(1)
        assert not stand.problems


async def test_what_waits_for_a_window_is_late_and_then_is_not(stand: Stand) -> None:
    stand.connection.window = 1
    stand.say(3)
    await trio.sleep(PATIENCE_S)
    assert not stand.problems
    await trio.sleep(3)
    assert "the oldest of 3 messages has waited" in stand.problems
    for _ in range(3):
        stand.connection.acknowledge_all()
        await wait_all_tasks_blocked()
    await trio.sleep(2)
    assert not stand.problems


async def test_a_broker_that_keeps_up_only_just_too_late_is_late(stand: Stand) -> None:
    stand.connection.window = 20
    for _ in range(40):
        stand.say()
        await trio.sleep(1)
        if stand.publisher.statistics().waiting > 20:
            stand.connection.acknowledge(1)
    assert "has waited" in stand.problems


async def test_one_refusal_in_a_hundred_is_tolerated_and_more_are_said_for_a_minute(
    stand: Stand,
) -> None:
    stand.connection.acknowledged = 99
    stand.connection.refused = 1
    await trio.sleep(2)
    assert not stand.problems
    stand.connection.refused = 2
    await trio.sleep(2)
    assert "2 of 101 messages of the last minute were refused" in stand.problems
    await trio.sleep(WINDOW_S + 1)
    assert not stand.problems


async def test_data_that_a_full_backlog_drops_is_said_for_a_minute(stand: Stand) -> None:
    stand.connection.window = 0
    stand.say(1_500)
    await trio.sleep(2)
    assert "500 data messages of the last minute were dropped" in stand.problems
    stand.connection.window = 1_000_000
    stand.connection.acknowledge_all()
    await trio.sleep(WINDOW_S + 1)
    stand.connection.acknowledge_all()
    await trio.sleep(2)
    assert not stand.problems


async def test_who_looks_no_more_counts_as_stalled() -> None:
    rig = assemble()
    link = Link(AbsentBroker(), rig.publisher, rig.router, PlatformMirror(rig.supervisor))
    delivery = Delivery(rig.publisher, link)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(delivery.run)
        await trio.sleep(100)
        assert delivery.stalled_s <= 1
        nursery.cancel_scope.cancel()
    await trio.sleep(100)
    assert delivery.stalled_s > 90
