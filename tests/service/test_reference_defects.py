"""The defects of the implementation that this service replaces (facts.md, the end), each a test."""

from pathlib import Path

import pytest
import trio
from trio.testing import MockClock

from iotmock.actors.messages import Kind
from tests.actors.rig import assemble, running
from tests.mosquitto import free_port, running_mosquitto
from tests.service.process import command, running_service, subscribed, wait_until


@pytest.mark.trio
async def test_the_interval_does_not_drift_by_the_work_it_contains(
    autojump_clock: MockClock,
) -> None:
    async with running(assemble()) as rig:
        for number in range(2_000):
            await rig.supervisor.create("plain", name="P", device_id=f"p{number}")
        await trio.sleep(20.01)
        count = len(rig.sent(Kind.DATA))
    assert count == 2_000 * 4


def test_ten_thousand_devices_are_listed_a_page_at_a_time(tmp_path: Path) -> None:
    environment = {"MQTT_BROKER_PORT": free_port(), "STATE_FILE": ":memory:"}
    with running_service(tmp_path, **environment) as service:
        for number in range(150):
            body = {"device_type": "server", "name": str(number)}
            assert service.request("POST", "/api/v1/devices", body)[0] == 201
        _, page = service.request("GET", "/api/v1/devices")
        assert (len(page["devices"]), page["total"]) == (100, 155)
        _, rest = service.request("GET", "/api/v1/devices?offset=100&limit=1000")
        assert len(rest["devices"]) == 55
        assert service.request("GET", "/api/v1/devices?limit=1001")[0] == 422


def test_a_command_over_mqtt_reaches_the_device(tmp_path: Path) -> None:
    with (
        running_mosquitto(tmp_path) as broker,
        running_service(tmp_path, MQTT_BROKER_PORT=broker.port) as service,
    ):
        service.wait_connected()
        command(service, broker.port, "mock-server-001", "set_power", power=12)
        wait_until(
            lambda: service.device("mock-server-001")["base_power"] == 12, 10, "the new power"
        )


def test_a_power_that_is_no_number_is_rejected(tmp_path: Path) -> None:
    with (
        running_mosquitto(tmp_path) as broker,
        running_service(tmp_path, MQTT_BROKER_PORT=broker.port) as service,
        subscribed(broker.port) as heard,
    ):
        heard.wait_for(lambda s: s.statuses("mock-server-001"))
        command(service, broker.port, "mock-server-001", "set_power", power="abc")
        heard.wait_for(lambda s: s.results("mock-server-001"))
        assert heard.results("mock-server-001")[0]["status"] == "rejected"
        body = {"command": "set_power", "parameters": {"power": "abc"}}
        status, _ = service.request("POST", "/api/v1/devices/mock-server-001/command", body)
        assert status == 422
        assert service.device("mock-server-001")["base_power"] == 45.0


def test_a_type_that_is_no_topic_is_refused(tmp_path: Path) -> None:
    with running_service(tmp_path, MQTT_BROKER_PORT=free_port()) as service:
        for body in (
            {"device_type": "nonsense/#", "name": "x"},
            {"device_type": "hvac", "name": "x", "device_id": "a/#"},
        ):
            status, problem = service.request("POST", "/api/v1/devices", body)
            assert status == 422
            assert problem["errors"][0]["field"] in body
        assert service.total() == 5


def test_a_broker_that_is_away_at_the_start_ends_nothing(tmp_path: Path) -> None:
    environment = {"MQTT_BROKER_PORT": free_port(), "MQTT_EMBEDDED_BROKER": "off"}
    with running_service(tmp_path, **environment) as service:
        assert service.request("GET", "/health")[1]["status"] == "degraded"
        assert service.request("POST", "/api/v1/devices/mock-hvac-001/simulate")[0] == 200
        assert service.end() == 0
