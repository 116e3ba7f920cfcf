"""The whole service in a process of its own, against real brokers and real signals."""

import json
import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.mosquitto import Mosquitto, free_port, running_mosquitto
from tests.service.process import (
    Service,
    Subscriber,
    command,
    publish,
    running_service,
    subscribed,
    wait_until,
)

pytestmark = pytest.mark.long(45)
FIVE = [
    "mock-hvac-001",
    "mock-lighting-001",
    "mock-server-001",
    "mock-industrial-001",
    "mock-appliance-001",
]
DATA = ["device_id", "timestamp", "power", "voltage", "current", "energy", "status", "enabled"]


@contextmanager
def with_mosquitto(folder: Path, **environment: Any) -> Iterator[tuple[Mosquitto, Service]]:
    (folder / "broker").mkdir()
    with running_mosquitto(folder / "broker") as broker:
        environment = {
            "MQTT_BROKER_HOST": broker.host,
            "MQTT_BROKER_PORT": broker.port,
        } | environment
        with running_service(folder, **environment) as service:
            yield broker, service


@pytest.mark.parametrize("protocol", ["3.1.1", "5"])
@pytest.mark.parametrize("embedded", [True, False])
def test_five_devices_stream_and_take_commands(
    tmp_path: Path, protocol: str, embedded: bool
) -> None:
    (tmp_path / "broker").mkdir()
    with running_mosquitto(tmp_path / "broker") as mosquitto:
        port = free_port() if embedded else mosquitto.port
        chosen = {"MQTT_BROKER_PORT": port, "MQTT_PROTOCOL": protocol, "SIMULATION_INTERVAL": 1}
        with running_service(tmp_path, **chosen) as service, subscribed(port) as heard:
            assert ("embedded broker listens" in service.log) == embedded
            heard.wait_for(lambda s: all(s.data(name) for name in FIVE))
            assert all(list(heard.data(name)[0]) == DATA for name in FIVE)
            assert all(heard.statuses(name)[0]["status"] == "online" for name in FIVE)
            command(service, port, "mock-hvac-001", "set_power", power=7.5)
            heard.wait_for(lambda s: s.results("mock-hvac-001"))
            assert heard.results("mock-hvac-001")[0]["status"] == "applied"
            assert service.device("mock-hvac-001")["base_power"] == 7.5


def test_an_mqtt_5_request_is_answered_at_its_response_topic(tmp_path: Path) -> None:
    request = ["-V", "5", "-D", "publish", "response-topic", "my/inbox"]
    request += ["-D", "publish", "correlation-data", "42"]
    with with_mosquitto(tmp_path) as (broker, service):
        service.wait_connected()
        with subscribed(broker.port, "-V", "5", "-F", "%t %D %p", topic="#") as heard:
            heard.wait_for(lambda s: s.messages)
            command(service, broker.port, FIVE[0], "reset_energy", *request)
            heard.wait_for(lambda s: any(topic == "my/inbox" for topic, _ in s.messages))
    (answer,) = [content for topic, content in heard.messages if topic == "my/inbox"]
    assert answer.startswith("42 ")
    assert '"status":"applied"' in answer


def test_it_serves_without_a_broker_and_streams_once_there_is_one(tmp_path: Path) -> None:
    port = free_port()
    environment = {"MQTT_BROKER_PORT": port, "MQTT_EMBEDDED_BROKER": "off"}
    with running_service(tmp_path, SIMULATION_INTERVAL=0.5, **environment) as service:
        health = service.request("GET", "/health")[1]
        assert (health["status"], health["devices"]) == ("degraded", 5)
        wait_until(lambda: service.status()["messages"]["waiting"] > 20, 20, "a backlog")
        broker = Mosquitto(tmp_path, port)
        broker.configure()
        broker.start()
        try:
            with subscribed(port) as heard:
                heard.wait_for(lambda s: all(s.data(name) for name in FIVE), 40)
            wait_until(
                lambda: service.request("GET", "/health")[1]["status"] == "healthy", 20, "well"
            )
            messages = service.status()["messages"]
            assert messages["dropped"] == 0
        finally:
            broker.kill()


def is_healthy(service: Service) -> bool:
    return bool(service.request("GET", "/health")[1]["status"] == "healthy")


def test_counts_are_exact(tmp_path: Path) -> None:
    with with_mosquitto(tmp_path, SIMULATION_INTERVAL=0.2) as (_, service):
        wait_until(lambda: service.status()["messages"]["acknowledged"] > 40, 20, "messages")
        service.request("POST", "/api/v1/simulation/stop")
        wait_until(lambda: service.status()["messages"]["waiting"] == 0, 10, "all acknowledged")
        counts = service.status()["messages"]
        assert counts["accepted"] == counts["acknowledged"]


