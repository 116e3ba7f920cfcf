"""A peer's errors stay in its connection."""

import logging

import pytest
import trio

from iotmock.rest.server import Limits
from iotmock.rest.server.http2 import Http2
from tests.rest.http2 import JSON, http2
from tests.rest.rig import Served
from tests.rest.server.peers import wait_for_none_open

pytestmark = pytest.mark.trio
_WEBSOCKET = b"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: a2V5\r\n"
_H2C = b"Upgrade: h2c\r\nHTTP2-Settings: "


@pytest.mark.parametrize("upgrade", [_WEBSOCKET, _H2C + b"AAMAAABk\r\n", _H2C + b"!\r\n"])
async def test_an_upgrade_is_ignored(served: Served, upgrade: bytes) -> None:
    request = b"GET /api/v1/devices HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\n" + upgrade
    got = await served.exchange(request + b"\r\n" + b"\x81\r\n\r\n")
    assert got.startswith(b"HTTP/1.1 200")
    assert served.server.counts.failed == 0


async def test_a_failure_ends_one_connection_and_is_one_line_with_its_cause(
    served: Served, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with http2(served.port) as other, http2(served.port) as client:
        monkeypatch.setattr(Http2, "_throw_away", lambda *_: b"\xff".decode())
        await client.ask("POST", "/nowhere", body=b" " * 100_000)
        await client.wait_gone()
        assert await other.get("/health") == 200
    [line] = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert "UnicodeDecodeError" in line.getMessage()
    assert served.server.counts.failed == 1


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("POST", "/api/v1/devices", [("content-type", "application/json")], 413),
        ("POST", "/nowhere", [], 404),
        ("PUT", "/api/v1/devices", [], 405),
        ("POST", "/api/v1/devices", [("content-type", "text/plain")], 415),
    ],
)
async def test_http2_sees_an_early_answer_and_goes_on(
    served: Served, method: str, path: str, headers: list[tuple[str, str]], status: int
) -> None:
    async with http2(served.port) as client:
        for _ in range(3):
            number = await client.ask(method, path, *headers, body=b" " * 100_000)
            assert (await client.wait(number)).status == status
        assert await client.get("/health") == 200
    assert served.server.counts.failed == 0


async def test_http2_may_send_a_body_that_nobody_wants(served: Served) -> None:
    async with http2(served.port) as client:
        number = await client.ask("POST", "/nowhere", body=b" " * 9 * 2**20)
        assert (await client.wait(number)).status == 404
        assert await client.get("/health") == 200


@pytest.mark.parametrize(("method", "path"), [("CONNECT", None), ("CONNECT", "/"), ("GET", "/é")])
async def test_http2_without_a_path_of_ours_is_reset(
    served: Served, method: str, path: str | None
) -> None:
    async with http2(served.port) as client:
        answer = await client.wait(await client.ask(method, path))
        assert answer.reset is not None or client.gone
    async with http2(served.port) as client:
        assert await client.get("/health") == 200
    assert served.server.counts.failed == 0


async def test_a_method_that_is_none_is_reset_alone(served: Served) -> None:
    async with http2(served.port) as client:
        waiting = await client.ask("POST", "/api/v1/devices", *JSON, ends=False)
        assert (await client.wait(await client.ask("G\xc9T", "/"))).reset is not None
        client.connection.send_data(waiting, b"{}", end_stream=True)
        await client.flush()
        assert (await client.wait(waiting)).status == 422
    assert served.server.counts.failed == 0


async def test_priorities_are_ignored(served: Served) -> None:
    async with http2(served.port) as client:
        for number in range(1, 4_001, 2):
            client.connection.prioritize(number, weight=7, depends_on=number + 2)
        assert await client.get("/health") == 200


async def test_streams_that_are_reset_at_once_are_bounded(served: Served) -> None:
    headers = [(":method", "GET"), (":path", "/"), (":scheme", "http"), (":authority", "x")]
    counts = served.server.counts
    async with http2(served.port) as client, http2(served.port) as other:
        for _ in range(1_000):
            number = client.connection.get_next_available_stream_id()
            client.connection.send_headers(number, headers, end_stream=True)
            client.connection.reset_stream(number)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(client.flush)
            while counts.requests < 500:
                assert counts.in_work <= Limits().streams + 1
                assert await other.get("/health") == 200
    await wait_for_none_open(served)
    assert counts.in_work == 0
