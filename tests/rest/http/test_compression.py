"""Long answers are compressed for who takes it; the others go as they are."""

import gzip
from collections.abc import Mapping

import httpx
import pytest

from iotmock.rest.http.compression import WORTH_IT, takes_gzip
from tests.patience import SLACK
from tests.rest.http2 import http2
from tests.rest.rig import Served
from tests.rest.test_devices import DEVICES

pytestmark = pytest.mark.trio


@pytest.fixture
async def many(served: Served) -> Served:
    for number in range(400):
        await served.service.rig.supervisor.create("plain", name="P", device_id=f"d{number}")
    return served


async def fetch(served: Served, path: str, accepted: str) -> tuple[Mapping[str, str], bytes]:
    async with (
        httpx.AsyncClient(timeout=10 * SLACK) as client,
        client.stream("GET", served.url + path, headers={"Accept-Encoding": accepted}) as answer,
    ):
        assert answer.status_code == 200
        return answer.headers, b"".join([part async for part in answer.aiter_raw()])


@pytest.mark.parametrize("limit", [10, 400])
async def test_a_long_list_is_a_fraction_of_itself(many: Served, limit: int) -> None:
    path = f"{DEVICES}?fields=device_id,name,location,base_power&limit={limit}&sort=device_id"
    plain_headers, plain = await fetch(many, path, "identity")
    headers, body = await fetch(many, path, "br, gzip;q=0.5")
    if len(plain) < WORTH_IT:
        assert "content-encoding" not in headers
        assert body == plain
        return
    assert "content-encoding" not in plain_headers
    assert (headers["content-encoding"], headers["vary"]) == ("gzip", "Accept-Encoding")
    assert plain_headers["vary"] == "Accept-Encoding"
    assert int(headers["content-length"]) == len(body) < len(plain) / 4
    assert gzip.decompress(body) == plain


async def test_the_page_and_its_files_are_compressed_too(served: Served) -> None:
    for path in ("/docs/swagger-ui-bundle.js", "/openapi.json"):
        _, plain = await fetch(served, path, "identity")
        headers, body = await fetch(served, path, "gzip")
        assert headers["content-encoding"] == "gzip"
        assert gzip.decompress(body) == plain


async def test_over_http_2_as_well(many: Served) -> None:
    _, plain = await fetch(many, f"{DEVICES}?fields=device_id&limit=400", "identity")
    async with http2(many.port) as client:
        ask = client.ask(
            "GET", f"{DEVICES}?fields=device_id&limit=400", ("accept-encoding", "gzip")
        )
        answered = await client.wait(await ask)
    assert answered.status == 200
    assert gzip.decompress(bytes(answered.body)) == plain


@pytest.mark.parametrize(
    ("header", "takes"),
    [("", False), ("gzip", True), ("GZIP", True), ("br", False), ("*", True), ("*;q=0", False),
     ("gzip;q=0", False), ("gzip;q=0.000", False), ("gzip; q=0.001", True), ("*, gzip;q=0", False),
     ("deflate, gzip;q=1.0, *;q=0.5", True), ("identity", False), (";;,=", False)],
)  # fmt: skip
async def test_who_takes_gzip(header: str, takes: bool) -> None:
    assert takes_gzip(header) is takes
