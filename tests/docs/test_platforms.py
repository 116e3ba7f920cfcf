"""What pages have their readers give to other platforms fits what devices say and hear."""

import json

import pytest

from iotmock.dialects.template.file import read_template
from iotmock.model.families import installed
from tests.docs.snippets import ROOT, blocks

HOW_TO = ROOT / "docs/how-to"
FLOW = {
    node["id"]: node
    for text in blocks(HOW_TO / "node-red.md", {"json"})
    for node in json.loads(text)
}


def test_the_template_of_the_page_can_be_read() -> None:
    template, *_ = blocks(HOW_TO / "new-dialect.md", {"toml"})
    read_template("page.toml", template)


@pytest.mark.parametrize("name", FLOW)
def test_a_node_of_the_flow_leads_to_others_of_it(name: str) -> None:
    node = FLOW[name]
    wired = {one for wires in node.get("wires", ()) for one in wires}
    assert wired <= set(FLOW)
    assert node["type"] in {"mqtt-broker", "tab"} or node["z"] in FLOW
    assert node.get("broker", "localhost") in {"localhost", *FLOW}


def test_the_flow_hears_readings_and_sends_a_command_that_there_is() -> None:
    topics = {node["type"]: node["topic"] for node in FLOW.values() if "topic" in node}
    assert topics["mqtt in"] == "energy/devices/+/data"
    assert topics["mqtt out"] == "energy/devices/mock-hvac-001/commands"
    (asked,) = (json.loads(node["payload"]) for node in FLOW.values() if "payload" in node)
    command = installed().get("hvac").commands[asked["command"]]
    assert command is not None
