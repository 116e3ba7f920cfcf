"""Each view and each action of the page, against a real service with a real broker."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.patience import SLACK
from tests.service.process import Service
from tests.web.browser import Tab, number, opened_tab

pytestmark = [pytest.mark.long(60), pytest.mark.timeout(300 * SLACK)]
HVAC = "mock-hvac-001"


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_the_fleet_is_live(tab: Tab, tmp_path: Path) -> None:
    page = tab.go()
    tab.heading("Fleet")
    first = tab.wait(lambda: tab.figure("Simulated time"), "a time")
    tab.wait(lambda: tab.figure("Simulated time") != first, "time moves")
    assert number(tab.figure("Power now")) > 0
    assert tab.figure("Devices online") == "5"
    tab.wait(lambda: number(tab.figure("Messages acknowledged")) > 5, "messages are acknowledged")
    for family in ("hvac", "lighting", "server", "industrial", "appliance"):
        expect(page.get_by_role("row", name=family)).to_contain_text("kW")
    expect(page.get_by_text("connected", exact=True)).to_be_visible()
    expect(page.locator(".plot canvas")).to_have_count(2)
    tab.picture("fleet", tmp_path)


def test_it_works_under_any_path_of_a_proxy(browser: Browser, service: Service) -> None:
    told = {"X-Forwarded-Prefix": "/sim"}
    with opened_tab(browser, service.port, extra_http_headers=told) as tab:
        page = tab.page
        page.goto(f"{tab.url}/sim/#/devices")
        page.get_by_role("link", name=HVAC).click()
        tab.heading("HVAC System")
        expect(page.locator(".plot canvas")).to_have_count(4)
        assert all(url.startswith((f"{tab.url}/sim/", "data:")) for url in tab.requests)
        assert tab.complaints == []


def test_a_line_of_a_chart_can_be_switched_off(tab: Tab) -> None:
    page = tab.go()
    button = page.locator(".legend button", has_text="server")
    expect(button).to_have_attribute("aria-pressed", "true")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")


def test_the_last_day_is_an_address_that_a_reload_keeps(tab: Tab) -> None:
    page = tab.go()
    press(page, "last 24 h")
    expect(page).to_have_url(f"{tab.url}/#/?span=24h")
    page.reload()
    pressed = page.get_by_role("button", name="last 24 h")
    expect(pressed).to_have_attribute("aria-pressed", "true")
    page.go_back()
    expect(page.get_by_role("button", name="last 15 min")).to_have_attribute("aria-pressed", "true")


def test_the_simulation_is_stopped_hastened_and_set_back_to_the_wall_clock(
    tab: Tab, service: Service
) -> None:
    page = tab.go()
    press(page, "Stop")
    expect(page.locator(".pulse")).to_contain_text("stopped")
    assert service.status()["running"] is False
    press(page, "Start")
    expect(page.get_by_role("button", name="Stop", exact=True)).to_be_visible()
    page.get_by_label("Speed of simulated time").select_option("60")
    expect(page.get_by_text("60 times as fast as the wall clock")).to_be_visible()
    assert service.status()["speed"] == 60
    page.get_by_label("Speed of simulated time").select_option("1")
    press(page, "Back to the wall clock")
    expect(page.get_by_text("Simulated time is the wall clock's.")).to_be_visible()


def test_devices_are_filtered_and_sorted_by_the_address(tab: Tab, tmp_path: Path) -> None:
    page = tab.go("devices")
    expect(page.locator("tbody tr")).to_have_count(5)
    page.get_by_label("Type").select_option("server")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.reload()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_label("Type").select_option("")
    press(page, "Name")
    expect(page.locator("tbody tr").first).to_contain_text("HVAC System")
    page.get_by_role("button", name="Name").click()
    expect(page.locator("tbody tr").first).to_contain_text("Server Rack")
    page.get_by_label("Name has in it").fill("no such name")
    expect(page.get_by_text("No device is like that.")).to_be_visible()
    page.get_by_role("link", name="Show all devices").click()
    expect(page.locator("tbody tr")).to_have_count(5)
    expect(page.locator("polyline")).to_have_count(5)
    tab.picture("devices", tmp_path)


def test_a_device_is_made_changed_and_deleted(tab: Tab, service: Service, tmp_path: Path) -> None:
    page = tab.go("devices")
    press(page, "Make a device")
    page.get_by_label("Name", exact=True).wait_for()
    press(page, "Make it")
    expect(page.locator(".fault")).to_have_text("is needed")
    page.get_by_label("Name", exact=True).fill("Roof unit")
    page.get_by_label("Device id").fill("roof-1")
    page.get_by_label("Base power").fill("20000")
    press(page, "Make it")
    expect(page.locator(".fault")).to_contain_text("must be a number from 0.001 to 10,000 kW")
    tab.picture("make-a-device", tmp_path)
    page.get_by_label("Base power").fill("12.5")
    press(page, "Make it")
    tab.heading("Roof unit")
    assert service.device("roof-1")["base_power"] == 12.5

    press(page, "Change")
    page.get_by_label("Location").fill("Hall 2")
    press(page, "Change it")
    expect(page.get_by_role("link", name="Hall 2")).to_be_visible()
    assert service.device("roof-1")["location"] == "Hall 2"

    press(page, "Delete")
    press(page, "Delete it")
    tab.heading("Devices")
    assert service.request("GET", "/api/v1/devices/roof-1")[0] == 404
    # The browser itself says so of each answer that is an error.
    # The view of what is deleted may ask for it once more before it is told.
    tab.complaints[:] = [one for one in tab.complaints if not re.search("422|404", one)]


def test_a_device_that_is_not_there_says_so(tab: Tab) -> None:
    page = tab.go("devices/nobody")
    expect(page.get_by_text("There is no such device (any more).")).to_be_visible()
    tab.complaints[:] = [one for one in tab.complaints if "404" not in one]


def test_a_command_is_sent_and_its_result_is_shown(tab: Tab, service: Service) -> None:
    page = tab.go(f"devices/{HVAC}")
    page.get_by_label("Command", exact=True).select_option("set_setpoint")
    page.get_by_label("Temperature").fill("25.5")
    press(page, "Send")
    expect(page.locator(".result")).to_contain_text("set_setpoint: applied")
    page.get_by_label("Temperature").fill("99")
    press(page, "Send")
    expect(page.locator(".result")).to_contain_text("set_setpoint: rejected")
    expect(page.locator(".result")).to_contain_text("35")
    page.get_by_label("Command", exact=True).select_option("set_enabled")
    page.get_by_label("Enabled").select_option("no")
    press(page, "Send")
    expect(page.locator(".chip").first).to_contain_text("disabled")
    assert service.device(HVAC)["enabled"] is False
    page.get_by_label("Enabled").select_option("yes")
    press(page, "Send")
    expect(page.locator(".result")).to_contain_text("Enabled: false → true")
    # The view of what is deleted may ask for it once more before it is told.
    tab.complaints[:] = [one for one in tab.complaints if not re.search("422|404", one)]


def test_every_command_of_every_type_has_its_form(tab: Tab, service: Service) -> None:
    for kind in service.request("GET", "/api/v1/device-types")[1]["device_types"]:
        new = {"device_type": kind["device_type"], "device_id": "told", "name": "Told"}
        assert service.request("POST", "/api/v1/devices", new)[0] == 201
        page = tab.go("devices/told")
        choice = page.get_by_label("Command", exact=True)
        choice.wait_for()
        for command in kind["commands"]:
            choice.select_option(command["command"])
            fields = page.locator("section", has=choice).locator("form .field")
            expect(fields).to_have_count(len(command["parameters"]["properties"]))
        page.goto("about:blank")  # a view that asks for what is gone complains
        assert service.request("DELETE", "/api/v1/devices/told")[0] == 204


def test_a_device_shows_curves_and_what_it_sends(tab: Tab, tmp_path: Path) -> None:
    page = tab.go(f"devices/{HVAC}")
    expect(page.locator(".plot canvas")).to_have_count(4)
    topic = f"energy/devices/{HVAC}/data"
    expect(page.locator(".messages td", has_text=topic).first).to_be_visible()
    expect(page.locator(".payload").first).to_contain_text('"power":')
    energy = tab.figure("A reading every")
    assert energy == "0.5"
    first = page.locator(".messages tbody tr").first.inner_text()
    tab.wait(lambda: page.locator(".messages tbody tr").first.inner_text() != first, "a next one")
    press(page, "coming day")
    expect(page).to_have_url(f"{tab.url}/#/devices/{HVAC}?span=day")
    expect(page.locator(".plot canvas")).to_have_count(4)
    tab.picture("device-coming-day", tmp_path)


def test_a_fault_is_injected_drawn_and_cleared(tab: Tab, service: Service, tmp_path: Path) -> None:
    page = tab.go(f"devices/{HVAC}")
    press(page, "Inject a fault")
    page.get_by_label("Fault", exact=True).select_option("drift")
    page.get_by_label("Percent per day").fill("500")
    press(page, "Inject")
    expect(page.get_by_text("drift is injected into")).to_be_visible()
    active = page.locator("li", has_text="drift")
    expect(active).to_contain_text("until it is cleared")
    expect(page.get_by_text("Bands: drift")).to_be_visible()
    page.wait_for_timeout(2_000)  # so that there is something to see in the picture
    tab.picture("device", tmp_path)
    press(page, "Clear drift")
    expect(page.get_by_text("Nothing is wrong with this device.")).to_be_visible()
    expect(page.locator("tr", has_text="drift")).to_contain_text("ended")
    assert service.request("GET", f"/api/v1/devices/{HVAC}/faults")[1]["total"] == 0


def test_a_fault_is_injected_into_many_and_cleared_as_one(tab: Tab, tmp_path: Path) -> None:
    page = tab.go("faults")
    press(page, "Inject into many")
    page.get_by_label("Fault", exact=True).last.select_option("gap")
    page.get_by_label("Duration").fill("600")
    press(page, "Inject")
    expect(page.get_by_text("gap is injected into 5 devices.")).to_be_visible()
    expect(page.locator("tr", has_text="gap")).to_have_count(5)
    expect(page.locator("h1 + span")).to_contain_text("5 faults active")
    tab.picture("faults", tmp_path)
    page.locator("button", has_text="Clear all of them").click()
    expect(page.locator("h1 + span")).to_contain_text("0 faults active")


def test_a_fleet_is_made_scaled_and_taken_down(tab: Tab, service: Service, tmp_path: Path) -> None:
    page = tab.go("fleets")
    expect(page.get_by_text("There is no fleet yet.")).to_be_visible()
    press(page, "Make a fleet")
    page.get_by_label("Name", exact=True).fill("town")
    page.get_by_label("Count").fill("120")
    page.get_by_label("Location").fill("North")
    press(page, "Make it")
    expect(page.get_by_text("120 of 120 devices are there")).to_be_visible()
    press(page, "Scale town")
    page.get_by_label("hvac").fill("60")
    press(page, "Scale it")
    expect(page.get_by_text("60 of 60 devices are there")).to_be_visible()
    tab.picture("fleets", tmp_path)
    page.get_by_role("link", name="show them").click()
    expect(page.get_by_text("60 devices")).to_be_visible()
    press(page, "Next")
    expect(page.get_by_text("51 to 60 of 60")).to_be_visible()
    page.go_back()
    expect(page.get_by_text("1 to 50 of 60")).to_be_visible()
    tab.go("fleets")
    press(page, "Delete town")
    press(page, "Delete it")
    expect(page.get_by_text("There is no fleet yet.")).to_be_visible()
    assert service.total() == 5


def test_sites_show_their_power_their_devices_and_their_grid(
    tab: Tab, service: Service, tmp_path: Path
) -> None:
    page = tab.go("sites")
    expect(page.get_by_text("There is no site yet.")).to_be_visible()
    sites = {"name": "home", "kind": "home", "count": 3, "seed": 7}
    assert service.request("POST", "/api/v1/sites", sites)[0] == 202
    expect(page.get_by_text("3 sites")).to_be_visible()
    second = page.get_by_role("row", name="home-000002")
    expect(second).to_contain_text("kW")
    expect(second).to_contain_text("there")
    dark = {"fault": "black_out", "selector": {"location": "home-000002"}}
    assert service.request("POST", "/api/v1/faults", dark)[0] == 201
    expect(second).to_contain_text(re.compile("black-out|island"))
    page.get_by_label("Location has in it").fill("000003")
    expect(page).to_have_url(f"{tab.url}/#/sites?name=000003")
    expect(page.get_by_role("row", name="home-000002")).to_have_count(0)
    tab.picture("sites", tmp_path)
    page.get_by_role("link", name="home-000003", exact=True).click()
    expect(page).to_have_url(f"{tab.url}/#/devices?location=home-000003")
    expect(page.get_by_role("link", name="home-meter-000003")).to_be_visible()
    service.request("DELETE", "/api/v1/sites/home")
    tab.go("sites")
    expect(page.get_by_text("There is no site yet.")).to_be_visible()
    assert tab.complaints == []


def test_a_fleet_is_made_of_several_groups(tab: Tab, service: Service, tmp_path: Path) -> None:
    page = tab.go("fleets?new=fleet")
    page.get_by_label("Name", exact=True).fill("site")
    page.get_by_label("Count").fill("20")
    for _ in range(2):
        press(page, "Add a group")
    second, third = (
        page.get_by_role("group", name="Group 2"),
        page.get_by_role("group", name="Group 3"),
    )
    second.get_by_label("Count").fill("1000")
    third.get_by_label("Device type").select_option("server")
    third.get_by_label("Profile").select_option("gpu")
    third.get_by_label("Count").fill("-3")
    third.get_by_label("Interval").fill("2.5")
    press(page, "Leave out group 2")
    press(page, "Make it")
    # What was the third is the second now, and the service's word stands where it belongs.
    second = page.get_by_role("group", name="Group 2")
    expect(second.locator(".fault")).to_contain_text("must be a whole number from 0 to 1,000,000")
    tab.picture("make-a-fleet", tmp_path)
    second.get_by_label("Count").fill("5")
    expect(page.get_by_text("25 devices in 2 groups")).to_be_visible()
    press(page, "Make it")
    expect(page.get_by_text("25 of 25 devices are there")).to_be_visible()
    groups = service.request("GET", "/api/v1/fleets/site")[1]["groups"]
    assert [
        (one["device_type"], one["profile"], one["wanted"], one["interval"]) for one in groups
    ] == [
        ("hvac", None, 20, None),
        ("server", "gpu", 5, 2.5),
    ]
    assert service.request("DELETE", "/api/v1/fleets/site")[0] == 202
    expect(page.get_by_text("There is no fleet yet.")).to_be_visible()
    # The view of what is deleted may ask for it once more before it is told.
    tab.complaints[:] = [one for one in tab.complaints if not re.search("422|404", one)]


def test_a_hostile_name_is_text_stays_in_its_place_and_breaks_no_layout(
    tab: Tab, service: Service
) -> None:
    names = {"turned": "\u202e\u05d0\u05d1", "marked": "<img src=x onerror=alert(1)>"}
    for device_id, name in {**names, "wide": "W" * 100}.items():
        new = {"device_type": "hvac", "device_id": device_id, "name": name, "location": "W" * 100}
        assert service.request("POST", "/api/v1/devices", new)[0] == 201
        page = tab.go(f"devices/{device_id}")
        expect(page.locator("h1 bdi")).to_have_text(name)
        expect(page.locator("h1 .mono")).to_have_text(device_id)
        expect(page.locator("main img")).to_have_count(0)
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 800})
            root = "document.documentElement"
            assert page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth"), (device_id, width)
        page.goto("about:blank")  # a view that asks for what is gone complains
        assert service.request("DELETE", f"/api/v1/devices/{device_id}")[0] in {200, 204}
