"""What the page costs: bytes, requests, time to the first curve."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.patience import SLACK
from tests.service.process import Service
from tests.web.browser import note, opened_tab

pytestmark = [pytest.mark.long(10), pytest.mark.timeout(120 * SLACK)]
MOST_BYTES = 250_000
FIRST_CURVE = """() => new Promise((found) => {
  const look = () => document.querySelector(".plot canvas")
    ? found(performance.now()) : requestAnimationFrame(look);
  look();
})"""


TRANSFERRED = """() => performance.getEntriesByType("resource")
  .concat(performance.getEntriesByType("navigation"))
  .filter(({name}) => !name.includes("/api/"))
  .map(({name, transferSize}) => [name, transferSize])"""


def transferred(page: Page) -> dict[str, int]:
    """Return what came over the network for the page itself, by address; headers included."""
    page.evaluate(FIRST_CURVE)
    return dict(page.evaluate(TRANSFERRED))


def test_the_page_is_light(browser: Browser, service: Service, tmp_path: Path) -> None:
    with opened_tab(browser, service.port) as tab:
        tab.page.goto(f"{tab.url}/")
        first_curve = tab.page.evaluate(FIRST_CURVE)
        came = transferred(tab.page)
        sent = sum(came.values())
        note(tmp_path, bytes=sent, requests=len(came), first_curve_ms=round(first_curve))
        assert 50_000 < sent <= MOST_BYTES
        tab.page.reload()
        again = transferred(tab.page)
        note(tmp_path, bytes_of_a_reload=sum(again.values()))
        assert not [name for name, size in again.items() if "/web/" in name and size]
