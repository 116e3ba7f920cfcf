"""The service as its users run it: `iotmock serve` in a process of its own."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from attrs import frozen

from benchmarks.processes import ending, wait_logged


class _Serving(msgspec.Struct):
    url: str


@frozen
class Served:
    """A running service; `began` is when its process was started, in Unix seconds."""

    process: subprocess.Popen[bytes]
    log: Path
    began: float

    def wait_url(self) -> str:
        """Return where it serves, once it has logged `serving`."""
        line = wait_logged(self.log, '"event": "serving"')
        return msgspec.json.decode(line, type=_Serving).url


def environment(broker_port: int, **others: object) -> dict[str, str]:
    """Return the environment for a service on loopback, with settings given by their names."""
    settings = {
        "HOST": "127.0.0.1",
        "PORT": 0,
        "MQTT_BROKER_HOST": "127.0.0.1",
        "MQTT_BROKER_PORT": broker_port,
        "LOG_FORMAT": "json",
        **others,
    }
    return os.environ | {name: str(value) for name, value in settings.items()}


@contextmanager
def serving(folder: Path, settings: dict[str, str]) -> Iterator[Served]:
    """Run `iotmock serve` in a folder of its own during the block."""
    log = folder / "service.log"
    with log.open("wb") as stderr:
        began = time.time()
        command = [sys.executable, "-m", "iotmock", "serve"]
        process = subprocess.Popen(command, cwd=folder, env=settings, stderr=stderr)
        with ending(process):
            yield Served(process, log, began)
