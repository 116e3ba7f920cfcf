"""The page in Debian's Chromium, at a real service."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from attrs import define, field
from playwright.sync_api import Browser, Page, expect, sync_playwright

from iotmock.web.site import the_site
from tests.chromium import artefacts, chromium
from tests.patience import SLACK
from tests.web.axe import violations

WAIT_MS = 10_000 * SLACK
DESKTOP = (1280, 800)
PHONE = (390, 800)
_QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync")
expect.set_options(timeout=WAIT_MS)


@define(eq=False)
class Tab:
    """A tab that shows the page; what goes wrong in it is kept."""

    page: Page
    url: str
    complaints: list[str] = field(factory=list)
    requests: list[str] = field(factory=list)

    def __attrs_post_init__(self) -> None:
        self.page.set_default_timeout(WAIT_MS)
        self.page.on("console", lambda said: self.complaints.append(f"{said.type}: {said.text}"))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))

    def go(self, place: str = "") -> Page:
        """Open a view, as by a bookmark."""
        self.page.goto("about:blank")
        self.page.goto(f"{self.url}/#/{place}")
        return self.page

    def heading(self, text: str) -> None:
        expect(self.page.locator("h1")).to_contain_text(text)

    def figure(self, label: str) -> str:
        """Return the number under a label."""
        figure = self.page.locator(".figure", has=self.page.locator("dt", has_text=label))
        return figure.first.locator(".number").inner_text()

    def wait(self, condition: Callable[[], Any], what: str) -> Any:
        """Wait until something that is read from the page is so."""
        for _ in range(int(WAIT_MS / 100)):
            if found := condition():
                return found
            self.page.wait_for_timeout(100)
        raise AssertionError(f"never: {what}; the page says: {self.page.inner_text('body')[:2000]}")

    def unexpected(self, *expected: str) -> list[str]:
        """Return what went wrong but for what has one of these in it, as a service that is away."""
        return [said for said in self.complaints if not any(word in said for word in expected)]

    def picture(self, name: str, folder: Path) -> None:
        """Leave a picture for whoever looks at them."""
        path = artefacts(folder) / f"page-{name}.png"
        self.page.screenshot(path=path, full_page=True)

    def violations(self) -> list[str]:
        """Return what axe finds that some people could not use."""
        return violations(self.page)


@contextmanager
def running_chromium() -> Iterator[Browser]:
    """Run the browser, or skip the test with the reason."""
    if the_site().why_not:
        pytest.skip(f"the page is not installed: {the_site().why_not}; make page")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=list(_QUIET), timeout=WAIT_MS
        )
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def opened_tab(
    browser: Browser, port: int, size: tuple[int, int] = DESKTOP, **how: Any
) -> Iterator[Tab]:
    """Open a tab of its own; where the test is over, its console must have said nothing."""
    width, height = size
    context = browser.new_context(viewport={"width": width, "height": height}, **how)
    try:
        yield Tab(context.new_page(), f"http://127.0.0.1:{port}")
    finally:
        context.close()


def note(folder: Path, **figures: object) -> None:
    """Print figures, and leave them with the artefacts."""
    print(figures)  # noqa: T201
    path = artefacts(folder) / "page-figures.json"
    known = json.loads(path.read_text()) if path.exists() else {}
    path.write_text(json.dumps(known | figures, indent=1))


def number(text: str) -> float:
    """Return the first number in a text of the page."""
    found = re.search(r"[\d,]+(?:\.\d+)?", text)
    assert found is not None, text
    return float(found[0].replace(",", ""))
