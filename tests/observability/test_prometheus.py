"""A real Prometheus that scrapes real services, and is asked all that dashboard and rules ask."""

import math
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml
from attrs import frozen

from tests.mosquitto import running_mosquitto
from tests.observability.dashboards import promql
from tests.observability.prometheus import FOLDER, Prometheus, running_prometheus
from tests.observability.test_alerts import RULES, promtool
from tests.service.process import Service, running_service, wait_until

pytestmark = pytest.mark.long(20)
QUERIES = list(promql())
ALERTS = {rule["alert"]: rule["expr"] for rule in yaml.safe_load(RULES)["groups"][0]["rules"]}
TOKEN = "a-token-of-this-test"  # not a secret
HVAC = "mock-hvac-001"
NEVER_HAPPENED = ("iotmock_mqtt_refusals_total", "ALERTS")
"""What has no series while all is well; a query of it falls back to 0."""
_SELECTOR = re.compile(r"\b(?:iotmock_\w+|up)\b(?:\{[^}]*\})?")


@frozen
class Scraped:
    """`service` has no token, `guarded` has one."""

    prometheus: Prometheus
    service: Service
    guarded: Service

    def has(self, selector: str) -> bool:
        return bool(self.prometheus.query(selector))


def shipped(file: str, service: Service, folder: Path, token: str) -> dict[str, Any]:
    """Return a shipped configuration for a service of ours, with a token in its file."""
    configuration: dict[str, Any] = yaml.safe_load((FOLDER / file).read_text())
    (job,) = configuration["scrape_configs"]
    (group,) = job["static_configs"]
    assert all(target.endswith(":8090") for target in group["targets"])
    group["targets"] = [f"localhost:{service.port}"]
    if "authorization" in job:
        kept = folder / f"token-of-{file}-{service.port}"
        kept.write_text(token)
        job["authorization"]["credentials_file"] = str(kept)
    job["job_name"] += f"-{file}-{service.port}"
    return configuration


def all_at_once(folder: Path, service: Service, guarded: Service) -> dict[str, Any]:
    """Return one configuration with all jobs, which scrapes each second."""
    parts = [
        shipped("prometheus.yml", service, folder, ""),
        shipped("prometheus-compose.yml", service, folder, ""),
        shipped("prometheus-compose.yml", guarded, folder, TOKEN),
        shipped("prometheus-token.yml", guarded, folder, f"{TOKEN}\n"),
    ]
    return {
        "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
        "rule_files": [str(FOLDER / "alerts.yml")],
        "scrape_configs": [job for part in parts for job in part["scrape_configs"]],
    }


@pytest.fixture(scope="module")
def scraped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scraped]:
    folders = [tmp_path_factory.mktemp(name) for name in ("broker", "one", "other", "prometheus")]
    with running_mosquitto(folders[0]) as broker:
        common = {"MQTT_BROKER_PORT": broker.port, "STATE_FILE": ":memory:"}
        quick = {"SIMULATION_INTERVAL": 0.5, "MQTT_STAMP": "properties"}
        closed = {"API_TOKEN": TOKEN, "DEFAULT_DEVICES": "false"}
        with (
            running_service(folders[1], **common, **quick) as service,
            running_service(folders[2], **common, **closed) as guarded,
        ):
            service.request("POST", f"/api/v1/devices/{HVAC}/faults", {"fault": "stuck"})
            configuration = all_at_once(folders[3], service, guarded)
            with running_prometheus(folders[3], configuration) as prometheus:
                yield Scraped(prometheus, service, guarded)


@pytest.mark.parametrize(
    "file", ["prometheus.yml", "prometheus-token.yml", "prometheus-compose.yml"]
)
def test_promtool_finds_nothing_wrong_with_a_configuration(file: str) -> None:
    assert "is valid prometheus config" in promtool("check", "config", "--syntax-only", file)


def test_each_configuration_reaches_the_service_with_a_token_and_without(scraped: Scraped) -> None:
    def states() -> list[str]:
        return [target["health"] for target in scraped.prometheus.get("targets")["activeTargets"]]

    wait_until(lambda: states() == ["up"] * 4, 10, f"all targets are up: {states()}")


@pytest.mark.parametrize(
    ("expression", "legend"), [q[1:] for q in QUERIES], ids=[q[0] for q in QUERIES]
)
def test_each_query_of_the_dashboard_has_an_answer(
    scraped: Scraped, expression: str, legend: str
) -> None:
    found: list[Any] = []
    whole = any(name in expression for name in NEVER_HAPPENED)
    asked = expression if whole else expression.partition(" or ")[0]

    def has_numbers() -> bool:
        found[:] = scraped.prometheus.query(asked)
        return any(not math.isnan(float(one["value"][1])) for one in found)

    wait_until(has_numbers, 15, f"{asked} has an answer; the last was {found}")
    labels = set(re.findall(r"\{\{(\w+)\}\}", legend))
    assert all(labels <= set(one["metric"]) for one in found), (legend, found)


@pytest.mark.parametrize("alert", ALERTS)
def test_what_an_alert_looks_at_is_there(scraped: Scraped, alert: str) -> None:
    for selector in _SELECTOR.findall(ALERTS[alert]):
        wanted = selector.replace('job="iotmock"', 'job=~"iotmock.*"')
        wait_until(partial(scraped.has, wanted), 10, wanted)


def test_what_never_happened_is_known_all_the_same(scraped: Scraped) -> None:
    name = "iotmock_mqtt_refusals"

    def known() -> Any:
        return scraped.prometheus.get("metadata", metric=name)

    wait_until(lambda: bool(known()), 10, f"{name} is known")
    assert known()[name][0]["type"] == "counter"


def test_prometheus_evaluates_the_rules_and_none_fires_where_all_is_well(scraped: Scraped) -> None:
    def rules() -> Any:
        (group,) = scraped.prometheus.get("rules")["groups"]
        return group["rules"]

    wait_until(lambda: all(rule["health"] == "ok" for rule in rules()), 10, f"evaluated: {rules()}")
    assert {rule["name"] for rule in rules()} == set(ALERTS)
    assert [rule["name"] for rule in rules() if rule["state"] == "firing"] == []
