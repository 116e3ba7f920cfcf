"""Connections are made anew before what let them in expires."""

import pytest
import trio
from trio.testing import MockClock

from tests.actors.links.remembered import Fleet, RememberedLine, fleet

pytestmark = pytest.mark.trio


async def due(f: Fleet, line: RememberedLine, seconds: float = 1.1) -> None:
    """Have the line's time come, and wait for the next looks at it."""
    line.renews_at = trio.current_time()
    await trio.sleep(seconds)


async def test_one_is_left_in_order_and_comes_back_at_once_without_a_complaint(
    autojump_clock: MockClock,
) -> None:
    async with fleet() as f:
        line = await f.connected("a")
        await due(f, line)
        assert (line.how_it_ended, line.is_open) == (["left"], True)
        assert (f.connector.connects, f.connector.connected) == (2, 1)
        assert f.connector.complaints.last is None
        f.tell("a", b"1")
        assert f.sent("a") == [b"1"]


async def test_it_waits_a_second_for_the_answer_to_what_is_on_its_way(
    autojump_clock: MockClock,
) -> None:
    async with fleet() as f:
        line = await f.connected("a")
        line.settled = False
        await due(f, line, 0.9)
        assert line.how_it_ended == []
        await trio.sleep(1.2)
        assert line.how_it_ended == ["left"]


async def test_a_fleet_comes_back_at_its_rate_and_what_it_says_meanwhile_waits(
    autojump_clock: MockClock,
) -> None:
    async with fleet(rate=1.0) as f:
        for number in range(5):
            await f.create(f"d{number}")
        await trio.sleep(10.0)
        lines = list(f.wire.lines.values())
        for line in lines:
            line.renews_at = trio.current_time()
        await trio.sleep(1.05)
        assert f.connector.connected < 5
        assert not any("devices' connections" in one for one in f.connector.problems())
        f.tell("d4", b"1")
        await trio.sleep(10.0)
        again = f.wire.attempts[5:]
        assert (len(again), f.connector.connected) == (5, 5)
        assert again[-1] - again[0] > 1.8
        assert f.sent("d4") == [b"1"]
