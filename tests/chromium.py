"""Debian's Chromium, driven by Playwright's Python package."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from attrs import define, field
from playwright.sync_api import Page, ViewportSize, sync_playwright

from tests.patience import SLACK

_REQUIRED = "IOTMOCK_REQUIRE_CHROMIUM"
_QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync")
_LONG_MS = 30_000 * SLACK
_HOW: dict[str, Any] = {"args": list(_QUIET), "timeout": _LONG_MS}


@define(eq=False)
class Opened:
    """A page, and what went wrong on it."""

    page: Page
    complaints: list[str] = field(factory=list)


def chromium() -> str:
    """Return the path of the browser, or skip the test with the reason."""
    found = shutil.which("chromium")
    if found is None:
        reason = "chromium is not installed (Debian: chromium)"
        if os.environ.get(_REQUIRED):
            pytest.fail(f"{reason}, and {_REQUIRED} is set")
        pytest.skip(reason)
    return found


@contextmanager
def opened(file: Path, *, scripts: bool = True) -> Iterator[Opened]:
    """Open a file; what its console says and what it asks the network for are complaints."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=list(_QUIET), timeout=_LONG_MS
        )
        size = ViewportSize(width=1280, height=900)
        page = browser.new_page(viewport=size, java_script_enabled=scripts)
        page.set_default_timeout(_LONG_MS)
        shown = Opened(page)
        page.on("console", lambda message: shown.complaints.append(message.text))
        page.on("pageerror", lambda error: shown.complaints.append(str(error)))
        page.on("request", lambda request: _note(shown, request.url))
        page.goto(file.as_uri())
        try:
            yield shown
        finally:
            browser.close()


@contextmanager
def page_of(url: str) -> Iterator[Page]:
    """Open what a server shows."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=list(_QUIET), timeout=_LONG_MS
        )
        try:
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.set_default_timeout(_LONG_MS)
            page.goto(url)
            yield page
        finally:
            browser.close()


def _note(shown: Opened, url: str) -> None:
    if not url.startswith(("file:", "data:")):
        shown.complaints.append(f"asks for {url}")


def artefacts(otherwise: Path) -> Path:
    """Return the folder in which CI keeps what tests have made."""
    folder = Path(os.environ.get("IOTMOCK_ARTEFACTS", otherwise))
    folder.mkdir(parents=True, exist_ok=True)
    return folder
