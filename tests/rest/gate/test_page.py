"""The page at /docs asks for the token, and uses it."""

import pytest
import trio
from playwright.sync_api import sync_playwright

from iotmock.rest.gate.gate import Gate
from iotmock.rest.gate.token import Token
from tests.chromium import chromium
from tests.patience import SLACK
from tests.rest.rig import Served

_PATIENCE_MS = 30_000 * SLACK


@pytest.fixture
def gate() -> Gate:
    return Gate(token=Token("s3cret"))


def try_the_document(url: str) -> tuple[int, str]:
    """Open the page, answer its question, and let it ask for the device types."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox"], timeout=_PATIENCE_MS
        )
        try:
            page = browser.new_page()
            page.set_default_timeout(_PATIENCE_MS)
            answers = iter(["wrong", "s3cret"])
            page.on("dialog", lambda dialog: dialog.accept(next(answers)))
            page.goto(f"{url}/docs")
            operation = page.locator("#operations-device-types-list_device_types")
            operation.locator("button").first.click()
            operation.get_by_role("button", name="Try it out").click()
            with page.expect_response("**/api/v1/device-types") as answer:
                operation.get_by_role("button", name="Execute").click()
            return answer.value.status, answer.value.request.headers["authorization"]
        finally:
            browser.close()


@pytest.mark.trio
async def test_try_it_out_shows_the_token(served: Served) -> None:
    done = await trio.to_thread.run_sync(try_the_document, served.url)
    assert done == (200, "Bearer s3cret")
