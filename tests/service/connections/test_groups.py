"""A command for a location, over a real broker, in every way to connect."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.mosquitto import Mosquitto, running_mosquitto
from tests.service.process import Subscriber, publish, running_service, subscribed

PLACES = {"a": "Dach Süd", "b": "Dach Süd", "c": "Cellar"}


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    with running_mosquitto(tmp_path_factory.mktemp("mosquitto")) as broker:
        yield broker


@pytest.mark.parametrize("model", ["shared", "pool:2", "per-device"])
def test_all_devices_of_a_location_carry_a_command_out(
    broker: Mosquitto, tmp_path: Path, model: str
) -> None:
    with (
        subscribed(broker.port) as heard,
        running_service(
            tmp_path,
            MQTT_BROKER_PORT=broker.port,
            MQTT_CONNECTIONS=model,
            DEFAULT_DEVICES="false",
        ) as service,
    ):
        for name, location in PLACES.items():
            body = {"device_type": "hvac", "name": name, "device_id": name, "location": location}
            assert service.request("POST", "/api/v1/devices", body)[0] == 201
        service.wait_connected()
        content = {"command": "set_base_power", "parameters": {"power": 3.0}}
        publish(broker.port, "energy/groups/Dach Süd/commands", content)
        for name in ("a", "b"):
            heard.wait_for(partial(Subscriber.results, device_id=name))
            assert heard.results(name)[0]["changes"] == {"base_power": [25.0, 3.0]}
            assert service.device(name)["base_power"] == 3.0
        assert service.device("c")["base_power"] == 25.0
