"""The site in Debian's Chromium, as the service serves it under a proxy's path."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import trio
from playwright.sync_api import Page, expect, sync_playwright

from iotmock.manual import site
from iotmock.rest.gate.gate import Gate
from iotmock.rest.gate.token import Token
from tests.chromium import artefacts, chromium
from tests.patience import SLACK
from tests.rest.rig import assemble_service, serving

pytestmark = [pytest.mark.trio, pytest.mark.long(30), pytest.mark.timeout(300 * SLACK)]
WAIT_MS = 30_000 * SLACK
LOOKS: dict[str, dict[str, Any]] = {
    "wide-light": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"},
    "wide-dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "narrow-light": {"viewport": {"width": 390, "height": 800}, "color_scheme": "light"},
    "narrow-dark": {"viewport": {"width": 390, "height": 800}, "color_scheme": "dark"},
}
SHOWN = {
    "start": "",
    "settings": "reference/configuration.html",
    "first": "tutorials/first-hour.html",
}


@pytest.fixture
def browse(built: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Has a browser look at it: at no other host, and with nothing to complain of."""
    chromium()
    monkeypatch.setattr(site, "FOLDER", built)

    async def browse(look: Callable[[Page, str], None], **how: Any) -> None:
        gate = Gate(token=Token("s3cret"))
        async with serving(assemble_service(gate, prefix="/sim")) as served:
            url = f"{served.url}/sim/manual"
            await trio.to_thread.run_sync(visit, look, url, how)

    return browse


def visit(look: Callable[[Page, str], None], url: str, how: dict[str, Any]) -> None:
    with opened(how) as page:
        complaints: list[str] = []
        page.on("console", lambda said: complaints.append(said.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda asked: note(complaints, asked.url, url))
        look(page, url)
        assert complaints == []


def note(complaints: list[str], asked: str, url: str) -> None:
    if not asked.startswith((url, "data:", "blob:")):
        complaints.append(f"asks for {asked}")


@contextmanager
def opened(how: dict[str, Any]) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"], timeout=WAIT_MS
        )
        try:
            page = browser.new_context(**how).new_page()
            page.set_default_timeout(WAIT_MS)
            yield page
        finally:
            browser.close()


async def test_the_search_finds_a_word_and_leads_to_it(browse: Any) -> None:
    def look(page: Page, url: str) -> None:
        page.goto(url)
        page.keyboard.press("/")
        page.locator("input.md-search__input").press_sequentially("SPARKPLUG_PRIMARY_HOST")
        found = page.locator(".md-search-result__link").first
        expect(found).to_contain_text("Configuration", timeout=WAIT_MS)
        found.click()
        expect(page.locator("h1")).to_contain_text("Configuration", timeout=WAIT_MS)

    await browse(look, **LOOKS["wide-light"])


@pytest.mark.parametrize("name", LOOKS)
async def test_it_can_be_read_wide_and_narrow_in_light_and_dark(
    browse: Any, name: str, tmp_path: Path
) -> None:
    def look(page: Page, url: str) -> None:
        for shown, path in SHOWN.items():
            page.goto(f"{url}/{path}")
            expect(page.locator("article h1")).to_be_visible(timeout=WAIT_MS)
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, f"{path} is {wide} px too wide"
            page.screenshot(path=artefacts(tmp_path) / f"manual-{shown}-{name}.png")

    await browse(look, **LOOKS[name])
