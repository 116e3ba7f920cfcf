"""What is said at the end about messages that were not delivered."""

import pytest
import trio
from trio.testing import MockClock, wait_all_tasks_blocked

from iotmock.actors.messages import Kind
from iotmock.actors.outbox.publisher import Publisher
from iotmock.actors.outbox.undelivered import undelivered
from tests.actors.rig import RememberedConnection
from tests.outgoing import outgoing

pytestmark = pytest.mark.trio


async def test_kinds_are_counted_and_the_first_devices_named(autojump_clock: MockClock) -> None:
    publisher, connection = Publisher(1_000), RememberedConnection(window=4)
    for number in range(7):
        publisher.tell(outgoing(Kind.DATA, f"d{number}", b""))
    publisher.tell(outgoing(Kind.RESULT, "d1", b""))
    publisher.tell_first(outgoing(Kind.STATUS, "d0", b""))
    async with trio.open_nursery() as nursery:
        nursery.start_soon(publisher.pump, connection)
        await wait_all_tasks_blocked()
        nursery.cancel_scope.cancel()
    assert undelivered(publisher) == {
        "messages": 9,
        "data": 7,
        "result": 1,
        "status": 1,
        "devices": "d0, d1, d2, d3, d4 and 2 more",
    }


async def test_nothing_is_said_when_all_was_delivered() -> None:
    assert undelivered(Publisher(10)) == {}
