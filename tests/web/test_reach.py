"""For everybody: with a keyboard alone, in the dark, on a phone, in print, with a screen reader."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.patience import SLACK
from tests.service.process import Service, wait_until
from tests.web.browser import PHONE, Tab, opened_tab

pytestmark = [pytest.mark.long(60), pytest.mark.timeout(300 * SLACK)]
HVAC = "mock-hvac-001"
VIEWS = {
    "fleet": ("", "Power now by family"),
    "devices": ("devices", HVAC),
    "device": (f"devices/{HVAC}", "Last messages"),
    "faults": ("faults", "Messages touched"),
    "fleets": ("fleets", "Base power"),
    "sites": ("sites", "Main meter"),
    "soak": ("soak", "Soak"),
    "make": ("devices?new=device", "Base voltage"),
    "inject": ("faults?new=fault", "Duration"),
    "make-fleet": ("fleets?new=fleet", "Count"),
}


PREVIEWED = """async () => {
  const came = performance.getEntriesByType("resource").some(({name}) => name.includes("/preview"));
  for (let frame = 0; came && frame < 3; frame++) await new Promise(requestAnimationFrame);
  return came;
}"""
"""What is expected is drawn."""


@pytest.fixture(scope="module", autouse=True)
def peopled(browser: Browser, service: Service) -> None:
    """There is a fleet, a site and a fault, so that no view is empty."""
    group = {"device_type": "lighting", "count": 60, "location": "A location with a long name"}
    service.request("POST", "/api/v1/fleets", {"name": "town", "groups": [group]})
    meter = {"device_type": "meter", "name": "m", "location": "A location with a long name"}
    service.request("POST", "/api/v1/devices", meter)
    wait_until(lambda: service.total() == 66, 20, "the fleet is there")
    fault = {"fault": "drift", "parameters": {"percent_per_day": 100}}
    assert service.request("POST", f"/api/v1/devices/{HVAC}/faults", fault)[0] == 201


@pytest.fixture
def dark(browser: Browser, service: Service) -> Iterator[Tab]:
    with opened_tab(browser, service.port, color_scheme="dark") as tab:
        yield tab
        assert tab.complaints == []


@pytest.fixture
def phone(browser: Browser, service: Service) -> Iterator[Tab]:
    with opened_tab(browser, service.port, PHONE, has_touch=True, is_mobile=True) as tab:
        yield tab
        assert tab.complaints == []


def shown(tab: Tab, view: str) -> Page:
    place, text = VIEWS[view]
    page = tab.go(place)
    page.get_by_text(text).first.wait_for()
    if view in ("fleet", "device"):
        page.locator(".plot canvas").first.wait_for()
    if view == "device":
        page.wait_for_function(PREVIEWED)
    return page


@pytest.mark.parametrize("view", VIEWS)
def test_nobody_is_shut_out_by_day(tab: Tab, view: str) -> None:
    shown(tab, view)
    assert tab.violations() == []


@pytest.mark.parametrize("view", VIEWS)
def test_nobody_is_shut_out_in_the_dark(dark: Tab, view: str, tmp_path: Path) -> None:
    shown(dark, view)
    assert dark.violations() == []
    dark.picture(f"dark-{view}", tmp_path)


@pytest.mark.parametrize("view", VIEWS)
def test_a_phone_shows_all_of_it_in_its_width(phone: Tab, view: str, tmp_path: Path) -> None:
    page = shown(phone, view)
    widths = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert widths[0] <= widths[1] == PHONE[0]
    phone.picture(f"phone-{view}", tmp_path)


def test_a_keyboard_is_enough_to_make_a_device_and_to_command_it(
    tab: Tab, service: Service, tmp_path: Path
) -> None:
    page = tab.go()
    tab.heading("Fleet")
    _tab_to(page, "Devices")
    page.keyboard.press("Enter")
    tab.heading("Devices")
    _tab_to(page, "Make a device")
    tab.picture("focus", tmp_path)
    page.keyboard.press("Enter")
    page.get_by_label("Name", exact=True).wait_for()
    _tab_to(page, "field name")
    page.keyboard.type("By hand")
    page.keyboard.press("Enter")
    tab.heading("By hand")
    _tab_to(page, "field power")
    page.keyboard.type("3.5")
    page.keyboard.press("Enter")
    expect(page.locator(".result")).to_contain_text("applied")
    made = page.url.rpartition("/")[2]
    assert service.device(made)["base_power"] == 3.5
    _tab_to(page, "Delete", backwards=True)
    page.keyboard.press("Enter")
    page.get_by_role("dialog").wait_for()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("button", name="Delete", exact=True)).to_be_focused()


def test_a_keyboard_looks_closer_into_a_chart_which_stays_so_while_values_come(tab: Tab) -> None:
    page = shown(tab, "device")
    plot = page.locator(".plot", has=page.locator("canvas")).first
    whole = _first_seen(plot)
    tab.wait(lambda: _closer(plot) != whole, "there is more than a moment to look into")
    said = page.get_by_text(re.compile(r"^last \d")).first
    known = said.inner_text()
    tab.wait(lambda: said.inner_text() != known, "a new reading, be it of the same power")
    closer = _first_seen(plot)  # history may have come meanwhile
    assert closer != whole
    plot.locator(".canvas").press("0")
    assert _first_seen(plot) != closer
    closer = _closer(plot)
    plot.locator(".canvas").press("Shift+ArrowLeft")
    assert _first_seen(plot) != closer


def test_what_is_looked_at_closely_stays_when_the_chart_is_drawn_anew(tab: Tab) -> None:
    page = shown(tab, "device")
    page.get_by_role("button", name="coming day").click()
    expect(page).to_have_url(re.compile("span=day"))
    plot = page.locator(".plot", has=page.locator("canvas")).first
    whole = _first_seen(plot)
    tab.wait(lambda: _closer(plot) != whole, "the day is there to look closer into")
    # As when a line joins it.
    page.emulate_media(color_scheme="dark")
    expect(plot.locator("canvas")).to_have_count(1)
    assert _first_seen(plot) not in {whole, ""}


def _closer(plot: Locator) -> str:
    for key in "0+++":
        plot.locator(".canvas").press(key)
    return _first_seen(plot)


def _first_seen(plot: Locator) -> str:
    """Return the first moment that a chart shows: where an arrow begins to point at values."""
    canvas = plot.locator(".canvas")
    canvas.blur()
    expect(plot.locator(".when")).to_have_text("")
    canvas.press("ArrowRight")
    expect(plot.locator(".when")).not_to_have_text("")
    found = plot.locator(".when").inner_text()
    canvas.blur()
    return found


@pytest.mark.parametrize("view", ["make", "inject", "make-fleet"])
def test_a_form_begins_with_the_focus_in_its_first_field(tab: Tab, view: str) -> None:
    page = shown(tab, view)
    expect(page.locator("dialog").locator("input, select").first).to_be_focused()


def test_the_focus_can_be_seen(tab: Tab) -> None:
    page = tab.go("devices")
    page.get_by_role("link", name=HVAC).wait_for()
    for _ in range(12):
        page.keyboard.press("Tab")
        seen = page.evaluate(
            "(s => s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2)"
            "(getComputedStyle(document.activeElement))"
        )
        assert seen, page.evaluate("document.activeElement.outerHTML")


def test_print_has_no_buttons_and_is_white(tab: Tab, tmp_path: Path) -> None:
    page = shown(tab, "fleet")
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Stop", exact=True)).to_be_hidden()
    assert int(tab.figure("Devices online")) >= 65
    tab.picture("print", tmp_path)


def _tab_to(page: Page, what: str, *, backwards: bool = False) -> None:
    """Press the tabulator until what has the focus has this text or name."""
    for _ in range(60):
        page.keyboard.press("Shift+Tab" if backwards else "Tab")
        script = "(e => e.form ? `field ${e.name}` : '')(document.activeElement)"
        text = page.evaluate("document.activeElement.innerText")
        if what in (text, page.evaluate(script)):
            return
    raise AssertionError(f"the keyboard does not reach {what}")
