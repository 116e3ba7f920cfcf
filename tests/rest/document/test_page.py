"""The page of the document, as a browser shows it."""

import pytest
import trio

from tests.chromium import page_of
from tests.rest.rig import Served

pytestmark = pytest.mark.trio


def look(url: str) -> tuple[str, str]:
    with page_of(url) as page:
        page.locator("#operations-devices-get_device .opblock-summary-control").click()
        described = page.locator("#operations-devices-get_device .responses-table").inner_text()
        return page.locator(".info").inner_text(), described


async def test_the_page_shows_openapi_3_1_with_errors_said_once(served: Served) -> None:
    about, described = await trio.to_thread.run_sync(look, f"{served.url}/docs")
    assert "OAS 3.1" in about
    assert "application/problem+json" in about
    assert "The device is not the version that If-Match names" in described
    assert "application/problem+json" not in described
