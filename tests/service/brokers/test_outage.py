"""A broker that goes away for 20 s under 1,000 devices: nothing is lost, nothing out of order."""

import itertools
import time
from pathlib import Path

import pytest

from tests.mosquitto import Mosquitto, running_mosquitto
from tests.patience import LATE
from tests.service.process import Service, missing_ticks, running_service, subscribed, wait_until

pytestmark = pytest.mark.long(30)
DEVICES = 1_000
OUTAGE_S = 20.0
COMMAND = {"command": "set_voltage", "parameters": {"voltage": 235}}


def create_fleet(service: Service) -> None:
    types = itertools.cycle(("hvac", "lighting", "server", "industrial", "appliance"))
    for number, device_type in zip(range(DEVICES), types, strict=False):
        body = {"device_type": device_type, "name": "F", "device_id": f"f{number}", "interval": 1}
        assert service.request("POST", "/api/v1/devices", body)[0] == 201


def keep_asking(service: Service, seconds: float) -> int:
    """Ask over REST for a while; every answer must come."""
    deadline, answers = time.monotonic() + seconds, 0
    while time.monotonic() < deadline:
        assert service.request("GET", "/api/v1/devices?limit=5")[0] == 200
        device = f"/api/v1/devices/f{answers % DEVICES}"
        assert service.request("POST", f"{device}/command", COMMAND)[0] == 200
        answers += 1
    return answers


def seconds_of(readings: list[dict[str, str]]) -> list[str]:
    return [reading["timestamp"] for reading in readings]


def missing_in(timestamps: list[str]) -> int:
    """Return how many seconds have no reading; first occurrences are in order."""
    firsts = dict.fromkeys(timestamps)
    moments = [time.mktime(time.strptime(stamp, "%Y-%m-%dT%H:%M:%SZ")) for stamp in firsts]
    return missing_ticks(moments, 1.0)


def wait_flowing(service: Service, broker: Mosquitto) -> None:
    wait_until(service.is_connected, 40, f"connected to {broker.port}")
    wait_until(lambda: service.status()["messages"]["waiting"] < 600, 40, "the backlog is out")


def test_no_message_is_lost_while_the_broker_is_away(tmp_path: Path) -> None:
    (tmp_path / "broker").mkdir()
    lines = ("persistence true", f"persistence_location {tmp_path}/broker/")
    with running_mosquitto(tmp_path / "broker", *lines) as broker:
        # A subscriber whose session the broker keeps: what reaches the broker reaches the test.
        session = ("-c", "-i", "watcher")
        environment = {"MQTT_BROKER_PORT": broker.port, "DEFAULT_DEVICES": "false"}
        with (
            running_service(tmp_path, STATE_FILE=":memory:", **environment) as service,
            subscribed(broker.port, *session, topic="energy/devices/+/data") as heard,
        ):
            create_fleet(service)
            heard.wait_for(lambda s: len(s.messages) > 2 * DEVICES)
            broker.stop()
            assert keep_asking(service, OUTAGE_S) > OUTAGE_S / LATE
            broker.start()
            wait_flowing(service, broker)
            count = len(heard.messages)
            heard.wait_for(lambda s: len(s.messages) > count + DEVICES, 40)
            service.request("POST", "/api/v1/simulation/stop")
            wait_until(lambda: service.status()["messages"]["waiting"] == 0, 40, "all is out")
            counts = service.status()
            heard.wait_for(lambda s: len(set(s.messages)) >= counts["ticks"]["done"], 40)
        assert counts["messages"]["dropped"] == 0
        streams: dict[str, list[str]] = {}
        for topic, _ in heard.messages:
            streams.setdefault(topic.split("/")[2], [])
        missing = sum(missing_in(seconds_of(heard.data(name))) for name in streams)
        assert missing <= counts["ticks"]["coalesced"]
        assert len(streams) == DEVICES
        assert len(set(heard.messages)) == counts["ticks"]["done"]
