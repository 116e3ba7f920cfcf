"""What is served at `/` and below `/web/`, without a browser."""

import gzip
import re
import shutil
from pathlib import Path

import pytest
from structlog.testing import capture_logs
from werkzeug.datastructures import Headers

from iotmock.rest.gate.gate import Gate
from iotmock.rest.gate.token import Token
from iotmock.rest.page.routes import PageRoutes
from iotmock.web import site
from tests.repository import ROOT
from tests.rest.client import Client
from tests.rest.rig import Served

pytestmark = pytest.mark.trio
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


async def page_of(client: Client) -> str:
    got = await client.send("GET", "/", headers=BROWSER)
    assert (got.status, got.media_type) == (200, "text/html")
    return got.body.decode()


@pytest.mark.parametrize("accept", ["*/*", "application/json", "", "text/html;q=0, */*"])
async def test_programs_are_led_to_the_document_as_ever(client: Client, accept: str) -> None:
    got = await client.send("GET", "/", headers={"Accept": accept})
    assert (got.status, got.headers["Location"], got.body) == (302, "/docs", b"")


@pytest.mark.parametrize("accept", ["TEXT/HTML", "application/json\ntext/html", "text/html;q=0.1"])
async def test_a_browser_may_say_it_otherwise(client: Client, accept: str) -> None:
    headers = Headers([("Accept", line) for line in accept.split("\n")])
    assert (await client.send("GET", "/", headers=headers)).status == 200


async def test_a_browser_gets_the_page_under_a_policy_that_lets_in_no_other_host(
    client: Client,
) -> None:
    got = await client.send("GET", "/", headers=BROWSER)
    policy = got.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert b"http" not in got.body


async def test_all_that_it_names_is_there_and_is_never_asked_for_again(client: Client) -> None:
    named = re.findall(r'(?:href|src)="(web/[^"]+)"', await page_of(client))
    assert len(named) >= 5
    for name in named:
        got = await client.get(f"/{name}")
        assert got.status == 200
        assert "immutable" in got.headers["Cache-Control"]
        again = {"If-None-Match": got.headers["ETag"]}
        assert (await client.send("GET", f"/{name}", headers=again)).status == 304


async def test_files_come_as_gzip_to_who_takes_it(client: Client) -> None:
    (name,) = re.findall(
        r'<link rel="stylesheet" href="(web/[^"]+base.css)"', await page_of(client)
    )
    plain = await client.get(f"/{name}")
    packed = await client.send("GET", f"/{name}", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert packed.media_type == plain.media_type == "text/css; charset=utf-8"


@pytest.mark.parametrize("path", ["x", "../site.py", "%2e%2e/site.py", "main.js", "a/b/c"])
async def test_nothing_else_is_served_from_there(client: Client, path: str) -> None:
    got = await client.get(f"/web/{path}")
    assert got.status == 404
    assert got.media_type == "application/problem+json"


@pytest.mark.parametrize("gate", [Gate(token=Token("open-sesame"))])
async def test_the_page_needs_no_token_its_data_do(served: Served) -> None:
    accept = b"Accept: text/html\r\n"
    lines = b"Host: localhost\r\nConnection: close\r\n"
    page = await served.exchange(b"GET / HTTP/1.1\r\n" + lines + accept + b"\r\n")
    assert page.startswith(b"HTTP/1.1 200")
    data = await served.exchange(b"GET /api/v1/reports HTTP/1.1\r\n" + lines + b"\r\n")
    assert data.startswith(b"HTTP/1.1 401")


def unbuilt(folder: Path, why_not: str | None) -> Path:
    """The page's own files without those of others."""
    shutil.copytree(ROOT / "iotmock/web", folder, ignore=shutil.ignore_patterns("vendor"))
    if why_not is not None:
        (folder / "vendor").mkdir()
        (folder / "vendor/not-built.txt").write_text(why_not)
    return folder


@pytest.mark.parametrize("why_not", [None, "npm's registry did not answer within 45 s\n"])
async def test_a_page_that_was_not_built_says_why_and_what_to_type(
    tmp_path: Path, why_not: str | None
) -> None:
    found = site.the_site("service", unbuilt(tmp_path / "web", why_not))
    assert "make page" in found.document
    assert "<script" not in found.document
    assert "unsafe" not in found.policy
    assert (found.why_not or "") in found.document.lower().replace("npm&#x27;s", "npm's")


async def test_that_is_logged_once(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unfinished = site.the_site("service", unbuilt(tmp_path / "web", None))
    monkeypatch.setattr("iotmock.rest.page.routes.the_site", lambda of: unfinished)
    with capture_logs() as logged:
        for _ in range(3):
            assert "was not built" in await page_of(client)
    assert [line["event"] for line in logged] == ["the page was not built"]
    assert PageRoutes().of == "service"
