"""`iotmock record` and `iotmock replay` as processes, beside a broker."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.mosquitto import PASSWORD, USERNAME, Mosquitto
from tests.patience import SLACK
from tests.service.process import wait_until

_PROGRESS = re.compile(r"(?!iotmock: ).* messages, ")
"""How far it is, every ten seconds: a slow machine says it, another does not."""


def started(folder: Path, port: int, *arguments: str) -> subprocess.Popen[str]:
    variables = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join(sys.path),
        "MQTT_BROKER_PORT": str(port),
        "MQTT_USERNAME": USERNAME,
        "MQTT_PASSWORD": PASSWORD,
    }
    command = [sys.executable, "-m", "iotmock", *arguments]
    return subprocess.Popen(
        command,
        cwd=folder,
        env=variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    output, error = process.communicate(timeout=40 * SLACK)
    said = [line for line in error.splitlines(keepends=True) if not _PROGRESS.match(line)]
    return process.returncode, output, "".join(said)


def done(folder: Path, port: int, *arguments: str) -> tuple[int, str, str]:
    process = started(folder, port, *arguments)
    try:
        return ended(process)
    finally:
        process.kill()


@contextmanager
def recording(
    broker: Mosquitto, folder: Path, topic: str, file: str, *options: str
) -> Iterator[subprocess.Popen[str]]:
    """Record in the block, which begins once the broker has the subscription."""
    log = broker.folder / "mosquitto.log"
    before = log.read_text().count(f" 2 {topic}")
    arguments = ("record", "--topic", topic, "-o", file, *options)
    process = started(folder, broker.port, *arguments)
    try:
        is_there = f" 2 {topic}"
        wait_until(lambda: log.read_text().count(is_there) > before, 20, f"{topic} is subscribed")
        yield process
    finally:
        process.kill()
        process.communicate()
