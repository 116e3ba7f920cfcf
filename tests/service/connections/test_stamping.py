"""Stamps over a real broker: off by default, and in the place that the setting says."""

import json
from pathlib import Path

from iotmock.verification.stamp import read_stamp, split_field
from tests.mosquitto import free_port, running_mosquitto
from tests.service.process import running_service, subscribed

DATA = "energy/devices/mock-hvac-001/data"
FIELDS = ["device_id", "timestamp", "power", "voltage", "current", "energy", "status", "enabled"]


def received(folder: Path, **settings: object) -> list[list[str]]:
    """Return three data messages of a device, each with its user properties."""
    with (
        running_mosquitto(folder) as broker,
        subscribed(broker.port, "-V", "5", "-F", "%t [%P] %p", topic=DATA) as subscriber,
        running_service(folder, MQTT_BROKER_PORT=broker.port, SIMULATION_INTERVAL=0.2, **settings),
    ):
        subscriber.wait_for(lambda s: len(s.messages) >= 3)
        return [text.removeprefix("[").split("] ", 1) for _, text in subscriber.messages[:3]]


def test_without_the_setting_no_message_has_a_stamp(tmp_path: Path) -> None:
    for properties, payload in received(tmp_path):
        assert properties == ""
        assert list(json.loads(payload)) == FIELDS


def test_a_user_property_numbers_the_messages(tmp_path: Path) -> None:
    messages = received(tmp_path, MQTT_STAMP="properties", MQTT_STAMP_RUN="r1")
    stamps = [read_stamp(text.removeprefix("stamp:").encode()) for text, _ in messages]
    assert [(s.run, s.number, s.mark) for s in stamps] == [(b"r1", n, b"") for n in (1, 2, 3)]
    assert all(s.sent_us >= s.due_us for s in stamps)
    assert list(json.loads(messages[0][1])) == FIELDS


def test_a_field_numbers_the_messages(tmp_path: Path) -> None:
    messages = received(tmp_path, MQTT_STAMP="json", MQTT_PROTOCOL="3.1.1")
    fields = [split_field(payload.encode()) for _, payload in messages]
    assert [read_stamp(found[0]).number for found in fields if found] == [1, 2, 3]
    assert list(json.loads(messages[0][1])) == [*FIELDS, "stamp"]


def test_a_broker_without_properties_is_said(tmp_path: Path) -> None:
    settings = {"MQTT_BROKER_PORT": free_port(), "MQTT_STAMP": "properties"}
    with running_service(tmp_path, **settings) as service:  # the embedded broker speaks 3.1.1
        assert "use MQTT_STAMP=json" in service.log
        assert not service.is_connected()
