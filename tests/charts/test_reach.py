"""Nobody is shut out of the pages with charts: axe-core, by day and in the dark."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Page
from typer.testing import CliRunner

from iotmock.cli import app
from iotmock.soak.report.compare import Comparison
from iotmock.soak.report.html.comparison import comparison_page
from iotmock.soak.report.html.page import page as report_page
from iotmock.soak.report.report import report_on
from iotmock.soak.report.verdict import judge
from tests.chromium import Opened, opened
from tests.patience import SLACK
from tests.soak.runs import result, troubled
from tests.web.axe import violations

pytestmark = [pytest.mark.long(30), pytest.mark.timeout(300 * SLACK)]
Scheme = Literal["light", "dark"]


def report(file: Path) -> None:
    run = troubled()
    file.write_text(report_page(run, judge(run)), encoding="utf-8")


def comparison(file: Path) -> None:
    both = Comparison(report_on(result()), report_on(troubled()))
    file.write_text(comparison_page(both, 0.1), encoding="utf-8")


def generated(file: Path) -> None:
    series = str(file.with_suffix(".csv"))
    done("generate", "--profile", "hvac", "--days", "7", "-o", series, "--plot", str(file))


def plotted(file: Path) -> None:
    """Several devices, with a line each."""
    rows = [
        f"2025-03-29T{hour:02d}:00:00Z,meter-{one},{one + hour % 3},230,4,{hour * one}"
        for hour in range(24)
        for one in (1, 2, 3)
    ]
    series = file.with_suffix(".csv")
    series.write_text("\n".join(["timestamp,device_id,power,voltage,current,energy", *rows]))
    done("plot", str(series), "-o", str(file))


def judged(file: Path) -> None:
    """A profile beside a fortnight of another."""
    series = str(file.with_suffix(".csv"))
    done("generate", "--profile", "split", "--start", "2025-06-02", "--days", "15", "-o", series)
    done("judge", series, "--profile", "rooftop", "--devices", "2", "--html", str(file))


def done(*words: str) -> None:
    said = CliRunner().invoke(app, list(words))
    assert said.exit_code == 0, said.output


PAGES: dict[str, Callable[[Path], None]] = {
    "report": report,
    "comparison": comparison,
    "generated": generated,
    "plotted": plotted,
    "judged": judged,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    for name, write in PAGES.items():
        write(folder / f"{name}.html")
    return folder


@pytest.fixture(scope="module")
def shown(folder: Path) -> Iterator[Opened]:
    with opened(folder / "report.html") as found:
        yield found


def show(shown: Opened, file: Path, scheme: Scheme) -> Page:
    shown.page.emulate_media(color_scheme=scheme)
    shown.page.goto(file.as_uri())
    return shown.page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_nobody_is_shut_out(shown: Opened, folder: Path, name: str, scheme: Scheme) -> None:
    """Nor where a table is open, a line is off, and a moment is pointed at."""
    page = show(shown, folder / f"{name}.html", scheme)
    page.locator("summary").first.click()
    page.locator("button.item").first.click()
    page.locator("svg[role=img]").first.press("+")
    page.keyboard.press("ArrowRight")
    page.locator(".tip:visible").first.wait_for()
    assert violations(page) == []
    assert shown.complaints == []


def test_a_verdict_fits_a_telephone(shown: Opened, folder: Path) -> None:
    page = show(shown, folder / "judged.html", "dark")
    before = page.viewport_size
    page.set_viewport_size({"width": 390, "height": 844})
    try:
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert violations(page) == []
    finally:
        page.set_viewport_size(before or {"width": 1280, "height": 720})
