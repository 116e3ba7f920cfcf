"""How long a receiver waits at the end for what it has not got."""

import pytest
import trio
from trio.testing import MockClock

from iotmock.soak.receiver.receipts import Expect, Finish, ReceiverConfig
from iotmock.soak.receiver.reception import Reception

pytestmark = pytest.mark.trio


def missing_one() -> Reception:
    """Return one that is connected, and is told of a message that has not come."""
    reception = Reception.make(ReceiverConfig(run="run"))
    reception.listener.connected = True
    reception.follow(Expect(counts={"a": 1}))
    reception.follow(Finish(quiet_s=5.0, at_most_s=1_000.0))
    return reception


async def test_it_gives_up_when_nothing_has_come_for_so_long(autojump_clock: MockClock) -> None:
    began = trio.current_time()
    await missing_one().settle()
    assert 5.0 < trio.current_time() - began < 6.0


async def test_while_it_stood_still_itself_nothing_was_missed(autojump_clock: MockClock) -> None:
    reception, began = missing_one(), trio.current_time()
    async with trio.open_nursery() as nursery:
        nursery.start_soon(reception.settle)
        await trio.sleep(3)
        autojump_clock.jump(100)
    assert 108.0 < trio.current_time() - began < 109.0
