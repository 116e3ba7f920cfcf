"""The pictures of the README, made from what the commands really make: `make pictures`."""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

from tests.chromium import chromium
from tests.docs.snippets import ROOT

FOLDER = ROOT / "docs" / "pictures"
_LARGEST = 200_000
"""Bytes of a picture, at most."""
_WIDTH = 1120
_MACHINE = ".facts :is(dt, dd):nth-last-of-type(1)"
"""Which machine made the picture says nothing to who reads it."""
_WEEK = (
    "generate --profile rooftop --start 2025-06-02 --days 7 --step 300 -o week.csv --plot week.html"
)


def main() -> None:
    """Make both anew."""
    FOLDER.mkdir(exist_ok=True)
    with TemporaryDirectory() as name:
        folder = Path(name)
        _iotmock(folder, *_WEEK.split())
        _picture(folder / "week.html", FOLDER / "week.png", 640)
        _iotmock(folder, "soak", "init", "soak.toml")
        _iotmock(folder, "soak", "soak.toml")
        _picture(folder / "soak/latest/report.html", FOLDER / "verdict.png", 740, without=_MACHINE)


def _iotmock(folder: Path, *arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "iotmock", *arguments], cwd=folder, check=True)


def _picture(page: Path, picture: Path, height: int, without: str = "none") -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        shown = browser.new_page(viewport={"width": _WIDTH, "height": height})
        shown.goto(page.as_uri())
        shown.eval_on_selector_all(without, "(some) => some.forEach((one) => one.remove())")
        shown.screenshot(path=picture)
        browser.close()
    size = picture.stat().st_size
    assert size < _LARGEST, f"{picture} has {size:,} bytes; {_LARGEST:,} are allowed"


if __name__ == "__main__":
    main()
