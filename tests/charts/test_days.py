"""A page of readings in Debian's Chromium: its days, and its hours."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from iotmock.cli import app
from tests.chromium import Opened, artefacts, opened
from tests.service.process import wait_until

pytestmark = pytest.mark.long(8)
_HOW = ("--profile", "hvac", "--start", "2025-03-29", "--days", "2", "--timezone", "Europe/Berlin")


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    folder = tmp_path_factory.mktemp("days")
    page = folder / "x.html"
    done = CliRunner().invoke(
        app, ["generate", *_HOW, "-o", str(folder / "x.csv"), "--plot", str(page)]
    )
    assert done.exit_code == 0
    with opened(page) as found:
        yield found
    assert found.complaints == []


@pytest.fixture(autouse=True)
def _wide(shown: Opened) -> None:
    """Whoever looked before may have held a phone."""
    shown.page.set_viewport_size({"width": 1280, "height": 900})
    labels = shown.page.locator("#power .label")
    wait_until(lambda: "06:00" in labels.all_text_contents(), 20, "a wide chart")


def test_a_cell_of_the_hours_says_what_it_is(shown: Opened) -> None:
    row = shown.page.locator("table.heat tbody tr").nth(0)
    row.locator("td").nth(13).hover()
    text = shown.page.locator("#hours .tip").inner_text()
    value = shown.page.locator("#hours details tbody tr").nth(0).locator("td").nth(14)
    assert text == f"Sat 29 Mar 13:00, {value.text_content()} kW"
    shown.page.mouse.move(2, 2)
    assert not shown.page.locator("#hours .tip").is_visible()


def test_looking_closer_has_hours_of_the_place_and_its_midnight(
    shown: Opened, tmp_path: Path
) -> None:
    page = shown.page
    drawn = page.locator("#power .night").count()
    labels = page.locator("#power .label").all_text_contents()
    assert {"06:00", "12:00", "18:00", "Sun 30 Mar"} <= set(labels)
    assert drawn == 3  # that at which it begins, and as many more
    chart = page.locator("#power svg[role=img]")
    chart.focus()
    for _ in range(3):
        page.keyboard.press("+")
    closer = page.locator("#voltage .label")
    wait_until(lambda: "03:00" in closer.all_text_contents(), 20, "it is looked at closely")
    assert "Sun 30 Mar" in closer.all_text_contents()
    assert "02:00" not in closer.all_text_contents()  # clocks leave it out
    page.screenshot(path=artefacts(tmp_path) / "plot-days.png", full_page=True)
    page.keyboard.press("0")
    power = page.locator("#power .label")
    wait_until(lambda: power.all_text_contents() == labels, 20, "all of it is seen again")


def test_a_phone_has_hours_on_the_axis_of_two_days(shown: Opened) -> None:
    page = shown.page
    page.set_viewport_size({"width": 390, "height": 844})
    labels = page.locator("#power .label")
    wait_until(lambda: len(labels.all_text_contents()) < 7, 20, "a narrow chart")
    assert labels.all_text_contents() == ["Sat 29 Mar", "12:00", "Sun 30 Mar", "12:00"]
