"""The metrics of a real service, scraped as Prometheus does."""

from http.client import HTTPConnection
from pathlib import Path

from prometheus_client.openmetrics import parser as openmetrics
from prometheus_client.parser import text_string_to_metric_families

from tests.metrics.test_metrics import OPENMETRICS, Values, at, values_of
from tests.patience import SLACK
from tests.service.process import Service, command, subscribed, wait_until
from tests.service.test_service import with_mosquitto


def get(service: Service, accept: str = "*/*") -> tuple[str, str]:
    connection = HTTPConnection("127.0.0.1", service.port, timeout=10 * SLACK)
    try:
        connection.request("GET", "/metrics", headers={"Accept": accept})
        answer = connection.getresponse()
        assert answer.status == 200
        return answer.headers["Content-Type"], answer.read().decode()
    finally:
        connection.close()


def scrape(service: Service) -> Values:
    return values_of(text_string_to_metric_families(get(service)[1]))


def test_a_scrape_agrees_with_the_status(tmp_path: Path) -> None:
    settings = {"SIMULATION_INTERVAL": 0.1, "MQTT_STAMP": "properties"}
    with (
        with_mosquitto(tmp_path, **settings) as (broker, service),
        subscribed(broker.port) as heard,
    ):
        command(service, broker.port, "mock-hvac-001", "set_power", power=3.0)
        heard.wait_for(lambda s: s.results("mock-hvac-001") and s.data("mock-appliance-001"))
        service.request("POST", "/api/v1/simulation/stop")
        wait_until(lambda: not service.status()["messages"]["waiting"], 20, "all is delivered")
        status, values = service.status(), scrape(service)
    messages, ticks = status["messages"], status["ticks"]
    for name in ("accepted", "acknowledged", "refused", "dropped", "superseded"):
        assert at(values, f"messages_{name}_total") == messages[name]
    for name in ("due", "done", "coalesced"):
        assert at(values, f"ticks_{name}_total") == ticks[name]
    online = [value for (name, _), value in values.items() if name == "iotmock_devices"]
    assert sum(online) == status["devices"]["total"] == 5
    assert at(values, "mqtt_connected") == 1
    assert at(values, "commands_total", outcome="applied") == 1
    assert at(values, "mqtt_puback_latency_seconds_count") == ticks["done"]
    assert at(values, "mqtt_written_bytes_total") > 150 * ticks["done"]
    assert at(values, "mqtt_read_bytes_total") >= 4 * messages["acknowledged"]
    assert values["process_resident_memory_bytes", frozenset()] > 1e7


def test_a_lost_broker_is_counted(tmp_path: Path) -> None:
    with with_mosquitto(tmp_path) as (broker, service):
        assert at(scrape(service), "mqtt_connects_total") == 1
        broker.kill()
        wait_until(lambda: at(scrape(service), "mqtt_connected") == 0, 20, "it is missed")
        broker.start()
        wait_until(lambda: at(scrape(service), "mqtt_connected") == 1, 40, "it is back")
        assert at(scrape(service), "mqtt_connects_total") == 2


def test_who_asks_for_openmetrics_gets_it(tmp_path: Path) -> None:
    with with_mosquitto(tmp_path) as (_, service):
        content_type, text = get(service, OPENMETRICS)
        plain, _ = get(service)
    assert content_type.startswith("application/openmetrics-text; version=1.0.0")
    assert plain.startswith("text/plain; version=0.0.4")
    values = values_of(openmetrics.text_string_to_metric_families(text))
    assert at(values, "devices", device_type="hvac", status="online") == 1
