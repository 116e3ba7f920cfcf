"""What the client of a running service says when nothing comes of a command."""

import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.line import Line
from tests.mistakes.places import page_server
from tests.mistakes.table import Mistake, Places, mistakes, named
from tests.mosquitto import free_port
from tests.service.process import running_service

ENDS = {1, 2}
"""The service said no, or could not be asked."""


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Places]:
    folder = tmp_path_factory.mktemp("client")
    with (
        running_service(folder, MQTT_EMBEDDED_BROKER="off", MQTT_BROKER_PORT=free_port()) as here,
        page_server() as other,
    ):
        yield {"service port": here.port, "free port": free_port(), "other port": other}


def refusal(command: str, places: Places) -> str:
    """Run a command, with variables before it as a shell has them; return what stderr has."""
    words = shlex.split(command)
    before = [word for word in words if word.startswith("IOTMOCK_URL=")]
    usual = f"http://localhost:{places['service port']}"
    line = Line({"IOTMOCK_URL": before[0].partition("=")[2] if before else usual})
    code, output, said = line(*words[len(before) + 1 :])
    assert (code in ENDS, output) == (True, "")
    return said.rstrip("\n")


@pytest.mark.parametrize("mistake", mistakes("client"), ids=named)
def test_a_mistake_is_told_on_one_line(
    mistake: Mistake, places: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert refusal(mistake.done_at(places), places) == mistake.says_at(places)
