"""What only a real connection can show."""

import pytest

from iotmock.rest.app import BODY_LIMIT
from tests.rest.rig import Served

pytestmark = pytest.mark.trio
CLOSE = b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


async def test_a_connection_ends_where_the_client_says_so(served: Served) -> None:
    got = await served.exchange(b"GET /health" + CLOSE)
    assert got.startswith(b"HTTP/1.1 200")


async def test_a_connection_serves_many_requests(served: Served) -> None:
    one = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"
    got = await served.exchange(one + one + b"GET /health" + CLOSE)
    assert got.count(b"HTTP/1.1 200") == 3


@pytest.mark.parametrize("target", [b"http://[/health", b"?a=1", b"*", b"x:443", b"foo", b"/%zz"])
async def test_a_target_without_a_path_of_ours_is_404(served: Served, target: bytes) -> None:
    got = await served.exchange(b"GET " + target + CLOSE)
    assert got.startswith(b"HTTP/1.1 404")
    assert b"application/problem+json" in got


async def test_a_target_may_be_a_whole_url(served: Served) -> None:
    got = await served.exchange(b"GET http://somewhere/health" + CLOSE)
    assert got.startswith(b"HTTP/1.1 200")


async def test_an_answer_without_a_body_has_no_type(served: Served) -> None:
    await served.service.rig.supervisor.create("hvac", name="H", device_id="h")
    for request in (b"OPTIONS /api/v1/devices", b"DELETE /api/v1/devices/h"):
        got = (await served.exchange(request + CLOSE)).lower()
        assert got.startswith(b"http/1.1 204")
        assert b"content-type" not in got


async def test_head_has_the_headers_and_no_body(served: Served) -> None:
    got = await served.exchange(b"HEAD /api/v1/devices" + CLOSE)
    headers, _, body = got.partition(b"\r\n\r\n")
    assert b"content-length: 24" in headers
    assert body == b""


async def test_a_body_of_unknown_length_is_limited_too(served: Served) -> None:
    chunk = b"%x\r\n%s\r\n" % (BODY_LIMIT, b" " * BODY_LIMIT)
    got = await served.exchange(
        b"POST /api/v1/devices HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
        b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
        + chunk * 2
        + b"0\r\n\r\n"
    )
    assert got.startswith(b"HTTP/1.1 413")


async def test_after_a_request_of_two_lengths_nothing_is_a_request(served: Served) -> None:
    got = await served.exchange(
        b"POST /api/v1/devices HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        b"Content-Length: 7\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
        b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"
    )
    assert got.startswith(b"HTTP/1.1 422")
    assert b"connection: close" in got.lower()
    assert got.count(b"HTTP/1.1") == 1


async def test_what_is_known_is_answered_without_body_and_length(served: Served) -> None:
    await served.service.rig.supervisor.create("hvac", name="H", device_id="h")
    known = b"GET /api/v1/devices/h HTTP/1.1\r\nHost: x\r\nIf-None-Match: *\r\n\r\n"
    got = await served.exchange(known + b"GET /health" + CLOSE)
    first, _, rest = got.partition(b"\r\n\r\n")
    assert first.startswith(b"HTTP/1.1 304")
    assert b"content-length" not in first.lower()  # RFC 9110, 8.6: it would be the device's
    assert b"content-type" not in first.lower()
    assert rest.startswith(b"HTTP/1.1 200")
