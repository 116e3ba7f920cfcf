"""Answers that nobody takes, or not at once."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
import trio
import trio.testing
from h2.errors import ErrorCodes
from h2.settings import SettingCodes

from iotmock.rest.server import Limits
from tests.patience import within
from tests.rest.http2 import Http2Client, http2
from tests.rest.rig import Served, assemble_service, serving
from tests.rest.server.peers import protocol_of, wait_until
from tests.simulated_time import simulated_time_at_sockets

real_time = pytest.mark.trio
LARGE = "/docs/swagger-ui-bundle.js"
MORE_THAN_LARGE = 2_000_000


@pytest.fixture
async def brief() -> AsyncIterator[Served]:
    """A service with little patience."""
    async with serving(assemble_service(), Limits(write_s=0.2)) as served:
        yield served


async def open_window(client: Http2Client) -> None:
    client.connection.update_settings({SettingCodes.INITIAL_WINDOW_SIZE: 2**20})
    await client.flush()


async def ask_for(client: Http2Client, path: str) -> int:
    """Ask, and return when the answer has begun."""
    number = await client.ask("GET", path)
    with within(10):
        while not client.answers[number].status:
            await client.hear()
    return number


@real_time
async def test_of_an_answer_over_http2_a_small_part_is_copied_at_a_time(served: Served) -> None:
    async with http2(served.port, window=0) as client:
        numbers = [await ask_for(client, LARGE) for _ in range(3)]
        await trio.testing.wait_all_tasks_blocked()
        waiting = [len(one.buffer) for one in protocol_of(served).stream_buffers.values()]
        assert len(waiting) == 3
        assert all(0 < size <= 64 * 1024 for size in waiting)
        await open_window(client)
        bodies = [bytes((await client.wait(number)).body) for number in numbers]
    async with http2(served.port) as other:
        [body] = set(bodies)
        assert body == (await other.wait(await other.ask("GET", LARGE))).body


@real_time
@pytest.mark.parametrize("path", [LARGE, "/livez"])
async def test_an_answer_of_which_nothing_is_taken_is_reset_alone(brief: Served, path: str) -> None:
    async with http2(brief.port, window=0) as client:
        answer = await client.wait(await client.ask("GET", path))
        assert answer.reset == ErrorCodes.CANCEL
        await wait_until(lambda: not protocol_of(brief).stream_buffers)
        await open_window(client)
        assert await client.get("/health") == 200
    assert brief.server.counts.failed == 0


@simulated_time_at_sockets
async def test_an_answer_that_is_taken_bit_by_bit_comes(served: Served) -> None:
    async with http2(served.port, window=0) as client:
        number = await ask_for(client, "/openapi.json")
        for _ in range(3):
            await trio.sleep(Limits().write_s * 0.7)
            client.connection.increment_flow_control_window(1_000, number)
            await client.flush()
        await open_window(client)
        answer = await client.wait(number)
        assert answer.reset is None
        assert answer.body.endswith(b"}")


@real_time
async def test_nothing_is_kept_of_an_answer_whose_client_resets_it(served: Served) -> None:
    async with http2(served.port, window=0) as client:
        number = await ask_for(client, LARGE)
        client.connection.reset_stream(number)
        await client.flush()
        await wait_until(lambda: not protocol_of(served).stream_buffers)
        await wait_until(lambda: not served.server.counts.in_work)
    assert served.server.counts.failed == 0


@real_time
async def test_large_answers_that_wait_are_bounded_together() -> None:
    async with (
        serving(assemble_service(), Limits(untaken=MORE_THAN_LARGE)) as served,
        AsyncExitStack() as peers,
    ):
        stuck = await peers.enter_async_context(http2(served.port, window=0))
        await ask_for(stuck, LARGE)
        async with http2(served.port) as other:
            assert await other.get(LARGE) == 503
            assert await other.get("/health") == 200
            await peers.aclose()
            await wait_until(lambda: not served.server.counts.untaken)
            assert await other.get(LARGE) == 200
