"""The dashboards, and what they ask."""

import json
from collections.abc import Iterator
from typing import Any

from tests.repository import ROOT

GRAFANA = ROOT / "deploy/observability/grafana"
SERVICE, FLEET = (
    json.loads((GRAFANA / f"dashboards/{name}.json").read_text()) for name in ("service", "fleet")
)
_VARIABLES = {"$job": "iotmock.*", "$instance": ".*", "$__rate_interval": "30s"}
_OF_FLUX = {
    "v.timeRangeStart": "2026-01-01T00:00:00Z",
    "v.timeRangeStop": "2026-01-01T01:00:00Z",
    "v.windowPeriod": "1m0s",
    "v.defaultBucket": '"energy"',
    "${group:regex}": "(mock-hvac|mock-server)",
    "${device:regex}": ".*",
}


def charts(dashboard: Any) -> list[Any]:
    """Return the panels that show data."""
    return [panel for panel in dashboard["panels"] if panel["type"] != "row"]


def promql() -> Iterator[tuple[str, str, str]]:
    """Yield name, expression and legend of all that the first dashboard asks Prometheus."""
    for panel in charts(SERVICE):
        for target in panel["targets"]:
            name = f"{panel['title']} {target['refId']}"
            yield name, _filled(target["expr"], _VARIABLES), target["legendFormat"]
    for annotation in SERVICE["annotations"]["list"]:
        if "expr" in annotation:
            expression = _filled(annotation["expr"], _VARIABLES)
            yield annotation["name"], expression, annotation["titleFormat"]


def flux() -> Iterator[tuple[str, str]]:
    """Yield name and script of all that the second dashboard asks InfluxDB, as Grafana sends it."""
    for panel in charts(FLEET):
        for target in panel["targets"]:
            yield panel["title"], _filled(target["query"], _OF_FLUX)
    for variable in FLEET["templating"]["list"]:
        if variable["type"] == "query":
            yield variable["name"], _filled(variable["query"], _OF_FLUX)
    for annotation in FLEET["annotations"]["list"]:
        if "target" in annotation:
            yield annotation["name"], _filled(annotation["target"]["query"], _OF_FLUX)


def _filled(text: str, variables: dict[str, str]) -> str:
    for name, value in variables.items():
        text = text.replace(name, value)
    return text
