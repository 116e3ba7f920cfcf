"""The limits of a real mosquitto, which in MQTT 3.1.1 it does not name."""

from pathlib import Path

import pytest

from tests.mosquitto import PASSWORD, USERNAME, free_port, running_mosquitto
from tests.service.process import Service, command, running_service, subscribed, wait_until

DEVICE = "mock-hvac-001"
SLASHES = "/".join("x" * 211)


@pytest.mark.parametrize(("model", "protocol"), [("shared", "5"), ("per-device", "3.1.1")])
@pytest.mark.parametrize(
    ("line", "qos", "retained"),
    [("retain_available false", 2, False), ("max_qos 0", 0, True), ("max_qos 1", 1, True)],
)
def test_data_flows_within_the_limits(
    tmp_path: Path, model: str, protocol: str, line: str, qos: int, retained: bool
) -> None:
    (tmp_path / "broker").mkdir()
    with (
        running_mosquitto(tmp_path / "broker", line) as broker,
        subscribed(broker.port, topic="energy/devices/+/data") as heard,
        running_service(
            tmp_path,
            MQTT_BROKER_PORT=broker.port,
            MQTT_PROTOCOL=protocol,
            MQTT_CONNECTIONS=model,
            MQTT_QOS=2,
            SIMULATION_INTERVAL=0.2,
        ) as service,
    ):
        heard.wait_for(lambda s: len(s.data(DEVICE)) > 5, 40)
        wait_until(lambda: service.status()["mqtt"]["qos"] == qos, 40, "the QoS is shown")
        wait_until(lambda: service.status()["mqtt"]["retained"] == retained, 20, "retain is shown")
        before = len(heard.data(DEVICE))
        heard.wait_for(lambda s: len(s.data(DEVICE)) > before + 5, 40)
        wait_until(lambda: few_are_refused(service), 40, "no more is refused, once it is known")


@pytest.mark.parametrize("model", ["shared", "pool:2", "per-device"])
def test_nothing_is_retained_over_a_websocket_in_3_1_1(tmp_path: Path, model: str) -> None:
    (tmp_path / "broker").mkdir()
    plain, port = free_port(), free_port()
    lines = (f"listener {plain} 127.0.0.1", f"listener {port}", "bind_interface lo")
    limits = ("protocol websockets", "retain_available false")
    with (
        running_mosquitto(tmp_path / "broker", *lines, *limits, port=plain),
        subscribed(plain, topic="energy/devices/+/data") as heard,
        running_service(
            tmp_path,
            MQTT_BROKER_URL=f"ws://{USERNAME}:{PASSWORD}@127.0.0.1:{port}",
            MQTT_PROTOCOL="3.1.1",
            MQTT_CONNECTIONS=model,
            SIMULATION_INTERVAL=0.2,
        ) as service,
    ):
        heard.wait_for(lambda s: len(s.data(DEVICE)) > 5, 40)
        wait_until(lambda: not service.status()["mqtt"]["retained"], 20, "it is shown")


def few_are_refused(service: Service) -> bool:
    counts = service.status()["messages"]
    return bool(counts["refused"] <= 0.05 * counts["accepted"])


def test_a_message_that_mosquitto_closes_for_is_given_up(tmp_path: Path) -> None:
    """In MQTT 3.1.1 it names no maximum: one status, which is a little too large, stopped all."""
    (tmp_path / "broker").mkdir()
    with (
        running_mosquitto(tmp_path / "broker", "max_packet_size 250") as broker,
        running_service(
            tmp_path,
            MQTT_BROKER_PORT=broker.port,
            MQTT_PROTOCOL="3.1.1",
            SIMULATION_INTERVAL=60,
            DEFAULT_DEVICES="false",
        ) as service,
    ):
        body = {"device_type": "hvac", "name": "x", "device_id": "d" * 64}
        assert service.request("POST", "/api/v1/devices", body)[0] == 201
        service.request("POST", f"/api/v1/devices/{'d' * 64}/simulate")
        wait_until(lambda: "a message was given up" in service.log, 40, "the message is given up")
        small = {"device_type": "hvac", "name": "y", "device_id": "s"}
        assert service.request("POST", "/api/v1/devices", small)[0] == 201
        wait_until(
            lambda: service.status()["messages"]["waiting"] == 0, 40, "the others are delivered"
        )


def test_a_response_topic_of_too_many_levels_is_no_lever(tmp_path: Path) -> None:
    (tmp_path / "broker").mkdir()
    with (
        running_mosquitto(tmp_path / "broker") as broker,
        subscribed(broker.port) as heard,
        running_service(tmp_path, MQTT_BROKER_PORT=broker.port) as service,
    ):
        more = ("-V", "5", "-D", "publish", "response-topic", SLASHES)
        command(service, broker.port, DEVICE, "reset_energy", *more)
        heard.wait_for(lambda s: s.results(DEVICE))
        assert heard.results(DEVICE)[0]["status"] == "rejected"
        assert service.status()["mqtt"]["connects"] == 1
