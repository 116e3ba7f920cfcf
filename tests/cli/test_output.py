"""Output that can not be written: one line that says so, and no traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from attrs import define

from tests.mosquitto import free_port
from tests.patience import SLACK
from tests.service.process import Service


@define(eq=False)
class Unheard(Service):
    """A service that begins without standard input, output and error."""

    def command(self) -> list[str]:
        return ["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", *super().command()]


COMMANDS = ["--help", "serve --help", "profiles", "profiles --json", "completion bash", "demo"]


def run(folder: Path, command: str, output: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "iotmock", *command.split()],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=output,
        stderr=subprocess.PIPE,
        text=True,
        timeout=25 * SLACK,
        check=False,
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_a_full_disk_is_said(tmp_path: Path, command: str) -> None:
    with open("/dev/full", "wb") as full:
        done = run(tmp_path, command, full.fileno())
    said = "iotmock: the output can not be written: No space left on device\n"
    assert (done.returncode, done.stderr) == (2, said)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_reader_that_is_gone_has_seen_enough(tmp_path: Path, command: str) -> None:
    read, write = os.pipe()
    os.close(read)
    try:
        done = run(tmp_path, command, write)
    finally:
        os.close(write)
    assert (done.returncode in {0, 1}, done.stderr) == (True, "")


def test_without_any_output_it_serves_all_the_same(tmp_path: Path) -> None:
    service = Unheard(tmp_path, {"MQTT_BROKER_PORT": str(free_port())}).start()
    assert service.request("GET", "/health")[0] == 200
    assert service.end() == 0
