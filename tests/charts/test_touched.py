"""A page with charts in Debian's Chromium: mouse, finger and keyboard."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page

from iotmock.soak.report.html.page import page as page_of
from iotmock.soak.report.verdict import judge
from tests.chromium import Opened, artefacts, opened
from tests.service.process import wait_until
from tests.soak.runs import troubled

pytestmark = pytest.mark.long(20)
_HALF = 0.5


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    file = tmp_path_factory.mktemp("page") / "report.html"
    run = troubled()
    file.write_text(page_of(run, judge(run)), encoding="utf-8")
    with opened(file) as found:
        yield found


@pytest.fixture
def page(shown: Opened) -> Iterator[Page]:
    """The page as it was when it was opened; nothing may have gone wrong on it afterwards."""
    shown.page.emulate_media(media="screen", color_scheme="light")
    shown.page.set_viewport_size({"width": 1280, "height": 900})
    shown.page.reload()
    yield shown.page
    assert shown.complaints == []


def chart(page: Page, name: str) -> Locator:
    return page.locator(f"#{name} svg[role=img]")


def point(page: Page, name: str, share: float) -> None:
    """Move the mouse to a share of the width of a chart's axis."""
    found = chart(page, name)
    found.scroll_into_view_if_needed()
    box = found.bounding_box()
    assert box is not None
    left, right = box["x"] + 58, box["x"] + box["width"] - 14
    page.mouse.move(left + share * (right - left), box["y"] + box["height"] / 2)


def values(page: Page, name: str) -> list[str]:
    """What the key of a chart says of the moment that is pointed at."""
    return page.locator(f"#{name} .key output").all_inner_texts()


def labels(page: Page, name: str) -> list[str]:
    return page.locator(f"#{name} .label").all_text_contents()


def scrolled(page: Page) -> float:
    return float(page.evaluate("scrollY"))


def width(page: Page, name: str) -> float:
    return float((chart(page, name).get_attribute("viewBox") or "").split()[2])


def test_pointing_at_one_chart_shows_the_values_of_all(page: Page) -> None:
    point(page, "messages", _HALF)
    samples = {round(sample.t): sample for sample in troubled().samples}
    text = page.locator("#messages .tip").inner_text()
    assert text.startswith("2 min 30 s after the start")
    for value in (samples[150].due, samples[150].sent, samples[150].received):
        assert f"{value:.4g}" in text
    assert values(page, "memory") == [f"{samples[150].generator_mb:.4g}", "40"]
    assert values(page, "devices") == ["100"]
    crosses = page.locator(".cross")
    assert crosses.count() == page.locator("figure.chart").count() == 7
    places = {crosses.nth(at).get_attribute("x1") for at in range(7)}
    assert len(places) == 1
    page.mouse.move(5, 5)
    assert crosses.count() == 0
    assert page.locator(".tip:visible").count() == 0


def test_dragging_looks_closer_in_all_charts_and_a_button_shows_all_again(page: Page) -> None:
    whole = labels(page, "memory")
    point(page, "messages", 0.4)
    page.mouse.down()
    point(page, "messages", 0.5)
    page.mouse.up()
    assert labels(page, "memory")[0] == "2 min"
    assert labels(page, "memory")[-1] == "2 min 30 s"
    assert labels(page, "messages") == labels(page, "memory")
    page.locator("#backlog .whole").click()
    assert labels(page, "memory") == whole
    assert page.locator(".whole:visible").count() == 0


def test_the_wheel_with_ctrl_looks_closer_and_alone_scrolls(page: Page) -> None:
    whole = labels(page, "messages")
    point(page, "messages", _HALF)
    page.keyboard.down("Control")
    for _ in range(5):
        page.mouse.wheel(0, -100)
    page.keyboard.up("Control")
    wait_until(lambda: labels(page, "messages") != whole, 20, "a closer look")
    chart(page, "messages").dblclick()
    assert labels(page, "messages") == whole
    before = scrolled(page)
    page.mouse.wheel(0, 300)
    wait_until(lambda: scrolled(page) > before, 20, "the page further down")
    assert labels(page, "messages") == whole


def test_the_keyboard_does_all_of_it(page: Page) -> None:
    whole = labels(page, "latency")
    chart(page, "messages").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.locator("#messages .tip b").inner_text() == "2 s after the start"
    assert values(page, "devices") == ["20"]
    assert page.locator("#messages .tip").get_attribute("aria-live") == "polite"
    for _ in range(4):
        page.keyboard.press("+")
    assert labels(page, "latency") != whole
    page.keyboard.press("Shift+ArrowRight")
    assert labels(page, "latency")[0] != "0"
    page.keyboard.press("0")
    assert labels(page, "latency") == whole
    page.keyboard.press("Escape")
    assert page.locator(".cross").count() == 0


def test_a_name_in_the_key_switches_its_line(page: Page) -> None:
    line = page.locator("#latency .curve[data-curve='1']")
    button = page.get_by_role("button", name="p95")
    assert line.is_visible()
    button.click()
    assert not line.is_visible()
    assert button.get_attribute("aria-pressed") == "false"
    point(page, "latency", 0.2)
    assert page.locator("#latency .tip .item:visible").count() == 2
    button.focus()
    page.keyboard.press("Enter")
    assert line.is_visible()


def test_the_names_of_phases_stand_at_their_marks(page: Page) -> None:
    mark = page.locator("#messages .mark").nth(2)
    line = mark.locator("line").bounding_box()
    name = mark.locator("text").bounding_box()
    assert line is not None
    assert name is not None
    assert mark.locator("text").text_content() == "3 pause"
    assert 0 < name["x"] - line["x"] < 8
    assert name["y"] >= line["y"] - 14


def test_a_threshold_leads_to_its_chart(page: Page) -> None:
    page.get_by_role("link", name="growth of memory").click()
    assert page.url.endswith("#memory")
    box = page.locator("#memory").bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 900
    page.goto(page.url.partition("#")[0])


def test_a_phone_sees_charts_as_wide_as_it_is(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    wait_until(lambda: width(page, "messages") < 390, 20, "a narrow chart")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    size = page.eval_on_selector("#messages .label", "text => text.getBoundingClientRect().height")
    assert size >= 12


def test_labels_do_not_run_into_each_other(page: Page) -> None:
    for wide in (390, 800, 1280):
        page.set_viewport_size({"width": wide, "height": 900})
        wait_until(lambda wide=wide: abs(width(page, "messages") - wide) < 200, 20, "its width")  # type: ignore[misc]
        boxes = page.eval_on_selector_all(
            "#messages .label",
            "all => all.map(one => one.getBoundingClientRect()).map(box => [box.left, box.right])",
        )
        assert len(boxes) >= 2
        assert all(one[1] < other[0] for one, other in pairwise(boxes))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_are_those_of_the_reader(page: Page, tmp_path: Path, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    point(page, "messages", _HALF)
    page.locator("#messages").screenshot(path=artefacts(tmp_path) / f"chart-{scheme}.png")
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert colour == ("rgb(22, 22, 21)" if scheme == "dark" else "rgb(247, 247, 245)")


def test_paper_has_what_the_screen_has_and_light_colours(page: Page) -> None:
    page.emulate_media(media="print", color_scheme="dark")
    ink = page.evaluate("getComputedStyle(document.querySelector('h2')).color")
    assert ink == "rgb(28, 28, 26)"
    assert page.locator(".hint").is_hidden()
    assert page.get_by_text("Scenario", exact=True).is_hidden()  # folded: a head of nothing
    assert page.locator("#messages polyline").first.is_visible()
    assert len(page.pdf()) > 10_000
