"""A real InfluxDB 1.x of a test's own, on free ports, with a database."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from attrs import define, field

from tests.mosquitto import free_port
from tests.patience import SLACK

DATABASE = "energy"
_REQUIRED = "IOTMOCK_REQUIRE_INFLUXDB"
_START_S = 30.0
_CONFIGURATION = """\
reporting-disabled = true
bind-address = "127.0.0.1:{backup_port}"
[meta]
  dir = "{folder}/meta"
[data]
  dir = "{folder}/data"
  wal-dir = "{folder}/wal"
[monitor]
  store-enabled = false
[http]
  bind-address = "127.0.0.1:{port}"
  auth-enabled = {auth}
  {extra}
"""


@define(eq=False)
class Influxd:
    """A server that can be stopped and started again with the same files."""

    folder: Path
    auth: bool = False
    extra: str = ""
    port: int = field(factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        text = _CONFIGURATION.format(
            folder=self.folder,
            port=self.port,
            backup_port=free_port(),
            auth=str(self.auth).lower(),
            extra=self.extra,
        )
        (self.folder / "influxdb.conf").write_text(text)
        command = [_program(), "-config", str(self.folder / "influxdb.conf")]
        with (self.folder / "influxd.log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log)
        self._wait_answering()

    def _wait_answering(self) -> None:
        deadline = time.monotonic() + _START_S * SLACK
        while time.monotonic() < deadline:
            try:
                httpx.get(f"{self.url}/ping")
            except httpx.TransportError:
                time.sleep(0.02)
            else:
                return
        raise TimeoutError((self.folder / "influxd.log").read_text()[-2000:])

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait(10 * SLACK)
            self.process = None

    def ask(self, query: str, auth: tuple[str, str] | None = None) -> None:
        """Have a statement executed that changes something."""
        answer = httpx.post(f"{self.url}/query", data={"q": query}, auth=auth, timeout=30.0 * SLACK)
        answer.raise_for_status()

    def write(self, points: Iterable[tuple[str, float]]) -> None:
        """Store a reading for each device and time, Unix s."""
        lines = [f"energy,device_id={name} power=1 {round(time * 1e9)}" for name, time in points]
        where = {"db": DATABASE}
        answer = httpx.post(
            f"{self.url}/write", params=where, content="\n".join(lines), timeout=30.0 * SLACK
        )
        answer.raise_for_status()


def _program() -> str:
    found = shutil.which("influxd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if found is None:
        reason = "influxd is not installed (Debian: influxdb)"
        if os.environ.get(_REQUIRED):
            pytest.fail(f"{reason}, and {_REQUIRED} is set")
        pytest.skip(reason)
    return found


@contextmanager
def running_influxd(folder: Path, *, auth: bool = False, extra: str = "") -> Iterator[Influxd]:
    """Run a server; `extra` is more of its `[http]`."""
    server = Influxd(folder, auth, extra)
    try:
        server.start()
        yield server
    finally:
        server.stop()
