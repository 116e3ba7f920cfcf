"""No peer holds anything for ever."""

import gc
import logging
from collections.abc import AsyncIterator

import pytest
import trio
from h2.errors import ErrorCodes
from h2.settings import SettingCodes
from hyperframe.frame import GoAwayFrame, HeadersFrame

from iotmock.rest.server import Limits
from iotmock.rest.server.exchange import Exchange
from tests.patience import within
from tests.rest.http2 import JSON, http2
from tests.rest.rig import Served, assemble_service, serving
from tests.rest.server.peers import (
    GET,
    connected,
    read_to_end,
    send_for_ever,
    wait_for_none_open,
    wait_until,
)
from tests.simulated_time import simulated_time_at_sockets

pytestmark = simulated_time_at_sockets
BRIEF = Limits(idle_s=0.2, request_s=0.2, farewell_s=0.2, grace_s=0.5, sweep_s=0.05)
MUCH = GET.replace(b"/health", b"/openapi.json") * 10


@pytest.fixture
async def brief() -> AsyncIterator[Served]:
    """A service with little patience."""
    async with serving(assemble_service(), BRIEF) as served:
        yield served


@pytest.mark.parametrize("said", [b"", b"GET /hea", GET[:-3], b"PRI * HTTP/2"])
async def test_a_connection_without_a_request_ends(brief: Served, said: bytes) -> None:
    async with connected(brief) as stream:
        await stream.send_all(said)
        assert await read_to_end(stream) == b""
    assert brief.server.counts.idle == 1


async def test_headers_that_come_bit_by_bit_end(brief: Served) -> None:
    async with connected(brief) as stream, trio.open_nursery() as nursery:

        async def dribble() -> None:
            while True:
                await stream.send_all(b"X-Y: z\r\n")
                await trio.sleep(0.02)

        await stream.send_all(GET[:-2])
        nursery.start_soon(dribble)
        await wait_until(lambda: brief.server.counts.idle == 1)
        nursery.cancel_scope.cancel()


async def test_a_connection_ends_that_is_idle_after_an_answer(brief: Served) -> None:
    async with connected(brief) as stream:
        await stream.send_all(GET)
        assert (await read_to_end(stream)).startswith(b"HTTP/1.1 200")


async def test_http2_ends_without_a_request_and_after_one(brief: Served) -> None:
    async with http2(brief.port) as silent, http2(brief.port) as client:
        assert await client.get("/health") == 200
        for one in (silent, client):
            await one.wait_gone()
            assert one.goodbye == ErrorCodes.NO_ERROR
    assert brief.server.counts.idle == 2


async def test_pings_do_not_keep_a_connection(brief: Served) -> None:
    async with http2(brief.port) as client:
        with within(10):
            try:
                while not client.gone and client.goodbye is None:
                    client.connection.ping(b"12345678")
                    await client.flush()
                    await client.hear()
                    await trio.sleep(0.01)
            except trio.BrokenResourceError:
                pass


async def test_what_begins_no_request_is_no_haste() -> None:
    limits = Limits(request_s=10.0, idle_s=75.0)
    async with serving(assemble_service(), limits) as served, http2(served.port) as client:
        assert await client.get("/health") == 200
        since = trio.current_time()
        client.connection.ping(b"12345678")
        client.connection.increment_flow_control_window(1_000)
        client.connection.update_settings({SettingCodes.ENABLE_PUSH: 0})
        await client.flush()
        while not client.gone:
            await client.hear()
        assert trio.current_time() - since >= limits.idle_s


async def test_headers_without_an_end_end_beside_a_request_in_work(brief: Served) -> None:
    async with http2(brief.port) as client:
        assert await client.get("/health") == 200
        await client.ask("POST", "/api/v1/devices", *JSON, ends=False)
        await client.send_frames(HeadersFrame(5, b"\0" * 1_000))
        await client.wait_gone()
        assert client.goodbye == ErrorCodes.NO_ERROR
    assert brief.server.counts.idle == 1


async def test_a_client_that_does_not_read_is_left() -> None:
    async with serving(assemble_service(), Limits(write_s=0.2)) as served:
        async with connected(served) as stream:
            with pytest.raises(trio.BrokenResourceError):
                await send_for_ever(stream, MUCH)
        await wait_for_none_open(served)


