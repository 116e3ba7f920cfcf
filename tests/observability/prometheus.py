"""Debian's Prometheus, and its promtool, over files of deploy/observability."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from attrs import field, frozen

from tests.mosquitto import free_port
from tests.patience import SLACK
from tests.repository import ROOT
from tests.service.process import wait_until

FOLDER = ROOT / "deploy/observability/prometheus"
_REQUIRED = "IOTMOCK_REQUIRE_PROMETHEUS"
_START_S = 20.0


def program(name: str) -> str:
    """Return the path of `prometheus` or `promtool`, or skip the test with the reason."""
    found = shutil.which(name)
    if found is None:
        reason = f"{name} is not installed (Debian: prometheus)"
        if os.environ.get(_REQUIRED):
            pytest.fail(f"{reason}, and {_REQUIRED} is set")
        pytest.skip(reason)
    return found


@frozen
class Prometheus:
    """A server that scrapes each second, and is asked over HTTP."""

    folder: Path
    port: int = field(factory=free_port)

    @property
    def log(self) -> str:
        return (self.folder / "prometheus.log").read_text()

    def get(self, path: str, **parameters: str) -> Any:
        """Return the data of an answer."""
        url = f"http://127.0.0.1:{self.port}/api/v1/{path}"
        answer = httpx.get(url, params=parameters, timeout=10 * SLACK).json()
        assert answer["status"] == "success", (parameters, answer)
        return answer["data"]

    def query(self, expression: str) -> Any:
        """Return the series that an expression has now."""
        return self.get("query", query=expression)["result"]

    def is_ready(self) -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/-/ready").is_success
        except httpx.TransportError:
            return False


@contextmanager
def running_prometheus(folder: Path, configuration: dict[str, Any]) -> Iterator[Prometheus]:
    """Run a server with a configuration, whose paths are relative to the folder."""
    server = Prometheus(folder)
    (folder / "prometheus.yml").write_text(yaml.safe_dump(configuration))
    options = {
        "config.file": folder / "prometheus.yml",
        "storage.tsdb.path": folder / "data",
        "web.listen-address": f"127.0.0.1:{server.port}",
    }
    command = [program("prometheus"), *(f"--{name}={value}" for name, value in options.items())]
    with (folder / "prometheus.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        wait_until(server.is_ready, _START_S, "Prometheus is ready")
        yield server
    finally:
        process.kill()
        process.wait()