def test_wrong_credentials_are_told_once_in_plain_words(tmp_path: Path) -> None:
    (tmp_path / "broker").mkdir()
    with running_mosquitto(tmp_path / "broker") as broker:
        environment = {"MQTT_BROKER_PORT": broker.port, "MQTT_PASSWORD": "hunter2"}
        with running_service(tmp_path, **environment) as service:
            wait_until(lambda: service.status()["mqtt"]["last_error"] is not None, 10, "an error")
            broker_log = broker.folder / "mosquitto.log"
            wait_until(lambda: broker_log.read_text().count("not authorised") > 2, 20, "retries")
            assert service.log.count("refused user 'iot_user'") == 1
            assert "hunter2" not in service.log


def test_a_broker_elsewhere_is_never_replaced(tmp_path: Path) -> None:
    environment = {"MQTT_BROKER_HOST": "broker.invalid", "MQTT_BROKER_PORT": free_port()}
    with running_service(tmp_path, **environment) as service:
        assert "embedded" not in service.log


@pytest.mark.parametrize(
    ("environment", "line"),
    [
        ({"PORT": "http"}, "PORT=http is not allowed"),
        ({"STATE_FILE": "/nowhere/x.db"}, "STATE_FILE=/nowhere/x.db"),
        ({"MQTT_TLS": "on", "MQTT_TLS_CA": "no.pem"}, "MQTT_TLS_CA"),
    ],
)
def test_what_stops_the_start_is_one_line(
    tmp_path: Path, environment: dict[str, str], line: str
) -> None:
    service = Service(tmp_path, {"MQTT_BROKER_PORT": str(free_port()), **environment})
    assert service.run() == 2
    assert service.log.startswith("iotmock: ")
    assert line in service.log
    assert service.log.count("\n") == 1


def test_a_taken_http_port_is_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert Service(tmp_path, {}, port=taken.getsockname()[1]).run() == 2
    log = (tmp_path / "service.log").read_text()
    assert "is taken: end what has it, or set PORT to another one" in log
    assert log.count("\n") == 1


def last_statuses(heard: Subscriber, names: list[str]) -> set[str]:
    return {heard.statuses(name)[-1]["status"] for name in names if heard.statuses(name)}


def test_sigterm_under_load_ends_in_order_and_energy_goes_on(tmp_path: Path) -> None:
    settings = {"SIMULATION_INTERVAL": 0.2, "SHUTDOWN_TIMEOUT": 60}
    with with_mosquitto(tmp_path, **settings) as (broker, service):
        for number in range(200):
            body = {"device_type": "server", "name": f"S{number}", "interval": 0.2}
            assert service.request("POST", "/api/v1/devices", body)[0] == 201
        names = [f"mock-server-{number:03d}" for number in range(1, 202)]
        with subscribed(broker.port) as heard:
            heard.wait_for(lambda s: len(s.messages) > 1_000, 40)
            assert service.end(signal.SIGTERM, seconds=70) == 0
            heard.wait_for(lambda s: last_statuses(s, names) == {"offline"})
            before = {name: heard.data(name)[-1]["energy"] for name in names if heard.data(name)}
        assert "Traceback" not in service.log
        service.start()
        with subscribed(broker.port) as heard:
            heard.wait_for(lambda s: all(s.data(name) for name in before), 40)
            assert all(heard.data(name)[0]["energy"] >= before[name] for name in before)
        assert service.total() == 205


def test_after_a_kill_no_counter_goes_backwards_and_the_broker_says_offline(
    tmp_path: Path,
) -> None:
    with with_mosquitto(tmp_path, SIMULATION_INTERVAL=0.5) as (broker, service):
        with subscribed(broker.port) as heard:
            heard.wait_for(lambda s: all(len(s.data(name)) > 10 for name in FIVE), 40)
            service.end(signal.SIGKILL)
            heard.wait_for(lambda s: s.mock_statuses()[-1] == "offline")
            last = {name: heard.data(name)[-1] for name in FIVE}
        service.start()
        with subscribed(broker.port) as heard:
            heard.wait_for(lambda s: all(s.data(name) for name in FIVE))
            for name in FIVE:
                gained = heard.data(name)[0]["energy"] - last[name]["energy"]
                assert 0 <= gained <= 3.0 * 120 * 20 / 3600


