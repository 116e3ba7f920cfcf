"""Flux scripts as InfluxData's own parser and type checker (from npm) see them."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen

from tests.patience import SLACK

_REQUIRED = "IOTMOCK_REQUIRE_FLUX"
_PACKAGE = "@influxdata/flux-lsp-node"
_SCRIPT = Path(__file__).with_name("flux.js")


@frozen
class Flux:
    """A script; `columns` are those that it reads of its rows."""

    valid: bool
    ast: Any

    @property
    def columns(self) -> set[str]:
        """Return the columns that it names: `r.x`, and in `columns`, `column`, `rowKey` ..."""
        return {*self._members(), *self._listed()}

    def compared(self, column: str) -> set[str]:
        """Return the texts that a column of a row is compared with."""
        return {
            node["right"]["value"]
            for node in nodes(self.ast)
            if node["type"] == "BinaryExpression"
            and node["operator"] == "=="
            and _member(node["left"]) == column
        }

    def given(self, name: str) -> set[str]:
        """Return the texts that arguments of this name have, in lists too."""
        texts = [node for one in self._arguments(name) for node in nodes(one)]
        return {text["value"] for text in texts if text["type"] == "StringLiteral"}

    def _members(self) -> Iterator[str]:
        for node in nodes(self.ast):
            if (name := _member(node)) is not None:
                yield name

    def _listed(self) -> Iterator[str]:
        for name in ("columns", "column", "rowKey", "columnKey", "valueColumn", "tag"):
            yield from self.given(name)

    def _arguments(self, name: str) -> Iterator[Any]:
        for node in nodes(self.ast):
            if node["type"] == "Property" and node["key"].get("name") == name:
                yield node["value"]


def _member(node: Any) -> str | None:
    """Return x of `r.x`."""
    if node["type"] != "MemberExpression" or node["object"].get("name") != "r":
        return None
    return str(node["property"].get("name", node["property"].get("value")))


def nodes(ast: Any) -> Iterator[Any]:
    """Yield every node of a tree."""
    if isinstance(ast, list):
        for one in ast:
            yield from nodes(one)
    elif isinstance(ast, dict):
        if "type" in ast:
            yield ast
        for one in ast.values():
            yield from nodes(one)


def understood(scripts: Sequence[str]) -> list[Flux]:
    """Return what the parser says of each."""
    done = subprocess.run(
        [_node(), str(_SCRIPT)],
        env={"PATH": os.environ["PATH"], "NODE_PATH": str(_modules())},
        input=json.dumps(list(scripts)),
        capture_output=True,
        text=True,
        timeout=60 * SLACK,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [Flux(one["valid"], one["ast"]) for one in json.loads(done.stdout)]


def _node() -> str:
    return shutil.which("node") or _skip("node is not installed (Debian: nodejs)")


def _modules() -> Path:
    modules = Path("build/node").absolute() / "node_modules"
    if not (modules / _PACKAGE).is_dir():
        _skip(f"{_PACKAGE} is not installed (npm install --prefix build/node {_PACKAGE})")
    return modules


def _skip(reason: str) -> str:
    if os.environ.get(_REQUIRED):
        pytest.fail(f"{reason}, and {_REQUIRED} is set")
    pytest.skip(reason)
