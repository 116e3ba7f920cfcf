"""The gate under the path of a proxy: what needs a token, and whom it is for, in both protocols."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from iotmock.rest.gate.gate import Gate
from iotmock.rest.gate.hosts import KnownHosts
from iotmock.rest.gate.origins import KnownOrigins
from iotmock.rest.gate.token import Token
from tests.actors.rig import running
from tests.patience import within
from tests.rest.client import Client
from tests.rest.gate.test_served import status_over_http_2
from tests.rest.rig import Served, assemble_service, serving

pytestmark = pytest.mark.trio
TOKEN = (b"authorization", b"Bearer s3cret")
NEW = {"device_type": "hvac", "name": "H"}
Header = tuple[bytes, bytes]
Ask = Callable[..., Awaitable[int]]


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    """A service that HTTP_ROOT_PATH=/sim was set for."""
    gate = Gate(KnownHosts(), KnownOrigins(), Token("s3cret"))
    async with serving(assemble_service(gate, prefix="/sim")) as served:
        yield served


async def status_over_http_1(served: Served, host: bytes, path: bytes, *more: Header) -> int:
    lines = b"".join(b"%s: %s\r\n" % header for header in more)
    request = b"GET %s HTTP/1.1\r\nHost: %s\r\n%sConnection: close\r\n\r\n"
    return int((await served.exchange(request % (path, host, lines)))[9:12])


@pytest.mark.parametrize("status", [status_over_http_1, status_over_http_2])
@pytest.mark.parametrize("prefix", [b"/sim", b""])
async def test_the_prefix_opens_nothing_and_closes_nothing(
    served: Served, status: Ask, prefix: bytes
) -> None:
    async def ask(path: bytes, *more: Header, host: bytes = b"localhost") -> int:
        return await status(served, host, prefix + path, *more)

    assert await ask(b"/health") == await ask(b"/docs") == 200
    assert await ask(b"/metrics") == await ask(b"/no/such") == 401
    assert await ask(b"/metrics", TOKEN) == 200
    assert await ask(b"/health", host=b"evil.example") == 421
    assert await ask(b"/metrics", TOKEN, host=b"evil.example") == 421
    assert await ask(b"/health", (b"origin", b"http://evil.example")) == 403
    assert await ask(b"/health", (b"origin", b"http://localhost")) == 200


@pytest.mark.parametrize("status", [status_over_http_1, status_over_http_2])
async def test_no_path_by_way_of_the_prefix_is_open_that_is_not(
    served: Served, status: Ask
) -> None:
    for path in (b"/sim", b"/sim/sim/health", b"/simhealth", b"/sim%2fmetrics", b"/si"):
        assert await status(served, b"localhost", path) == 401
    # Somebody else's word for the prefix is not asked for.
    other = (b"x-forwarded-prefix", b"/metrics")
    assert await status(served, b"localhost", b"/metrics/health", other) == 401
    assert await status(served, b"localhost", b"/metrics/metrics", other) == 401


@pytest.mark.parametrize("prefix", ["/api", "/api/v1", "/docs", "/web", "/reports", "/sim"])
@pytest.mark.parametrize("is_said", [True, False])
async def test_a_prefix_that_our_own_paths_begin_with(prefix: str, is_said: bool) -> None:
    headers = {"X-Forwarded-Prefix": prefix} if is_said else {}
    service = assemble_service(prefix="" if is_said else prefix)
    client = Client(service.app)
    for path in (
        "/api/v1/devices",
        "/docs",
        "/docs/swagger-ui.css",
        "/api/v1/locations",
        "/health",
    ):
        for asked in (path, prefix + path):  # the proxy has taken it off, or has not
            assert (await client.send("GET", asked, headers=headers)).status == 200
    async with running(service.rig):
        made = await client.send("POST", "/api/v1/devices", NEW, headers=headers)
        found = await client.send("GET", made.headers["Location"], headers=headers)
    assert (made.status, found.content["device_id"]) == (201, made.content["device_id"])


async def test_the_prefix_alone_leads_to_the_page_and_a_404_to_the_documents() -> None:
    client = Client(assemble_service(prefix="/sim").app)
    got = await client.get("/sim")
    assert (got.status, got.headers["Location"]) == (302, "/sim/")
    got = await client.get("/sim/nowhere")
    assert got.content["detail"].endswith("/sim/nowhere: /sim/docs lists what there is")


@pytest.mark.parametrize("path", [b"/sim/\xff", b"/\xc3\xa9", b"/health\x80", b"/sim/docs/\xff"])
async def test_a_path_that_is_not_ascii_is_refused_and_the_server_goes_on(
    served: Served, path: bytes
) -> None:
    with within(10):
        assert await status_over_http_1(served, b"localhost", path) in {400, 401}
        assert await status_over_http_2(served, b"localhost", path) in {0, 400, 401}
        assert await status_over_http_2(served, b"localhost", b"/sim/health") == 200
