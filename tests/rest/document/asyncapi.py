"""AsyncAPI documents as a reader has them: by their own parser, and to hold messages to."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from attrs import frozen

from tests.patience import SLACK

_PACKAGE = "@asyncapi/parser"
_REQUIRED = "IOTMOCK_REQUIRE_NPM"
_SCRIPT = Path(__file__).with_name("asyncapi.cjs")


def understood(documents: Sequence[Any]) -> list[Any]:
    """Return what npm's parser says of each document; it needs no network."""
    modules = Path("build/node").absolute() / "node_modules"
    node = shutil.which("node")
    if node is None or not (modules / _PACKAGE).is_dir():
        _skip(f"{_PACKAGE} is not installed (npm install --prefix build/node {_PACKAGE})")
    done = subprocess.run(
        [str(node), str(_SCRIPT)],
        env={"PATH": os.environ["PATH"], "NODE_PATH": str(modules)},
        input=json.dumps(documents),
        capture_output=True,
        text=True,
        timeout=60 * SLACK,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return list(json.loads(done.stdout))


def _skip(reason: str) -> None:
    if os.environ.get(_REQUIRED):
        pytest.fail(f"{reason}, and {_REQUIRED} is set")
    pytest.skip(reason)


@frozen
class Described:
    """A document, asked for what it says of a topic."""

    document: Any

    def names(self, action: str) -> list[str]:
        """Return the channels at which the service does this."""
        operations = self.document["operations"].values()
        found = [one["channel"]["$ref"] for one in operations if one["action"] == action]
        return [where.removeprefix("#/channels/") for where in dict.fromkeys(found)]

    def channels_of(self, action: str, topic: str) -> list[str]:
        """Return the channels that a topic, or a filter, is of."""
        addresses = {name: self.address(name) for name in self.names(action)}
        return [name for name, address in addresses.items() if _fits(address, topic)]

    def address(self, name: str) -> str:
        return str(self.document["channels"][name]["address"])

    def message(self, name: str) -> Any:
        return self.document["components"]["messages"][name]

    def complaints(self, name: str, payload: Any) -> list[str]:
        """Return what is wrong with a payload by the channel's schema."""
        schema = {"allOf": [self.message(name)["payload"]], **_beside(self.document)}
        found = jsonschema_rs.validator_for(schema).iter_errors(payload)
        return [error.message for error in found]

    def is_right(self, names: Sequence[str], text: str) -> bool:
        """Say whether a payload is as one of the channels has it."""
        return any(not self.complaints(name, self._payload(name, text)) for name in names)

    def _payload(self, name: str, text: str) -> Any:
        is_json = self.message(name)["contentType"] == "application/json"
        return json.loads(text) if is_json else text


def _beside(document: Any) -> Any:
    return {"components": {"schemas": document["components"]["schemas"]}}


def _fits(address: str, topic: str) -> bool:
    texts = re.split(r"\{\w+\}", address)
    return re.fullmatch("[^/]+".join(map(re.escape, texts)), topic) is not None
