"""Home Assistant over each way to connect, in each way to tell it; and when either side is away."""

import signal
from pathlib import Path

import pytest

from tests.homeassistant.home import python, running_home
from tests.homeassistant.test_home import HVAC, LAMP, UNAVAILABLE, is_number, service_on
from tests.mosquitto import running_mosquitto
from tests.service.process import publish, wait_until

pytestmark = pytest.mark.long(60)
SWITCH = f"{HVAC}_enabled"


@pytest.mark.parametrize(
    ("connections", "discovery"), [("pool:2", "component"), ("per-device", "device")]
)
def test_a_fleet_is_there_is_switched_and_is_missed(
    tmp_path: Path, connections: str, discovery: str
) -> None:
    python()
    more = {"MQTT_CONNECTIONS": connections, "HA_DISCOVERY": discovery}
    with (
        running_mosquitto(tmp_path) as broker,
        service_on(tmp_path, broker, HA_DISCOVERY_PREFIX="homeassistant", **more) as service,
        running_home(tmp_path, broker.port) as home,
    ):
        home.wait(f"{HVAC}_power", is_number)
        service.wait_connected()
        home.call("switch", "turn_off", SWITCH)
        home.wait(SWITCH, lambda text: text == "off")
        assert service.device(HVAC)["enabled"] is False
        assert service.request("DELETE", f"/api/v1/devices/{HVAC}")[0] == 204
        wait_until(lambda: home.state(SWITCH) is None, 20, "the device is gone")
        service.end(signal.SIGKILL)
        home.wait(f"{LAMP}_power", lambda text: text == UNAVAILABLE)


def test_a_broker_that_forgets_all_and_a_home_that_starts_again_end_well(tmp_path: Path) -> None:
    python()
    with running_mosquitto(tmp_path) as broker, service_on(tmp_path, broker):
        with running_home(tmp_path, broker.port) as home:
            home.wait(f"{HVAC}_power", is_number)
            broker.kill()
            home.wait(f"{HVAC}_power", lambda text: text == UNAVAILABLE)
            broker.start()
            home.wait(f"{HVAC}_power", is_number)
        with running_home(tmp_path, broker.port) as home:
            home.wait(f"{HVAC}_power", is_number)
            home.wait(SWITCH, lambda text: text == "on")
            publish(broker.port, f"homeassistant/device/{HVAC}/config", "", "-r")
            wait_until(lambda: home.state(SWITCH) is None, 20, "somebody has removed it")
            publish(broker.port, "homeassistant/status", "online")
            home.wait(f"{HVAC}_power", is_number)
