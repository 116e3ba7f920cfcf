"""Other implementations read what we write, and we read what they write."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from iotmock.actors.messages import CommandResult, IncomingCommand
from iotmock.dialects.sparkplug.payload import decode
from tests.dialects.sparkplug.edge import NOW, Edge, device
from tests.dialects.sparkplug.host import Message
from tests.patience import SLACK
from tests.repository import ROOT

pytestmark = pytest.mark.long(5)

Verifier = Callable[[Sequence[Message]], Any]
_REQUIRED = "IOTMOCK_REQUIRE_SPARKPLUG"
_HERE = Path(__file__).parent
NOW_MS = int(NOW * 1_000)
WRITTEN = [
    {"name": "Commands/set_power", "type": "Float", "value": 30.1, "timestamp": NOW_MS},
    {"name": "Commands/set_voltage", "type": "Double", "value": 231.25, "timestamp": NOW_MS},
    {"name": "Commands/set_enabled", "type": "Boolean", "value": False, "timestamp": NOW_MS},
    {"name": "Commands/start_cycle", "type": "String", "value": "oven", "timestamp": NOW_MS},
    {"name": "a", "type": "Int32", "value": -5, "timestamp": NOW_MS},
    {"name": "b", "type": "Int64", "value": 5, "timestamp": NOW_MS},
    {"name": "c", "type": "UInt8", "value": 200, "timestamp": NOW_MS},
]
_PROPERTIES = ("name", "type", "value", "timestamp")


def _eclipse(messages: Sequence[Message]) -> Any:
    node = shutil.which("node") or _skip("node is not installed (Debian: nodejs)")
    modules = ROOT / "build/node/node_modules"
    if not (modules / "sparkplug-payload").is_dir():
        _skip("sparkplug-payload is not installed (npm install --prefix build/node, see .ci/run)")
    return _asked([node, str(_HERE / "payloads.js")], messages, NODE_PATH=str(modules))


def _pysparkplug(messages: Sequence[Message]) -> Any:
    python = ROOT / "build/sparkplug/bin/python"
    if not python.exists():
        _skip("pysparkplug is not installed (in an environment of its own, see .ci/run)")
    return _asked([str(python), str(_HERE / "payloads.py")], messages)


def _asked(command: list[str], messages: Sequence[Message], **environment: str) -> Any:
    question = {
        "verbs": [message.verb for message in messages],
        "decode": [message.payload.hex() for message in messages],
        "encode": {"timestamp": NOW_MS, "metrics": WRITTEN},
    }
    done = subprocess.run(
        command,
        env={"PATH": os.environ["PATH"], **environment},
        input=json.dumps(question),
        capture_output=True,
        text=True,
        timeout=60 * SLACK,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def _skip(reason: str) -> Any:
    if os.environ.get(_REQUIRED):
        pytest.fail(f"{reason}, and {_REQUIRED} is set")
    pytest.skip(reason)


def _everything() -> list[Message]:
    """Return one message of each kind that an edge node writes."""
    edge, one = Edge(attempt=255), device()
    edge.begin(one)
    edge.tell_reading(one, -10.0)  # of a backlog
    edge.tell_reading(one)
    result = CommandResult(None, "a.1", "reboot", "applied", None, "2025-08-11T12:00:00Z")
    for outgoing in edge.dialect.voice(one).result(result, IncomingCommand("a.1", b"")):
        edge.write(outgoing)
    edge.tell_status(one, "offline")
    edge.write(edge.entry.last)
    return edge.written


@pytest.mark.parametrize("verifier", [_eclipse, _pysparkplug], ids=["eclipse", "pysparkplug"])
def test_what_we_write_they_read_and_the_other_way_round(verifier: Verifier) -> None:
    messages = _everything()
    answer = verifier(messages)
    for message, read in zip(messages, answer["decoded"], strict=True):
        assert (read["timestamp"], read.get("seq")) == (message.timestamp, message.seq)
        assert _values(read) == message.values
        history = [bool(one.get("isHistorical")) for one in read["metrics"]]
        assert history == [message.is_historical] * len(message.raw)
        assert [one["timestamp"] for one in read["metrics"]] == [one[3] for one in message.raw]
    written = decode(bytes.fromhex(answer["encoded"]))
    assert written.timestamp == NOW_MS
    assert [(one.name, one.value) for one in written.metrics] == [
        (one["name"], one["value"]) for one in WRITTEN
    ]


def _values(read: Any) -> dict[str, Any]:
    """Return the values by name; a Float has seven digits."""
    return {one["name"]: _value(one) for one in read["metrics"]}


def _value(metric: Any) -> Any:
    if metric.get("isNull"):
        return None
    value = metric["value"]
    return float(f"{value:.7g}") if metric["type"] == "Float" else value


def test_they_agree_on_types() -> None:
    eclipse, other = (verifier(_everything())["decoded"] for verifier in (_eclipse, _pysparkplug))
    types = [
        [[one["type"] for one in read["metrics"]] for read in side] for side in (eclipse, other)
    ]
    assert types[0] == types[1]
    assert types[0][0] == ["Int64", "Boolean"]


def test_units_are_properties() -> None:
    birth = _eclipse(_everything())["decoded"][1]
    units = {
        metric["name"]: metric["properties"]["engUnit"]
        for metric in birth["metrics"]
        if metric.get("properties")
    }
    assert units["power"] == {"type": "String", "value": "kW"}
    assert units["Commands/set_interval"] == {"type": "String", "value": "s"}
