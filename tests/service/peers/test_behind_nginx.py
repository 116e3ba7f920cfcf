"""A real nginx before the service, under a path and over connections that it keeps."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import httpx
import pytest
from playwright.sync_api import expect

from tests.chromium import page_of
from tests.patience import SLACK
from tests.service.peers.nginx import Nginx, running_nginx
from tests.service.process import Service, running_service

PREFIX = "proxy_set_header X-Forwarded-Prefix /sim;"
NEW = {"device_type": "hvac", "name": "H"}
LONG_S = 20 * SLACK


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    with running_service(tmp_path, MQTT_EMBEDDED_BROKER="off") as service:
        yield service


@pytest.fixture
def nginx(service: Service, tmp_path: Path) -> Iterator[Nginx]:
    with running_nginx(tmp_path, service.port, PREFIX) as nginx:
        yield nginx


def made_at(nginx: Nginx) -> str:
    made = httpx.post(f"{nginx.url}/api/v1/devices", json=NEW, timeout=LONG_S)
    assert made.status_code == 201
    found = httpx.get(urljoin(nginx.url, made.headers["Location"]), timeout=LONG_S)
    assert found.json()["device_id"] == made.json()["device_id"]
    return str(made.headers["Location"])


def test_location_has_the_prefix_that_the_proxy_says(nginx: Nginx) -> None:
    assert made_at(nginx).startswith("/sim/api/v1/devices/mock-hvac-")


def test_location_has_the_prefix_of_the_setting(tmp_path: Path) -> None:
    settings = {"MQTT_EMBEDDED_BROKER": "off", "HTTP_ROOT_PATH": "/sim/"}
    with (
        running_service(tmp_path, **settings) as service,
        running_nginx(tmp_path, service.port) as nginx,
    ):
        assert made_at(nginx).startswith("/sim/api/v1/devices/mock-hvac-")
        assert service.request("GET", "/sim/health")[0] == 200


def test_the_document_leads_back_through_the_proxy(nginx: Nginx) -> None:
    at = f"{nginx.url}/openapi.json"
    [server] = httpx.get(at, timeout=LONG_S).json()["servers"]
    base = urljoin(at, server["url"]).rstrip("/")
    assert httpx.get(f"{base}/health", timeout=LONG_S).status_code == 200


def test_what_a_stranger_says_about_the_prefix_is_not_repeated(service: Service) -> None:
    url = f"http://127.0.0.1:{service.port}/api/v1/devices"
    for said in ("//evil.example", "/a\tb", "/" + "x" * 300, "javascript:", "/..", "/a/../b"):
        headers = {"X-Forwarded-Prefix": said}
        made = httpx.post(url, json=NEW, headers=headers, timeout=LONG_S)
        assert made.headers["Location"].startswith("/api/v1/devices/")


def test_every_early_answer_comes_through_the_proxy(nginx: Nginx) -> None:
    body = b" " * 200_000
    with httpx.Client(base_url=nginx.url, timeout=LONG_S) as client:
        seen = Counter(
            client.post(path, content=body, headers={"Content-Type": kind}).status_code
            for _ in range(20)
            for path, kind in (
                ("/api/v1/devices", "application/json"),
                ("/api/v1/devices", "text/plain"),
                ("/nowhere", "application/json"),
                ("/health", "application/json"),
            )
        )
    assert seen == {413: 20, 415: 20, 404: 20, 405: 20}, nginx.complaints


def test_a_list_by_long_names_comes_through_the_proxy(nginx: Nginx) -> None:
    for text in ("漢" * 100, "😀" * 100):
        asked = {"name": text, "location": text, "limit": "1", "offset": "1"}
        got = httpx.get(f"{nginx.url}/api/v1/devices", params=asked, timeout=LONG_S)
        assert got.status_code == 200, nginx.complaints


def test_try_it_out_works_below_the_path(nginx: Nginx) -> None:
    with page_of(f"{nginx.url}/docs") as page:
        row = page.locator("#operations-service-get_health")
        row.click()
        row.get_by_role("button", name="Try it out").click()
        row.get_by_role("button", name="Execute").click()
        asked, told = row.locator(".request-url"), row.locator(".live-responses-table")
        expect(asked).to_contain_text(f"{nginx.url}/health", timeout=1_000 * LONG_S)
        expect(told.locator(".response-col_status").last).to_contain_text("200")
