"""Devices that come, go, fail and are deleted, as a host sees them; and the end, by protocol."""

import json
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.dialects.sparkplug.host import Host, listening
from tests.dialects.sparkplug.test_with_broker import DEVICES, all_alive, started
from tests.mosquitto import Mosquitto, running_mosquitto
from tests.service.process import Service, subscribed, wait_until

pytestmark = pytest.mark.long(30)
DEVICE = "mock-hvac-001"


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    with running_mosquitto(tmp_path_factory.mktemp("broker")) as broker:
        yield broker


def inject(service: Service, fault: str, seconds: float, **parameters: object) -> None:
    request = {
        "fault": fault,
        "duration": seconds,
        "parameters": parameters,
        "selector": {"ids": [DEVICE]},
    }
    status, answer = service.request("POST", "/api/v1/faults", request)
    assert status in {200, 201, 202}, answer


def test_devices_come_and_go_without_a_new_session(tmp_path: Path, broker: Mosquitto) -> None:
    with listening(broker.port) as host, started(tmp_path, broker, "shared") as service:
        host.wait_for(all_alive)
        before = len(host.messages)
        new = {"device_type": "server", "name": "Rack", "device_id": "rack.1"}
        assert service.request("POST", "/api/v1/devices", new)[0] == 201
        host.wait_said("DBIRTH", "rack.1", before)
        host.wait_said("DDATA", "rack.1", before)
        assert service.request("DELETE", "/api/v1/devices/rack.1")[0] == 204
        host.wait_said("DDEATH", "rack.1", before)
        _is_cut_off_and_comes_back(host, service)
        _shows_what_was_sent(host, service)
        assert len(host.said("NBIRTH")) == 1
        assert host.faults == []


def _shows_what_was_sent(host: Host, service: Service) -> None:
    path = f"/api/v1/devices/{DEVICE}/messages"
    service.request("GET", path)
    host.wait_said("DDATA", DEVICE, len(host.look()))

    def shown() -> list[dict[str, str]]:
        found: list[dict[str, str]] = service.request("GET", path)[1]["messages"]
        return found

    wait_until(lambda: bool(shown()), 10.0, "a message is shown")
    said = json.loads(shown()[0]["payload"])
    assert {"power", "energy"} < said["metrics"].keys()
    assert isinstance(said["timestamp"], int)


def _is_cut_off_and_comes_back(host: Host, service: Service) -> None:
    before = len(host.look())
    inject(service, "outage", 3.0, order="newest_first")
    host.wait_said("DDEATH", DEVICE, before)
    dead = len(host.messages)
    host.wait_said("DBIRTH", DEVICE, dead)
    late = host.wait_for(
        lambda host: [one for one in host.messages[dead:] if one.is_historical] or None
    )
    assert {one.device for one in late} == {DEVICE}


def test_a_device_of_its_own_connection_that_is_cut_off_is_declared_dead_by_its_will(
    tmp_path: Path, broker: Mosquitto
) -> None:
    with listening(broker.port) as host, started(tmp_path, broker, "per-device") as service:
        host.wait_for(all_alive)
        before = len(host.messages)
        inject(service, "outage", 2.0)
        host.wait_said("NDEATH", since=before)
        host.wait_said("NBIRTH", since=before, values={"bdSeq": 1})
        host.wait_for(all_alive)
        assert host.said("DDEATH") == []
        assert host.faults == []


def test_what_faults_do_to_messages_leaves_their_numbers_whole(
    tmp_path: Path, broker: Mosquitto
) -> None:
    with listening(broker.port) as host, started(tmp_path, broker, "shared") as service:
        host.wait_for(all_alive)
        inject(service, "duplicate", 60.0, probability=1.0, copies=3)
        inject(service, "reorder", 60.0, probability=0.5)
        host.wait_for(lambda host: _of_device(host) >= 20)
        assert host.faults == []


def _of_device(host: Host) -> int:
    return sum(one.device == DEVICE for one in host.said("DDATA"))


def test_a_fleet_speaks_it_beside_others_where_each_device_has_a_connection(
    tmp_path: Path, broker: Mosquitto
) -> None:
    native: dict[str, Any] = {"DIALECT": "native", "MQTT_QOS": 1}
    fleet = {
        "name": "p",
        "dialect": "sparkplug",
        "groups": [{"device_type": "hvac", "count": 2}],
    }
    with (
        listening(broker.port) as host,
        subscribed(broker.port, "-F", "%t %q", topic="spBv1.0/#") as manners,
        started(tmp_path, broker, "per-device", **native) as service,
    ):
        status, answer = service.request("POST", "/api/v1/fleets", fleet)
        assert status in {201, 202}, answer
        for device in ("p-hvac-000001", "p-hvac-000002"):
            host.wait_said("DBIRTH", device)
            host.wait_said("DDATA", device)
        assert service.request("DELETE", "/api/v1/fleets/p")[0] in {202, 204}
        host.wait_for(lambda host: not host.edges)
        assert host.faults == []
        at_qos_1 = {topic for topic, qos in manners.messages if qos != "0"}
        assert {topic.split("/")[2] for topic in at_qos_1} <= {"NDEATH"}


@pytest.mark.parametrize("protocol", ["5", "3.1.1"])
@pytest.mark.parametrize("model", ["shared", "per-device"])
def test_at_the_end_each_edge_node_dies_once(
    tmp_path: Path, broker: Mosquitto, model: str, protocol: str
) -> None:
    settings: dict[str, Any] = {"MQTT_PROTOCOL": protocol}
    with listening(broker.port) as host, started(tmp_path, broker, model, **settings) as service:
        host.wait_for(all_alive)
        nodes = set(host.edges)
        assert service.end(signal.SIGTERM) == 0
        host.wait_for(lambda host: not host.edges)
        assert {one.device for one in host.said("DDEATH")} == DEVICES
        assert sorted(one.node for one in host.said("NDEATH")) == sorted(nodes)
        assert host.faults == []
