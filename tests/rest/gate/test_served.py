"""The gate as clients meet it: over HTTP/1.1 and HTTP/2, on every path, in the document."""

from typing import Any

import h2.config
import h2.connection
import h2.events
import httpx
import msgspec
import pytest
import trio

from iotmock.rest.gate.gate import Gate
from iotmock.rest.gate.hosts import KnownHosts
from iotmock.rest.gate.origins import KnownOrigins
from iotmock.rest.gate.token import Token
from tests.patience import SLACK, within
from tests.rest.rig import Served

pytestmark = pytest.mark.trio
TOKEN = {"Authorization": "Bearer s3cret"}
PAGE = "https://app.example"


@pytest.fixture
def gate() -> Gate:
    return Gate(KnownHosts(), KnownOrigins((PAGE,)), Token("s3cret"))


async def ask(
    served: Served, method: str, path: str, headers: dict[str, str] | None = None
) -> httpx.Response:
    async with httpx.AsyncClient(base_url=served.url, timeout=10 * SLACK) as client:
        return await client.request(method, path, headers=headers)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v1/devices"),
        ("GET", "/%61pi/v1/devices"),
        ("POST", "/api/v1/simulation/stop"),
        ("DELETE", "/api/v1/devices/none"),
        ("OPTIONS", "/api/v1/devices"),
        ("TRACE", "/api/v1/devices"),
        ("GET", "/no/such/path"),
        ("GET", "/metrics"),
        ("GET", "/openapi.json"),
        ("GET", "/asyncapi.json"),
        ("GET", "/health/"),
        ("GET", "/healthy"),
        ("GET", "/docs%2f"),
    ],
)
async def test_without_the_token_no_path_answers(served: Served, method: str, path: str) -> None:
    answer = await ask(served, method, path)
    if path == "/docs%2f":  # which is /docs/, a file without a name
        assert answer.status_code == 404
        return
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == 'Bearer realm="iotmock"'
    assert answer.headers["content-type"] == "application/problem+json"
    assert (await ask(served, method, path, TOKEN)).status_code not in {401, 403, 421}


@pytest.mark.parametrize(
    "path",
    [
        "/health",
        "/livez",
        "/readyz",
        "/docs",
        "/docs/swagger-ui.css",
        "/docs/asyncapi.html",
        "/health?x=1",
    ],
)
async def test_probes_and_static_files_are_open(served: Served, path: str) -> None:
    assert (await ask(served, "GET", path)).status_code == 200


async def test_a_folder_of_static_files_leads_nowhere_else(served: Served) -> None:
    for path in (b"/docs/../api/v1/devices", b"/docs/..%2fapi%2fv1%2fdevices", b"/docs//metrics"):
        request = b"GET " + path + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        assert (await served.exchange(request)).startswith(b"HTTP/1.1 404")


@pytest.mark.parametrize("host", [b"a..b", b"\xff", b"x@y", b"localhost:99999", b""])
async def test_an_odd_host_is_400(served: Served, host: bytes) -> None:
    assert (await got_for(served, host)).startswith(b"HTTP/1.1 400")


@pytest.mark.parametrize("host", [b"a" * 64, b"a" * 63 + b":8090", b"a" * 300, b"xn--a"])
async def test_a_long_host_is_as_good_as_any(served: Served, host: bytes) -> None:
    assert (await got_for(served, host)).startswith(b"HTTP/1.1 200")


async def got_for(served: Served, host: bytes) -> bytes:
    request = b"GET /health HTTP/1.1\r\nHost: " + host + b"\r\nConnection: close\r\n\r\n"
    return await served.exchange(request)


async def test_http_1_0_without_a_host_is_400(served: Served) -> None:
    got = await served.exchange(b"GET /health HTTP/1.0\r\n\r\n")
    assert got.split(b" ", 2)[1] == b"400"
    assert b"application/problem+json" in got


