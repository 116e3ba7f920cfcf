"""The dashboards as files: what Grafana needs to show them, and what a reader needs."""

import json
import re
from typing import Any

import pytest
import yaml

from tests.observability.dashboards import FLEET, GRAFANA, SERVICE, charts

BOTH = pytest.mark.parametrize("dashboard", [SERVICE, FLEET], ids=["service", "fleet"])
PROVISIONED = {
    source["uid"]: source
    for source in yaml.safe_load(
        (GRAFANA / "provisioning/datasources/datasources.yml").read_text()
    )["datasources"]
}
_OWN = ("-- Grafana --",)
_GRID = 24
_BUILT_IN = {"__rate_interval", "__interval", "__range", "__field"}


def named(found: Any, key: str) -> list[Any]:
    """Return all values of a key, however deep."""
    if isinstance(found, list):
        return [value for one in found for value in named(one, key)]
    if isinstance(found, dict):
        here = [found[key]] if key in found else []
        return here + [value for one in found.values() for value in named(one, key)]
    return []


@BOTH
def test_panels_have_ids_of_their_own_and_say_what_they_show(dashboard: Any) -> None:
    ids = [panel["id"] for panel in dashboard["panels"]]
    assert len(ids) == len(set(ids))
    titles = [panel["title"] for panel in charts(dashboard)]
    assert len(titles) == len(set(titles))
    for panel in charts(dashboard):
        assert panel["title"]
        assert panel["description"].endswith((".", "none")), panel["title"]
        assert panel["fieldConfig"]["defaults"]["unit"], panel["title"]
        references = [target["refId"] for target in panel["targets"]]
        assert references
        assert len(references) == len(set(references))


@BOTH
def test_panels_lie_side_by_side_and_not_on_each_other(dashboard: Any) -> None:
    taken: set[tuple[int, int]] = set()
    for panel in dashboard["panels"]:
        at = panel["gridPos"]
        cells = {(at["x"] + x, at["y"] + y) for x in range(at["w"]) for y in range(at["h"])}
        assert max(x for x, _ in cells) < _GRID, panel["title"]
        assert taken.isdisjoint(cells), panel["title"]
        taken |= cells


@BOTH
def test_every_source_is_chosen_above_and_the_choice_is_provisioned(dashboard: Any) -> None:
    used = {source["uid"] for source in named(dashboard, "datasource")}
    assert used == {"${datasource}", *_OWN}
    (choice,) = [one for one in dashboard["templating"]["list"] if one["type"] == "datasource"]
    source = PROVISIONED[choice["current"]["value"]]
    assert source["type"] == choice["query"]
    assert source["name"] == choice["current"]["text"]
    assert {one["type"] for one in named(dashboard, "datasource")} == {source["type"], "grafana"}


@BOTH
def test_every_variable_that_is_used_is_there_and_used(dashboard: Any) -> None:
    there = {one["name"] for one in dashboard["templating"]["list"]}
    texts = json.dumps(dashboard)
    used = set(re.findall(r"\$\{?([a-zA-Z_]+)", texts)) - _BUILT_IN
    assert used <= there | {"__all"}
    assert there <= used


def test_the_dashboards_are_two_and_provisioned_where_compose_puts_them() -> None:
    assert SERVICE["uid"] != FLEET["uid"]
    (provider,) = yaml.safe_load((GRAFANA / "provisioning/dashboards/dashboards.yml").read_text())[
        "providers"
    ]
    assert provider["options"]["path"] == "/etc/grafana/dashboards"
    assert {path.name for path in (GRAFANA / "dashboards").iterdir()} == {
        "service.json",
        "fleet.json",
    }


def test_faults_are_laid_over_the_fleet_from_begin_to_end() -> None:
    (faults,) = [one for one in FLEET["annotations"]["list"] if one["name"] == "Faults"]
    assert faults["enable"]
    shown = {mapping["value"] for mapping in faults["mappings"].values()}
    assert shown == {"time", "timeEnd", "title", "text", "tags"}
    assert all(f"{name}: " in faults["target"]["query"] for name in shown)
