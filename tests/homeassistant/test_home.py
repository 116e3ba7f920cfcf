"""A fleet in the real Home Assistant, over a real broker: what a user sees there, and switches."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from attrs import frozen

from tests.homeassistant.home import Home, python, running_home
from tests.mosquitto import Mosquitto, running_mosquitto
from tests.service.process import Service, running_service, subscribed, wait_until

pytestmark = pytest.mark.long(60)

HVAC, LAMP, LINE = "mock-hvac-001", "mock-lighting-001", "mock-industrial-001"
TYPES = ("hvac", "lighting", "server", "industrial", "appliance")
COMMON = {
    *("power", "voltage", "current", "energy", "status"),
    *("enabled", "online", "base_power", "base_voltage", "interval"),
    *("reset_energy", "reboot", "fault"),
}
OWN = {
    "hvac": {"climate"},
    "lighting": {"light"},
    "server": {"load"},
    "industrial": {"line"},
    "appliance": {"start_cycle"},
}
UNAVAILABLE = "unavailable"


@frozen
class House:
    """Both sides, and the broker between them."""

    broker: Mosquitto
    service: Service
    home: Home


def service_on(folder: Path, broker: Mosquitto, **more: object) -> AbstractContextManager[Service]:
    usual = {"DIALECT": "homeassistant", "SIMULATION_INTERVAL": 0.5, "MQTT_CLIENT_ID": "ha"}
    return running_service(folder, MQTT_BROKER_PORT=broker.port, **usual | more)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    python()
    folder = tmp_path_factory.mktemp("house")
    with (
        running_mosquitto(folder) as broker,
        service_on(folder, broker) as service,
        running_home(folder, broker.port) as home,
    ):
        home.wait(f"{HVAC}_energy", is_number)
        yield House(broker, service, home)


def is_number(text: str) -> bool:
    return text not in {"unknown", UNAVAILABLE}


def keys_of(home: Home, device_id: str) -> set[str]:
    start = f"{device_id}_"
    return {name.removeprefix(start) for name in home.states() if name.startswith(start)}


@pytest.mark.parametrize("kind", TYPES)
def test_every_device_is_there_with_all_that_it_is_and_can(house: House, kind: str) -> None:
    wanted = COMMON | OWN[kind]
    wait_until(lambda: keys_of(house.home, f"mock-{kind}-001") == wanted, 20, f"all of a {kind}")


def test_what_a_device_measures_is_shown_with_class_and_unit(house: House) -> None:
    found = house.home.states()
    units = {"power": "kW", "voltage": "V", "current": "A", "energy": "kWh"}
    for name, unit in units.items():
        attributes = found[f"{HVAC}_{name}"]["attributes"]
        assert (attributes["device_class"], attributes["unit_of_measurement"]) == (name, unit)
    assert found[f"{HVAC}_energy"]["attributes"]["state_class"] == "total_increasing"


def test_the_values_are_those_that_were_sent_last(house: House) -> None:
    server, names = "mock-server-001", ("power", "voltage", "current", "energy")
    with subscribed(house.broker.port) as heard:
        heard.wait_for(lambda it: it.data(server))
        for name in names:
            house.home.wait(f"{server}_{name}", is_number)
        house.service.request("PATCH", f"/api/v1/devices/{server}", {"enabled": False})

        def are_the_same() -> bool:
            last, found = heard.data(server)[-1], house.home.states()
            shown = [found[f"{server}_{name}"]["state"] for name in names]
            return shown == [str(last[name]) for name in names]

        wait_until(are_the_same, 20, "what is shown is what was sent")
    house.service.request("PATCH", f"/api/v1/devices/{server}", {"enabled": True})


def test_devices_have_names_and_serial_numbers(house: House) -> None:
    found = {one["serial"]: one["name"] for one in house.home.ask("devices")}
    assert found[HVAC] == "HVAC System"


@pytest.mark.parametrize(("service", "state"), [("turn_off", "off"), ("turn_on", "on")])
def test_a_switch_that_is_turned_there_turns_the_device(
    house: House, service: str, state: str
) -> None:
    is_on = state == "on"
    house.service.request("PATCH", f"/api/v1/devices/{LINE}", {"enabled": not is_on})
    house.home.wait(f"{LINE}_enabled", lambda text: text not in {state, UNAVAILABLE})
    house.home.call("switch", service, f"{LINE}_enabled")
    wait_until(lambda: house.service.device(LINE)["enabled"] is is_on, 20, "the device turns")
    house.home.wait(f"{LINE}_enabled", lambda text: text == state)
    house.service.request("PATCH", f"/api/v1/devices/{LINE}", {"enabled": True})


def test_a_light_is_dimmed(house: House) -> None:
    house.home.call("light", "turn_on", f"{LAMP}_light", brightness_pct=40)
    house.home.wait(f"{LAMP}_light", lambda text: text == "on")

    def brightness() -> object:
        return house.home.states()[f"{LAMP}_light"]["attributes"].get("brightness")

    wait_until(lambda: brightness() == 102, 20, "the light is at 102 of 255")
    house.home.call("light", "turn_off", f"{LAMP}_light")
    wait_until(lambda: house.service.device(LAMP)["enabled"] is False, 20, "the lamp is off")
    house.home.wait(f"{LAMP}_light", lambda text: text == "off")
    house.service.request("PATCH", f"/api/v1/devices/{LAMP}", {"enabled": True})


def test_a_thermostat_is_set(house: House) -> None:
    house.home.call("climate", "set_temperature", f"{HVAC}_climate", temperature=19.5)

    def target() -> object:
        return house.home.states()[f"{HVAC}_climate"]["attributes"].get("temperature")

    wait_until(lambda: target() == 19.5, 20, "the setpoint comes back")
    house.home.call("climate", "set_hvac_mode", f"{HVAC}_climate", hvac_mode="off")
    wait_until(lambda: house.service.device(HVAC)["enabled"] is False, 20, "it is off")
    house.home.call("climate", "set_hvac_mode", f"{HVAC}_climate", hvac_mode="auto")
    house.home.wait(f"{HVAC}_climate", lambda text: text == "auto")


@pytest.mark.parametrize(
    ("domain", "service", "entity", "given", "shown"),
    [
        ("number", "set_value", f"{LINE}_base_power", {"value": 110.5}, "110.5"),
        ("number", "set_value", f"{LINE}_base_voltage", {"value": 400}, "400.0"),
        ("number", "set_value", f"{LINE}_interval", {"value": 0.6}, "0.6"),
        ("number", "set_value", "mock-server-001_load", {"value": 70}, "70.0"),
        ("switch", "turn_on", f"{LINE}_line", {}, "on"),
        ("switch", "turn_off", f"{LINE}_line", {}, "off"),
        ("select", "select_option", "mock-appliance-001_start_cycle", {"option": "oven"}, "oven"),
    ],
)
def test_each_command_has_something_to_give_it_with(
    house: House, domain: str, service: str, entity: str, given: dict[str, object], shown: str
) -> None:
    house.home.call(domain, service, entity, **given)
    house.home.wait(entity, lambda text: text == shown)


def test_faults_are_chosen_and_cleared(house: House) -> None:
    def faults() -> int:
        status, found = house.service.request("GET", f"/api/v1/devices/{LINE}/faults")
        assert status == 200, found
        return len(found["faults"])

    house.home.call("select", "select_option", f"{LINE}_fault", option="stuck")
    wait_until(lambda: faults() == 1, 20, "the fault is there")
    house.home.call("select", "select_option", f"{LINE}_fault", option="none")
    wait_until(lambda: faults() == 0, 20, "the fault is over")


def test_a_device_that_is_offline_is_shown_so_and_can_be_brought_back(house: House) -> None:
    house.home.call("switch", "turn_off", f"{LAMP}_online")
    house.home.wait(f"{LAMP}_power", lambda text: text == UNAVAILABLE)
    house.home.wait(f"{LAMP}_status", lambda text: text == "offline")
    house.home.call("switch", "turn_on", f"{LAMP}_online")
    house.home.wait(f"{LAMP}_power", is_number)


def test_a_new_device_appears_and_a_deleted_one_is_gone(house: House) -> None:
    for name in ("a.b", "a_b"):
        new = {"device_type": "server", "name": f"Server {name}", "device_id": name}
        assert house.service.request("POST", "/api/v1/devices", new)[0] == 201
    for uid in ("a_-b", "a__b"):
        house.home.wait(f"{uid}_power", is_number)
    assert house.service.request("DELETE", "/api/v1/devices/a.b")[0] == 204
    wait_until(lambda: not keys_of(house.home, "a_-b"), 20, "it is gone")
    assert "a.b" not in {one["serial"] for one in house.home.ask("devices")}
    assert house.home.state("a__b_power") is not None


def test_a_device_that_is_renamed_is_called_so(house: House) -> None:
    house.service.request("PATCH", "/api/v1/devices/mock-appliance-001", {"name": "Roof"})
    wait_until(
        lambda: "Roof" in {one["name"] for one in house.home.ask("devices")}, 20, "the new name"
    )


def test_a_restart_of_the_service_ends_well_and_energy_sees_no_reset(house: House) -> None:
    before = float(house.home.wait(f"{HVAC}_energy", is_number))
    house.service.end()
    house.home.wait(f"{HVAC}_power", lambda text: text == UNAVAILABLE)
    house.service.start()
    house.home.wait(f"{HVAC}_energy", lambda text: is_number(text) and float(text) > before)
    entity = house.home.states()[f"{HVAC}_energy"]["entity_id"]

    def sums_go_on() -> bool:
        rows = house.home.ask("statistics", entity_id=entity)
        if not rows:  # as where five minutes have just begun
            return False
        first, last = rows[0], rows[-1]
        grown = last["state"] - first["state"] + first["sum"]
        resets = {row["last_reset"] for row in rows}
        return bool(last["sum"] == pytest.approx(grown) and resets == {None})

    wait_until(sums_go_on, 20, "the sums are of one counter that was never reset")


def test_home_assistant_has_nothing_to_complain_about(house: House) -> None:
    said = [line for line in house.home.ask("complained") if _is_about_us(line)]
    assert said == []


def _is_about_us(line: str) -> bool:
    return line.startswith(("homeassistant.components.", "homeassistant.helpers.template"))
