"""READING=full in a real service: what a fleet asks for is said over MQTT and REST, and stays."""

import json
from pathlib import Path

import pytest

from iotmock.model.measures.full_reading import BASIC
from tests.mosquitto import PASSWORD, USERNAME, running_mosquitto
from tests.service.process import Service, subscribed, wait_until

pytestmark = pytest.mark.long(10)
DATA = "energy/devices/+/data"


def fields_of(service: Service, device_id: str) -> list[str]:
    return list(service.request("GET", f"/api/v1/devices/{device_id}/readings")[1])


def test_a_fleet_may_ask_for_more_than_the_service_says(tmp_path: Path) -> None:
    with running_mosquitto(tmp_path) as broker:
        environment = {
            "MQTT_BROKER_PORT": str(broker.port),
            "MQTT_BROKER_HOST": "127.0.0.1",
            "MQTT_USERNAME": USERNAME,
            "MQTT_PASSWORD": PASSWORD,
            "STATE_FILE": str(tmp_path / "state.db"),
            "SIMULATION_SPEED": "step",
        }
        service = Service(tmp_path, environment).start()
        try:
            groups = [{"device_type": "hvac", "count": 1}]
            body = {"name": "f", "groups": groups, "reading": "full"}
            status, answer = service.request("POST", "/api/v1/fleets", body)
            assert (status, answer["reading"]) == (202, "full")
            for _ in range(2):
                wait_until(lambda: service.total() == 6, 10, "the fleet stands")
                with subscribed(broker.port, topic=DATA) as heard:
                    service.request("POST", "/api/v1/simulation/step", {"seconds": 5})
                    heard.wait_for(lambda s: len(s.messages) >= 6)
                said = {
                    topic.split("/")[2]: list(json.loads(payload))
                    for topic, payload in heard.messages
                }
                assert said["mock-hvac-001"] == list(BASIC)
                assert said["f-hvac-000001"][: len(BASIC)] == list(BASIC)
                assert {"power_l3", "energy_export", "tariff"} < set(said["f-hvac-000001"])
                assert fields_of(service, "f-hvac-000001") == said["f-hvac-000001"]
                assert fields_of(service, "mock-hvac-001") == said["mock-hvac-001"]
                assert service.end() == 0
                service.start()
        finally:
            service.end()
