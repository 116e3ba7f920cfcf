"""The documentation site as it is served, by a small one in its place."""

from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import httpx
import pytest

from iotmock.manual import site
from iotmock.rest.gate.gate import Gate
from iotmock.rest.gate.token import Token
from tests.patience import SLACK
from tests.rest.client import Client
from tests.rest.rig import assemble_service, serving

pytestmark = pytest.mark.trio
SCRIPT = "document.title = 'ours'"


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A site, beside something that is none of its files."""
    folder = tmp_path / "built"
    (folder / "how-to").mkdir(parents=True)
    (folder / "index.html").write_text(f"<script>{SCRIPT}</script>")
    (folder / "how-to/tls.html").write_text("<p>TLS")
    (folder / "search_index.json").write_text('{"docs": []}')
    (folder / "secret").write_text("no part of it")
    (tmp_path / "secret.json").write_text("{}")
    monkeypatch.setattr(site, "FOLDER", folder)
    return folder


@pytest.fixture
def unbuilt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site, "FOLDER", tmp_path / "built")


@pytest.mark.usefixtures("unbuilt")
async def test_where_it_was_not_built_a_problem_says_how_it_is(client: Client) -> None:
    for path in ("/manual/", "/manual/index.html"):
        got = await client.get(path)
        assert (got.status, got.media_type) == (404, "application/problem+json")
        assert "`make docs`" in got.content["detail"]


async def test_its_address_leads_to_its_first_page(client: Client, built: Path) -> None:
    led = await client.get("/manual")
    assert (led.status, led.headers["Location"]) == (302, "/manual/")
    got = await client.get("/manual/")
    assert (got.status, got.media_type) == (200, "text/html; charset=utf-8")
    assert got.body == (built / "index.html").read_bytes()


@pytest.mark.usefixtures("built")
async def test_a_page_runs_the_scripts_that_it_was_built_with_and_no_other(client: Client) -> None:
    policy = (await client.get("/manual/")).headers["Content-Security-Policy"]
    mine = b64encode(sha256(SCRIPT.encode()).digest()).decode()
    assert f"script-src 'self' 'sha256-{mine}';" in policy
    assert "unsafe" not in policy
    other = (await client.get("/manual/how-to/tls.html")).headers["Content-Security-Policy"]
    assert "script-src 'self';" in other


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize(
    "name", ["none.html", "secret", "../secret.json", "..%2fsecret.json", "how-to", "%00", "//"]
)
async def test_a_name_leads_to_nothing_but_its_files(client: Client, name: str) -> None:
    got = await client.get(f"/manual/{name}")
    assert (got.status, got.media_type) == (404, "application/problem+json")
    assert "make docs" not in got.content["detail"]


@pytest.mark.usefixtures("built")
async def test_under_a_proxys_path_it_needs_no_token_as_no_static_file_does() -> None:
    gate = Gate(token=Token("s3cret"))
    async with (
        serving(assemble_service(gate, prefix="/sim")) as served,
        httpx.AsyncClient(base_url=f"{served.url}/sim", timeout=10 * SLACK) as client,
    ):
        led = await client.get("/manual")
        assert (led.status_code, led.headers["location"]) == (302, "/sim/manual/")
        assert (await client.get("/manual/search_index.json")).json() == {"docs": []}
        assert (await client.get("/manuals")).status_code == 401
