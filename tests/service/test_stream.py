"""The stream of a whole service, beside what a broker hears."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any

import pytest

from tests.mosquitto import running_mosquitto
from tests.patience import SLACK
from tests.service.process import (
    Service,
    Subscriber,
    command,
    publish,
    running_service,
    subscribed,
    wait_until,
)

pytestmark = pytest.mark.long(8)
DEVICE = "mock-hvac-001"
TOKEN = "a-token-of-some-length"


@contextmanager
def listening(service: Service, query: str) -> Iterator[HTTPResponse]:
    connection = HTTPConnection("127.0.0.1", service.port, timeout=20 * SLACK)
    headers = {"Authorization": f"Bearer {TOKEN}"}
    connection.request("GET", f"/api/v1/stream{query}", headers=headers)
    answer = connection.getresponse()
    assert answer.status == 200
    assert answer.readline() == b"retry: 2000\n"
    try:
        yield answer
    finally:
        connection.close()


def next_data(answer: HTTPResponse) -> Any:
    """Return the data of the next event."""
    while not (line := answer.readline()).startswith(b"data: "):
        assert line, "the stream has ended"
    return json.loads(line.removeprefix(b"data: "))


def status_without_token(service: Service) -> int:
    connection = HTTPConnection("127.0.0.1", service.port, timeout=10 * SLACK)
    connection.request("GET", "/api/v1/stream")
    return connection.getresponse().status


def wait_heard(heard: Subscriber, sent: tuple[str, str]) -> None:
    heard.wait_for(lambda s: sent in s.messages)


def test_the_stream_tells_what_the_broker_hears_and_ends_with_the_service(tmp_path: Path) -> None:
    (tmp_path / "broker").mkdir()
    with running_mosquitto(tmp_path / "broker") as broker:
        settings = {
            "MQTT_BROKER_HOST": broker.host,
            "MQTT_BROKER_PORT": broker.port,
            "SIMULATION_INTERVAL": 0.5,
            "API_TOKEN": TOKEN,
        }
        with (
            running_service(tmp_path, **settings) as service,
            subscribed(broker.port) as heard,
            listening(service, f"?kind=reading&device_id={DEVICE}") as readings,
            listening(service, "?kind=command") as results,
        ):
            assert status_without_token(service) == 401
            reading = next_data(readings)
            heard.wait_for(lambda s: reading in s.data(DEVICE))
            order = {"command": "set_power", "parameters": {"power": 7.0}}
            publish(broker.port, f"energy/devices/{DEVICE}/commands", order)
            result = next_data(results)
            heard.wait_for(lambda s: result in s.results(DEVICE))
            assert service.end(seconds=10) == 0
            assert results.read().strip() == b""  # not cut off, but at its end


def test_a_devices_last_messages_are_those_that_the_broker_heard(tmp_path: Path) -> None:
    (tmp_path / "broker").mkdir()
    with running_mosquitto(tmp_path / "broker") as broker:
        settings = {
            "MQTT_BROKER_HOST": broker.host,
            "MQTT_BROKER_PORT": broker.port,
            "SIMULATION_INTERVAL": 0.5,
        }
        with running_service(tmp_path, **settings) as service, subscribed(broker.port) as heard:
            path = f"/api/v1/devices/{DEVICE}/messages"

            def messages() -> list[Any]:
                return list(service.request("GET", path)[1]["messages"])

            messages()
            command(service, broker.port, DEVICE, "reset_energy")
            wait_until(lambda: len({m["topic"] for m in messages()}) == 2, 10, "a result and data")
            for message in messages():
                wait_heard(heard, (message["topic"], message["payload"]))
