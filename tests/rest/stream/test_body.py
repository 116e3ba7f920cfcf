"""The body of a stream, in simulated time."""

import trio

from iotmock.actors.stream.hub import Hub
from iotmock.actors.stream.wanted import Wanted
from iotmock.rest.stream.body import HEARTBEAT_S, EventBody
from iotmock.rest.stream.frames import FULL, HEARTBEAT, RETRY
from tests.simulated_time import simulated_time

pytestmark = simulated_time


async def test_a_heartbeat_comes_when_nothing_else_does() -> None:
    hub = Hub()
    async with EventBody(hub, Wanted()) as parts:
        assert await anext(parts) == RETRY
        began = trio.current_time()
        assert await anext(parts) == HEARTBEAT
        assert trio.current_time() - began == HEARTBEAT_S
        hub._add("status", "d", b"{}")
        assert (await anext(parts)).startswith(b"event: status\n")


async def test_who_came_together_with_too_many_is_told_and_ended() -> None:
    hub = Hub(1)
    async with EventBody(hub, Wanted()), EventBody(hub, Wanted()) as parts:
        assert [part async for part in parts] == [FULL]
        assert len(hub) == 1
    assert len(hub) == 0


async def test_many_events_are_few_writes() -> None:
    hub = Hub()
    async with EventBody(hub, Wanted()) as parts:
        await anext(parts)
        for _ in range(100):
            hub._add("status", "d", b"{}")
        assert (await anext(parts)).count(b"event: status\n") == 100


async def test_a_stream_that_is_closed_ends() -> None:
    hub = Hub()
    async with EventBody(hub, Wanted()) as parts:
        await anext(parts)
        hub.close()
        assert [part async for part in parts] == []
