"""What the page says while something is away, and what it does when it is back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.mosquitto import Mosquitto
from tests.patience import SLACK
from tests.service.process import Service, running_service
from tests.web.browser import Tab, opened_tab

pytestmark = [pytest.mark.long(30), pytest.mark.timeout(300 * SLACK)]
TOKEN = "open-sesame"


@pytest.fixture
def guarded(broker: Mosquitto, tmp_path: Path) -> Iterator[Service]:
    """A service with a token."""
    with running_service(tmp_path, MQTT_EMBEDDED_BROKER="off", API_TOKEN=TOKEN) as service:
        yield service


def test_a_broker_that_goes_is_told_and_one_that_comes_back_too(
    tab: Tab, broker: Mosquitto, tmp_path: Path
) -> None:
    page = tab.go()
    expect(page.locator(".pulse")).to_contain_text("live")
    broker.kill()
    try:
        expect(page.locator(".pulse")).to_contain_text("degraded")
        expect(page.locator(".problems li").first).to_contain_text("broker")
        tab.picture("no-broker", tmp_path)
    finally:
        broker.start()
    expect(page.get_by_text("healthy", exact=True)).to_be_visible()
    expect(page.locator(".pulse")).to_contain_text("live")


def test_a_service_that_ends_is_told_and_one_that_comes_back_goes_on(
    browser: Browser, service: Service, tmp_path: Path
) -> None:
    with opened_tab(browser, service.port) as tab:
        page = tab.go()
        expect(page.locator(".pulse")).to_contain_text("live")
        service.end()
        try:
            expect(page.get_by_text("The service does not answer")).to_be_visible()
            tab.picture("no-service", tmp_path)
        finally:
            service.start()
        expect(page.get_by_text("The service does not answer")).to_be_hidden()
        before = tab.figure("Simulated time")
        tab.wait(lambda: tab.figure("Simulated time") != before, "time moves again")
        assert tab.unexpected("net::ERR_") == []


def test_a_token_is_asked_for_once_and_kept_over_a_reload(
    browser: Browser, guarded: Service, tmp_path: Path
) -> None:
    with opened_tab(browser, guarded.port) as tab:
        page = tab.go()
        expect(page.get_by_role("dialog")).to_have_count(1)
        page.get_by_role("textbox").fill("a wrong one")
        page.get_by_role("button", name="Go on").click()
        expect(page.get_by_text("The service does not take this token.")).to_be_visible()
        assert tab.violations() == []
        tab.picture("token", tmp_path)
        page.get_by_role("textbox").fill(TOKEN)
        page.get_by_role("button", name="Go on").click()
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(page.locator(".pulse")).not_to_contain_text("connecting")
        page.reload()
        tab.heading("Fleet")
        tab.wait(lambda: tab.figure("Devices online"), "devices")
        expect(page.get_by_role("dialog")).to_have_count(0)
        assert tab.unexpected("status of 401") == []
        assert TOKEN not in page.evaluate("JSON.stringify(localStorage) + document.cookie")
