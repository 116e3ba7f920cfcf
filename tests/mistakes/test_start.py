"""What stops the start: settings, `.env`, and the files that settings name."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import trio

from iotmock.actors.errors import leaves
from iotmock.cli.actions.serving import MENDABLE
from iotmock.service.serve import serve_until_signal
from iotmock.settings.reading import read_settings
from tests.mistakes.made import made
from tests.mistakes.table import Mistake, mistakes, named
from tests.patience import SLACK

QUIET = {
    "HOST": "127.0.0.1",
    "PORT": "0",
    "MQTT_EMBEDDED_BROKER": "off",
    "STATE_FILE": ":memory:",
    "SHUTDOWN_TIMEOUT": "0",
}
"""With it a service starts at once, or says why not."""


@pytest.fixture(scope="module")
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refusal(done: str) -> str:
    """Start a service here, in this process, and return why it does not."""
    said = list[str]()
    try:
        trio.run(_start, done)
    except* MENDABLE as group:
        said = [str(error) for error in leaves(group)]
    assert said, "it has started"
    return "; ".join(said)


async def _start(done: str) -> None:
    usual = {name: text for name, text in QUIET.items() if f"\n{name}=" not in f"\n{done}"}
    with trio.move_on_after(5 * SLACK):
        await serve_until_signal(read_settings(usual))


@pytest.mark.parametrize("mistake", mistakes("start"), ids=named)
def test_a_mistake_stops_the_start(mistake: Mistake, folder: Path, taken_port: int) -> None:
    places = {"taken port": taken_port, "folder": folder}
    with made({".env": mistake.done_at(places)} | mistake.files, places):
        assert refusal(mistake.done) == mistake.says_at(places)


def test_the_process_says_it_on_stderr_and_ends_with_2(folder: Path) -> None:
    mistake = mistakes("start")[0]
    with made({".env": mistake.done}, {}):
        done = subprocess.run(
            [sys.executable, "-m", "iotmock", "serve"],
            env={"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            timeout=30 * SLACK,
            check=False,
            text=True,
        )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"iotmock: {mistake.says}\n"
