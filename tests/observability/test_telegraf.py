"""Telegraf's configuration, applied to what the real service sends; it is not at hand itself."""

import json
from collections.abc import Iterator

import pytest

from iotmock.soak.scenario.expectations import Influx
from tests.mosquitto import running_mosquitto
from tests.observability.telegraf import CONFIGURATION, INPUTS, Point, input_of, point, schema
from tests.service.process import Subscriber, command, running_service, subscribed

HVAC = "mock-hvac-001"
DATA, FAULTS = (f"energy/devices/{HVAC}/{what}" for what in ("data", "faults"))


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Subscriber]:
    """Data, and a fault that begins and ends."""
    folder = tmp_path_factory.mktemp("service")
    settings = {"FAULT_TOPIC": "on", "SIMULATION_INTERVAL": 0.5, "STATE_FILE": ":memory:"}
    with (
        running_mosquitto(folder) as broker,
        running_service(folder, MQTT_BROKER_PORT=broker.port, **settings) as service,
        subscribed(broker.port) as subscriber,
    ):
        subscriber.wait_for(lambda s: s.data(HVAC))
        command(service, broker.port, HVAC, "inject_fault", fault="stuck", fault_id="mine")
        subscriber.wait_for(lambda s: s.at(FAULTS))
        command(service, broker.port, HVAC, "clear_fault", fault_id="mine")
        subscriber.wait_for(lambda s: [one["state"] for one in s.at(FAULTS)][-1] == "ended")
        yield subscriber


def points(heard: Subscriber, topic: str) -> list[Point]:
    return [point(topic, payload) for name, payload in heard.messages if name == topic]


def test_a_reading_is_a_point_of_its_device_and_time(heard: Subscriber) -> None:
    message, first = heard.data(HVAC)[0], points(heard, DATA)[0]
    assert first.measurement == "energy"
    assert first.tags == {"device_id": HVAC, "group": "mock-hvac"}
    assert first.fields == {
        name: message[name] for name in ("power", "voltage", "current", "energy")
    }
    assert first.time > 1.7e9


def test_a_fault_is_one_point_which_learns_its_end(heard: Subscriber) -> None:
    *_, begun, ended = told = points(heard, FAULTS)
    assert begun.tags == {
        "device_id": HVAC, "group": "mock-hvac", "fault": "stuck", "kind": "meter",
    }  # fmt: skip
    assert begun.fields == {"fault_id": "mine", "state": "active", "cause": "request"}
    assert ended.fields["state"] == "ended"
    assert isinstance(ended.fields["end"], str)
    assert len({(one.measurement, one.time, *one.tags.values()) for one in told}) == 1


def test_every_message_goes_to_the_input_that_it_is_for(heard: Subscriber) -> None:
    assert (input_of(DATA)["alias"], input_of(FAULTS)["alias"]) == ("energy", "faults")
    assert len({one["client_id"] for one in INPUTS.values()}) == len(INPUTS)
    assert {one["qos"] for one in INPUTS.values()} == {1}
    assert all(one["topic_tag"] == "" for one in INPUTS.values())


@pytest.mark.parametrize(
    ("device_id", "group"),
    [
        ("mock-hvac-001", "mock-hvac"),
        ("stored-roof-000007", "stored-roof"),
        ("pump", "pump"),
        ("3", "3"),
    ],
)
def test_a_group_is_the_id_without_its_number(
    heard: Subscriber, device_id: str, group: str
) -> None:
    payload = json.dumps(heard.data(HVAC)[0] | {"device_id": device_id})
    assert point(DATA, payload).tags["group"] == group


def test_it_writes_what_a_soak_looks_for_by_default() -> None:
    (output,) = CONFIGURATION["outputs"]["influxdb_v2"]
    assert (output["organization"], output["bucket"]) == ("energy", "energy")
    tags, fields = schema("energy")
    usual = Influx(url="http://localhost:8086", version=2)
    assert (usual.measurement, usual.device_tag in tags, usual.field in fields) == (
        "energy",
        True,
        True,
    )
    assert CONFIGURATION["agent"]["omit_hostname"]
