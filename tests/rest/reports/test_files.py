"""The files of a report over HTTP: which there are, and what leads to them."""

from pathlib import Path
from urllib.parse import quote

import pytest

from iotmock.rest.app import make_app
from iotmock.rest.gate.gate import Gate
from iotmock.rest.gate.token import Token
from iotmock.soak.report.report import report_on, write_report
from tests.rest.client import Client
from tests.rest.rig import Service
from tests.soak.runs import result

pytestmark = pytest.mark.trio
RUN = "small talk/2026-11-27T12-00-00Z"
PAGE = f"/reports/{quote(RUN)}/report.html"


@pytest.fixture
def client(service: Service, tmp_path: Path) -> Client:
    """A client of a service that has one report, and a secret beside it."""
    write_report(report_on(result()), tmp_path / RUN)
    (tmp_path / RUN / "receiver.log").write_text("secret")
    (tmp_path / "secret.json").write_text("secret")
    return Client(make_app(service.system, version="1", reports=tmp_path))


async def test_a_run_leads_to_its_page_which_lies_beside_what_it_links_to(client: Client) -> None:
    led = await client.get(f"/reports?run={quote(RUN)}")
    assert (led.status, led.headers["Location"]) == (302, PAGE)
    page = await client.get(PAGE)
    assert page.media_type == "text/html; charset=utf-8"
    assert b'href="report.json"' in page.body
    assert b'href="junit.xml"' in page.body


async def test_figures_are_given_as_what_they_are_and_in_the_sandbox(client: Client) -> None:
    figures = await client.get(PAGE.replace("report.html", "report.json"))
    assert figures.content["verdict"]["status"] == "passed"
    assert figures.media_type == "application/json"
    junit = await client.get(PAGE.replace("report.html", "junit.xml"))
    assert junit.body.startswith(b"<?xml")
    assert junit.media_type == "application/xml"
    for answer in (figures, junit):
        assert answer.headers["Content-Security-Policy"].startswith("sandbox")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    [
        f"/reports/{quote(RUN)}/receiver.log",
        f"/reports/{quote(RUN)}/../../secret.json",
        f"/reports/{quote(RUN, safe='')}/..%2F..%2Fsecret.json",
        f"/reports/{quote(RUN)}/..%2Freport.json",
        f"/reports/{quote(RUN)}/",
        f"/reports/%2F{quote(RUN)}/report.json",
        "/reports/%00/report.json",
        "/reports/./report.json",
        "/reports/nobody/report.json",
        f"/reports/{'x' * 5_000}/report.json",
        "/reports?run=nobody",
    ],
)
async def test_nothing_else_of_the_folder_is_given(client: Client, path: str) -> None:
    answer = await client.get(path)
    assert answer.status == 404
    assert answer.media_type == "application/problem+json"


async def test_a_name_that_is_too_long_is_told_so(client: Client) -> None:
    answer = await client.get(f"/reports?run={'x' * 1_001}")
    assert answer.status == 422
    (fault,) = answer.content["errors"]
    assert fault["message"].startswith("must be a text of 1 to 1,000 characters, not 'xxx")
    (fault,) = (await client.get("/reports?run=")).content["errors"]
    assert "not empty" in fault["message"]


async def test_a_service_with_a_token_shows_its_reports_to_nobody_else(
    service: Service, tmp_path: Path
) -> None:
    write_report(report_on(result()), tmp_path / RUN)
    gate = Gate(token=Token("secret" * 3))
    client = Client(make_app(service.system, version="1", reports=tmp_path, gate=gate))
    for path in (PAGE, PAGE.replace("report.html", "report.json"), "/reports?run=one"):
        assert (await client.get(path)).status == 401
    shown = {"Authorization": f"Bearer {'secret' * 3}"}
    assert (await client.send("GET", PAGE, headers=shown)).status == 200
