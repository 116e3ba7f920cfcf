"""Fleets with words of their own, beside those that have the service's."""

import json
from collections.abc import Iterator

import pytest

from tests.dialects.place import Place
from tests.mosquitto import running_mosquitto
from tests.service.process import (
    publish,
    running_service,
    subscribed,
    wait_until,
)

pytestmark = pytest.mark.long(30)

LAMP, NATIVE, HEATER = "z-lighting-000001", "n-hvac-000001", "h-hvac-000001"


@pytest.fixture(scope="module", params=["shared", "per-device"])
def place(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("fleets")
    with (
        running_mosquitto(folder) as broker,
        subscribed(broker.port, topic="#") as heard,
        running_service(
            folder,
            MQTT_BROKER_PORT=broker.port,
            MQTT_CONNECTIONS=request.param,
            SIMULATION_INTERVAL=0.5,
            DEFAULT_DEVICES="false",
        ) as service,
    ):
        found = Place(service, heard, broker.port)
        for name, kind, dialect in (
            ("n", "hvac", None),
            ("z", "lighting", "zigbee2mqtt"),
            ("h", "hvac", "homeassistant"),
        ):
            assert found.fleet(name, kind, dialect)[0] == 202
        yield found


def test_each_fleet_says_it_in_its_words(place: Place) -> None:
    place.wait_at(f"zigbee2mqtt/{LAMP}")
    place.wait_at(f"energy/devices/{NATIVE}/data")
    place.wait_at(f"homeassistant/device/{HEATER}/config")
    place.wait_at(f"energy/devices/{HEATER}/settings")
    topics = {name for name, _ in place.heard.messages}
    assert f"energy/devices/{LAMP}/data" not in topics
    assert f"energy/devices/{NATIVE}/settings" not in topics


def test_each_device_hears_its_own_words_alone(place: Place) -> None:
    place.service.wait_connected()
    for topic in (f"zigbee2mqtt/{LAMP}", f"energy/devices/{NATIVE}/data"):
        place.wait_anew(topic)
    before = place.service.device(LAMP)["base_power"]
    order = {"command": "set_power", "parameters": {"power": 3.25}, "id": "1"}
    for device_id in (LAMP, NATIVE):
        publish(place.port, f"energy/devices/{device_id}/commands", order)
    place.wait_at(f"energy/devices/{NATIVE}/commands/result")
    publish(place.port, f"zigbee2mqtt/{LAMP}/set", {"state": "OFF"})
    wait_until(lambda: place.service.device(LAMP)["enabled"] is False, 20, "the lamp is off")
    assert place.service.device(LAMP)["base_power"] == before
    assert place.service.device(NATIVE)["base_power"] == 3.25


def test_what_is_no_dialect_is_refused_at_its_field(place: Place) -> None:
    for name in ("klingon", "mine.toml", "thingsboard"):
        status, answer = place.fleet("x", "hvac", name)
        if status == 202:  # it goes where each device has its connection
            assert name == "thingsboard"
            place.service.request("DELETE", "/api/v1/fleets/x")
            continue
        assert status == 422
        assert isinstance(answer, dict)
        assert [fault["field"] for fault in answer["errors"]] == ["dialect"]


def test_the_words_outlive_the_service(place: Place) -> None:
    place.service.end()
    place.service.start()
    _, fleet = place.service.request("GET", "/api/v1/fleets/z")
    assert fleet["dialect"] == "zigbee2mqtt"
    _, fleet = place.service.request("GET", "/api/v1/fleets/n")
    assert fleet["dialect"] is None
    place.wait_anew("zigbee2mqtt/z-lighting-000002")
    assert place.service.request("DELETE", "/api/v1/fleets/h")[0] == 202
    topic = f"homeassistant/device/{HEATER}/config"
    place.heard.wait_for(lambda _: json.dumps(place.at(topic)[-1]) in {'""', '"(null)"'})
