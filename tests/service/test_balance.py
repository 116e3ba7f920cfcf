"""The energy balance of a location in the real service: its main meter shows its devices' sum."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from iotmock.actors.time.cohorts import phase_of
from tests.model.site_balance import digits
from tests.mosquitto import PASSWORD, USERNAME, Mosquitto, running_mosquitto
from tests.service.process import Service

pytestmark = pytest.mark.long(10)
INTERVAL_S = 5.0
TYPES = ("appliance", "hvac", "lighting", "server", "industrial")


def ids() -> Iterator[str]:
    """Yield ids that tick together with the meter."""
    wanted = phase_of("meter", INTERVAL_S)
    number = 0
    while True:
        number += 1
        if phase_of(f"d{number}", INTERVAL_S) == wanted:
            yield f"d{number}"


class House:
    """A location with a meter, and its books."""

    def __init__(self, service: Service) -> None:
        self.service, self.names = service, ids()
        self.devices: list[str] = []
        self.gone = 0
        self.create("meter", "meter")
        self.tell("meter", "set_background", percent=0)
        for device_type in TYPES:
            self.come(device_type)

    def ask(self, method: str, path: str, expected: int, **body: Any) -> Any:
        status, answer = self.service.request(method, path, body or None)
        assert status == expected, answer
        return answer

    def create(self, device_id: str, device_type: str) -> None:
        about = {"device_id": device_id, "device_type": device_type, "name": device_id}
        self.ask("POST", "/api/v1/devices", 201, **about, location="house", interval=INTERVAL_S)

    def come(self, device_type: str) -> None:
        name = next(self.names)
        self.create(name, device_type)
        self.devices.append(name)

    def go(self, name: str) -> None:
        self.gone += self.energy(name)
        self.devices.remove(name)
        self.ask("DELETE", f"/api/v1/devices/{name}", 204)

    def tell(self, name: str, said: str, **parameters: Any) -> None:
        self.ask("POST", f"/api/v1/devices/{name}/command", 200, **command(said, **parameters))

    def step(self, seconds: float) -> None:
        self.ask("POST", "/api/v1/simulation/step", 200, seconds=seconds)

    def power(self, name: str) -> int:
        return digits(self.ask("GET", f"/api/v1/devices/{name}/readings", 200)["power"])

    def energy(self, name: str) -> int:
        return digits(self.ask("GET", f"/api/v1/devices/{name}/readings", 200)["energy"])

    def check_energy(self) -> None:
        assert self.energy("meter") == self.gone + sum(map(self.energy, self.devices))

    def check(self) -> None:
        assert self.power("meter") == sum(map(self.power, self.devices))
        self.check_energy()


def command(name: str, **parameters: Any) -> dict[str, Any]:
    return {"command": name, "parameters": parameters}


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    with running_mosquitto(tmp_path_factory.mktemp("broker")) as broker:
        yield broker


@pytest.mark.parametrize("seed", [1, 2])
def test_the_main_meter_shows_the_sum_of_its_devices_whatever_happens(
    broker: Mosquitto, tmp_path: Path, seed: int
) -> None:
    environment = {
        "SIMULATION_SPEED": "step",
        "DEFAULT_DEVICES": "false",
        "MQTT_BROKER_PORT": str(broker.port),
        "MQTT_BROKER_HOST": "127.0.0.1",
        "MQTT_USERNAME": USERNAME,
        "MQTT_PASSWORD": PASSWORD,
        "STATE_FILE": str(tmp_path / "state.db"),
    }
    service = Service(tmp_path, environment).start()
    chance = random.Random(seed)
    try:
        house = House(service)
        for _ in range(12):
            house.step(chance.choice([5, 10, 60, 600]))
            house.check()
            one = chance.choice(house.devices)
            match chance.randrange(7):
                case 0:
                    house.come(chance.choice(TYPES))
                case 1 if len(house.devices) > 2:
                    house.go(one)
                case 2:
                    house.tell(one, "set_enabled", enabled=False)
                case 3:
                    house.tell(one, "set_enabled", enabled=True)
                case 4:
                    house.tell(one, "set_online", online=chance.random() < 0.5)
                case 5:
                    house.tell(one, "inject_fault", fault="trip", duration=30)
                case _:
                    assert service.end() == 0
                    service.start()
                    house.check_energy()
        house.step(60)
        house.check()
    finally:
        service.end()