def test_a_second_kill_soon_after_a_first_takes_nothing_back(tmp_path: Path) -> None:
    environment = {"MQTT_BROKER_PORT": free_port(), "MQTT_EMBEDDED_BROKER": "off"}
    path = "/api/v1/devices/mock-industrial-001/readings"
    with running_service(tmp_path, SIMULATION_INTERVAL=0.2, **environment) as service:
        shown = 0.0
        for _ in range(4):
            wait_until(lambda: service.status()["ticks"]["done"] > 20, 10, "readings")
            assert (energy := service.request("GET", path)[1]["energy"]) >= shown
            service.end(signal.SIGKILL)
            service.start()
            assert (shown := service.request("GET", path)[1]["energy"]) >= energy


def test_the_platforms_devices_are_mirrored(tmp_path: Path) -> None:
    def event(action: str, device_id: str, **device_data: object) -> None:
        content = {
            "event_type": action,
            "device_id": device_id,
            "timestamp": "2025-08-09T16:30:00Z",
            "device_data": {"id": device_id, "status": "online"} | device_data,
        }
        publish(broker.port, f"energy/events/devices/{device_id}/{action}", content)

    with with_mosquitto(tmp_path) as (broker, service):
        service.wait_connected()
        event("device.deleted", "9")
        event("device.created", "7", name="Pump", type="meter", base_power=None, base_voltage=None)
        event("device.created", "7", name="Pump", type="meter", base_power=None, base_voltage=None)
        event("device.created", "8", name="AC", type="hvac", location="Roof", base_power=9.5)
        wait_until(lambda: service.total() == 7, 10, "two mirrored devices")
        pump, cooler = service.device("mock-real-7"), service.device("mock-real-8")
        assert (pump["device_type"], pump["base_power"]) == ("appliance", 3.0)
        assert (cooler["device_type"], cooler["base_power"]) == ("hvac", 9.5)
        assert (cooler["base_voltage"], cooler["location"]) == (240.0, "Roof")
        event("device.updated", "8", name="AC 2", base_power=4.0)
        wait_until(lambda: service.device("mock-real-8")["name"] == "AC 2", 10, "the update")
        event("device.created", "bad id", name="x", type="hvac")
        publish(broker.port, "energy/events/devices/5/device.created", "no json")
        event("device.deleted", "7")
        event("device.deleted", "7")
        wait_until(lambda: service.total() == 6, 10, "the deletion")
        assert service.status()["messages"]["platform_events"]["invalid"] == 2


def test_a_deleted_device_leaves_no_retained_status(tmp_path: Path) -> None:
    with with_mosquitto(tmp_path) as (broker, service):
        service.wait_connected()
        assert service.request("DELETE", f"/api/v1/devices/{FIVE[0]}")[0] == 204
        wait_until(lambda: service.status()["messages"]["waiting"] == 0, 10, "delivered")
        with subscribed(broker.port) as heard:
            heard.wait_for(lambda s: all(s.statuses(name) for name in FIVE[1:]))
            assert heard.statuses(FIVE[0]) == []


def test_a_retained_command_is_not_carried_out_at_every_connect(tmp_path: Path) -> None:
    (tmp_path / "broker").mkdir()
    with running_mosquitto(tmp_path / "broker") as broker:
        topic = f"energy/devices/{FIVE[0]}/commands"
        publish(broker.port, topic, {"command": "set_power", "parameters": {"power": 1}}, "-r")
        for protocol in ("3.1.1", "5"):
            environment = {"MQTT_BROKER_PORT": broker.port, "MQTT_PROTOCOL": protocol}
            with running_service(tmp_path, STATE_FILE=":memory:", **environment) as service:
                with subscribed(broker.port) as heard:
                    command(service, broker.port, FIVE[1], "reset_energy")
                    heard.wait_for(lambda s: s.results(FIVE[1]))
                assert service.device(FIVE[0])["base_power"] == 25.0
                service.end()


def test_logs_can_be_json(tmp_path: Path) -> None:
    environment = {"MQTT_BROKER_PORT": free_port(), "LOG_FORMAT": "json"}
    with running_service(tmp_path, **environment) as service:
        service.end()
        events = [json.loads(line)["event"] for line in service.log.splitlines()]
    assert events[-1] == "stopped"


def test_the_embedded_broker_is_started_again_when_it_dies(tmp_path: Path) -> None:
    port = free_port()
    with running_service(tmp_path, MQTT_BROKER_PORT=port, SIMULATION_INTERVAL=0.5) as service:
        service.wait_connected()
        (child,) = service.children()
        os.kill(child, signal.SIGKILL)
        wait_until(lambda: service.status()["mqtt"]["connects"] >= 2, 40, "a second connection")
        assert "the embedded broker died" in service.log
        with subscribed(port) as heard:
            heard.wait_for(lambda s: all(s.data(name) for name in FIVE))