async def test_the_end_does_not_wait_for_clients_that_do_not_read() -> None:
    async with (
        serving(assemble_service(), Limits(grace_s=0.2)) as served,
        connected(served) as slow,
        http2(served.port, window=1) as stuck,
    ):
        number = await stuck.ask("GET", "/openapi.json")
        while not stuck.answers[number].status:
            await stuck.hear()
        await slow.send_all(MUCH * 10)
        asked = 0
        while served.server.counts.requests > asked:
            asked = served.server.counts.requests
            await trio.sleep(0.3)
        assert served.server.counts.in_work == 2
        served.end.set()
        with within(5):
            await served.ended.wait()


async def test_a_request_in_work_is_answered_at_the_end(served: Served) -> None:
    head = b"POST /api/v1/devices HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n"
    async with connected(served) as stream:
        await stream.send_all(head + b"Content-Type: application/json\r\n\r\n")
        await wait_until(lambda: served.server.counts.in_work > 0)
        served.end.set()
        await stream.send_all(b"{}")
        assert (await read_to_end(stream)).startswith(b"HTTP/1.1 422")


async def test_a_request_of_http2_in_work_is_answered_at_the_end(
    served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    async with http2(served.port) as client:
        number = await client.ask("POST", "/api/v1/devices", *JSON, ends=False)
        await wait_until(lambda: served.server.counts.in_work > 0)
        served.end.set()
        await wait_until(lambda: not served.server.is_open)
        refused = await client.wait(await client.ask("GET", "/health"))
        assert refused.reset == ErrorCodes.REFUSED_STREAM
        client.connection.send_data(number, b"{}", end_stream=True)
        await client.flush()
        answer = await client.wait(number)
        assert (answer.status, answer.reset) == (422, None)
        await client.wait_gone()
        assert client.goodbye == ErrorCodes.NO_ERROR
    assert not [one for one in caplog.records if one.levelno >= logging.WARNING]


@pytest.mark.parametrize("path", ["/health", "/openapi.json"])
async def test_a_peer_of_http2_that_leaves_is_answered(served: Served, path: str) -> None:
    async with http2(served.port) as client:
        number = await client.ask("GET", path)
        await client.send_frames(GoAwayFrame(0))
        answer = await client.wait(number)
        assert (answer.status, answer.reset) == (200, None)
        assert answer.body.endswith(b"}")
        await client.wait_gone()
    async with http2(served.port) as client:
        await client.send_frames(GoAwayFrame(0))
        await client.wait_gone()
    assert served.server.counts.idle == 0


async def test_a_peer_that_says_no_more_is_answered(served: Served) -> None:
    async with connected(served) as stream:
        await stream.send_all(GET)
        await stream.send_eof()
        assert (await read_to_end(stream)).startswith(b"HTTP/1.1 200")


async def test_beyond_the_limit_of_connections_others_wait(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with (
        serving(assemble_service(), Limits(connections=2)) as served,
        connected(served) as first,
        connected(served) as second,
    ):
        for stream in (first, second):
            await stream.send_all(GET)
            await stream.receive_some()
        async with connected(served) as third:
            await third.send_all(GET)
            with trio.move_on_after(0.2) as waited:
                await third.receive_some()
            assert waited.cancelled_caught
            assert sum("limit" in line for line in caplog.messages) == 1
            await first.aclose()
            with within(10):
                assert (await third.receive_some()).startswith(b"HTTP/1.1 200")


async def test_what_was_answered_leaves_nothing_to_the_collector(brief: Served) -> None:
    gc.collect()
    gc.disable()
    try:
        async with http2(brief.port) as client:
            assert await client.get("/health") == 200
            refused = await client.ask("DELETE", "/api/v1/devices/nobody")
            assert (await client.wait(refused)).status == 404
        async with connected(brief) as stream:
            await stream.send_all(GET * 3)
            assert (await read_to_end(stream)).count(b"HTTP/1.1 200") == 3
        await wait_for_none_open(brief)
        assert not [held for held in gc.get_objects() if isinstance(held, Exchange)]
    finally:
        gc.enable()
