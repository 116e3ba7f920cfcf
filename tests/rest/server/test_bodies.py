"""Bodies that nobody wants, that do not come, or that are too many."""

import urllib.error
import urllib.request
from contextlib import AsyncExitStack

import pytest
import trio

from iotmock.rest.server import Limits
from tests.patience import SLACK, within
from tests.rest.http2 import JSON, http2
from tests.rest.rig import Served, assemble_service, serving
from tests.rest.server.peers import GET, connected, read_to_end, send_for_ever, wait_until

pytestmark = pytest.mark.trio
POST = b"POST /api/v1/devices HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"


def ask_by_urllib(url: str, content_type: str, method: str, size: int) -> tuple[int, str | None]:
    headers = {"Content-Type": content_type}
    request = urllib.request.Request(url, b" " * size, headers, method=method)
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request, timeout=10 * SLACK)
    with caught.value as error:
        return error.code, error.headers["Connection"]


@pytest.mark.parametrize(
    ("method", "path", "content_type", "status"),
    [
        ("POST", "/api/v1/devices", "application/json", 413),
        ("POST", "/api/v1/devices", "text/plain", 415),
        ("POST", "/nowhere", "application/json", 404),
        ("PATCH", "/api/v1/devices", "application/json", 405),
    ],
)
async def test_an_answer_before_the_body_is_seen(
    method: str, path: str, content_type: str, status: int
) -> None:
    async with serving(assemble_service(), Limits(farewell_s=2.0 * SLACK)) as served:
        for size in (200_000, 5_000_000):
            asked = (f"{served.url}{path}", content_type, method, size)
            got = await trio.to_thread.run_sync(ask_by_urllib, *asked)
            assert got == (status, "close")


async def test_an_answer_after_the_body_keeps_the_connection(served: Served) -> None:
    async with connected(served) as stream:
        for _ in range(2):
            await stream.send_all(POST + b"Content-Length: 2\r\n\r\n{}")
            got = await stream.receive_some()
            assert got.startswith(b"HTTP/1.1 422")
            assert b"connection: close" not in got.lower()
            while not got.endswith(b"}"):
                got = await stream.receive_some()


async def test_what_is_thrown_away_has_an_end() -> None:
    limits = Limits(farewell_bytes=1_000_000, farewell_s=60)
    async with serving(assemble_service(), limits) as served, connected(served) as stream:
        await stream.send_all(POST + b"Content-Length: 1000000000\r\n\r\n")
        with pytest.raises(trio.BrokenResourceError):
            await send_for_ever(stream, b" " * 65_536)


async def test_who_sends_no_more_after_an_early_answer_is_left() -> None:
    async with (
        serving(assemble_service(), Limits(farewell_s=0.1)) as served,
        connected(served) as stream,
    ):
        await stream.send_all(POST + b"Content-Length: 1000000\r\n\r\n")
        assert (await read_to_end(stream)).startswith(b"HTTP/1.1 413")
        await wait_until(lambda: not served.server.counts.open)


async def test_unread_bodies_are_bounded_together() -> None:
    size = 59_000
    begun = POST + b"Content-Length: 60000\r\n\r\n" + b" " * size
    async with (
        serving(assemble_service(), Limits(unread=4 * size)) as served,
        AsyncExitStack() as peers,
    ):
        counts = served.server.counts
        for _ in range(4):
            await (await peers.enter_async_context(connected(served))).send_all(begun)
        await wait_until(lambda: counts.unread == 4 * size)
        async with connected(served) as one_more:
            await one_more.send_all(begun)
            got = await read_to_end(one_more)
            assert got.startswith(b"HTTP/1.1 503")
            assert b"retry-after: 1" in got.lower()
        async with connected(served) as other:
            await other.send_all(GET)
            assert (await other.receive_some()).startswith(b"HTTP/1.1 200")
        await peers.aclose()
        await wait_until(lambda: counts.unread == 0)
    assert counts.refused == 1
    assert counts.failed == 0


async def test_unread_bodies_of_http2_count_too() -> None:
    limits = Limits(unread=100_000)
    async with serving(assemble_service(), limits) as served, http2(served.port) as client:
        for _ in range(2):
            await client.ask("POST", "/api/v1/devices", *JSON, body=b" " * 60_000, ends=False)
        with within(10):
            while not any(answer.ended for answer in client.answers.values()):
                await client.hear()
        assert sorted(answer.status for answer in client.answers.values()) == [0, 503]


@pytest.mark.parametrize("probe", ["/health", "/livez", "/metrics", "/readyz"])
async def test_probes_are_answered_whatever_others_hold(probe: str) -> None:
    limits = Limits(requests=2)
    async with (
        serving(assemble_service(), limits) as served,
        http2(served.port) as greedy,
        http2(served.port) as other,
    ):
        for _ in range(2):
            await greedy.ask("POST", "/api/v1/devices", *JSON, ends=False)
        await wait_until(lambda: served.server.counts.in_work == 2)
        assert await other.get("/api/v1/devices") == 503
        assert await other.get(probe) == 200
        assert await greedy.get(probe) == 503  # What it holds itself, it holds itself.
        asked = f"GET {probe} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        assert (await served.exchange(asked.encode())).startswith(b"HTTP/1.1 200")


async def test_requests_beyond_the_limit_are_told_to_come_again() -> None:
    limits = Limits(requests=2)
    async with serving(assemble_service(), limits) as served, http2(served.port) as client:
        for _ in range(2):
            await client.ask("POST", "/api/v1/devices", *JSON, ends=False)
        await wait_until(lambda: served.server.counts.in_work == 2)
        assert await client.get("/health") == 503