async def test_another_pages_request_changes_nothing_even_without_a_body(served: Served) -> None:
    running = served.service.system.pacer.running
    headers = TOKEN | {"Origin": "http://evil.example"}
    path = "/api/v1/simulation/stop" if running else "/api/v1/simulation/start"
    answer = await ask(served, "POST", path, headers)
    assert answer.status_code == 403
    assert "HTTP_CORS_ORIGINS" in answer.json()["detail"]
    assert answer.headers["vary"] == "Origin"
    assert "access-control-allow-origin" not in answer.headers
    assert served.service.system.pacer.running == running


async def test_a_known_page_may_read_every_answer(served: Served) -> None:
    for path, status in (("/health", 200), ("/api/v1/devices", 401), ("/nowhere", 401)):
        answer = await ask(served, "GET", path, {"Origin": PAGE})
        assert answer.status_code == status
        assert answer.headers["access-control-allow-origin"] == PAGE
        assert answer.headers["vary"] == "Origin"
    missing = await ask(served, "GET", "/nowhere", TOKEN | {"Origin": PAGE})
    assert (missing.status_code, missing.headers["access-control-allow-origin"]) == (404, PAGE)


async def test_a_preflight_is_answered_for_every_path_and_without_a_token(served: Served) -> None:
    asks = {"Access-Control-Request-Method": "DELETE", "Access-Control-Request-Headers": "x"}
    for path in ("/api/v1/devices/none", "/nowhere"):
        answer = await ask(served, "OPTIONS", path, asks | {"Origin": PAGE})
        assert (answer.status_code, answer.content) == (204, b"")
        assert "DELETE" in answer.headers["access-control-allow-methods"]
        assert "content-type" not in answer.headers
        assert (await ask(served, "OPTIONS", path, asks | {"Origin": "null"})).status_code == 403


async def test_the_authority_of_http_2_is_the_host(served: Served) -> None:
    assert await status_over_http_2(served, b"evil.example", b"/health") == 421
    assert await status_over_http_2(served, b"localhost", b"/health") == 200
    assert await status_over_http_2(served, b"localhost", b"/metrics") == 401
    both = await status_over_http_2(served, b"evil.example", b"/health", (b"host", b"localhost"))
    assert both != 200


async def status_over_http_2(
    served: Served, authority: bytes, path: bytes, *more: tuple[bytes, bytes]
) -> int:
    """Ask with prior knowledge; 0 if the server ends it without an answer."""
    config = h2.config.H2Configuration(validate_outbound_headers=False)
    connection = h2.connection.H2Connection(config)
    connection.initiate_connection()
    pseudo = [(b":method", b"GET"), (b":scheme", b"http"), (b":path", path)]
    headers = [*pseudo, (b":authority", authority), *more]
    connection.send_headers(1, headers, end_stream=True)
    with within(10):
        async with await trio.open_tcp_stream("127.0.0.1", served.port) as stream:
            await stream.send_all(connection.data_to_send())
            async for data in stream:
                for event in connection.receive_data(data):
                    if isinstance(event, h2.events.ResponseReceived):
                        return int(dict(event.headers)[b":status"])
                    if isinstance(event, h2.events.StreamReset):
                        return 0
    return 0


async def test_an_upgrade_is_judged_like_any_request(served: Served) -> None:
    got = await served.exchange(
        b"GET /api/v1/devices HTTP/1.1\r\nHost: evil.example\r\nUpgrade: websocket\r\n"
        b"Connection: Upgrade, close\r\nSec-WebSocket-Version: 13\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    assert got.startswith(b"HTTP/1.1 421")


async def document_of(served: Served) -> Any:
    return msgspec.json.decode((await ask(served, "GET", "/openapi.json", TOKEN)).content)


async def test_the_document_says_who_may(served: Served) -> None:
    document = await document_of(served)
    (scheme,) = document["components"]["securitySchemes"].values()
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
    for path, methods in document["paths"].items():
        for operation in methods.values():
            is_open = operation.get("security") == []
            assert is_open == (path in {"/health", "/livez", "/readyz", "/", "/docs"})
            assert is_open != ("401" in operation["responses"])
            assert {"403", "421"} <= set(operation["responses"])
