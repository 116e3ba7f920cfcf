"""What is wrong with a command line, and with the files that it names."""

import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.line import Line
from tests.mistakes.made import made
from tests.mistakes.places import page_server
from tests.mistakes.table import Mistake, Places, mistakes, named
from tests.mosquitto import free_port


@pytest.fixture(scope="module")
def places() -> Iterator[Places]:
    with page_server() as page:
        yield {"free port": free_port(), "page port": page}


def refusal(command: str) -> str:
    """Run a command here, in this process, and return what it says on stderr."""
    program, *arguments = shlex.split(command)
    code, output, said = Line({})(*arguments)
    assert (program, code, output) == ("iotmock", 2, "")
    return said.rstrip("\n")


@pytest.mark.parametrize("mistake", mistakes("command_line"), ids=named)
def test_a_mistake_is_told_on_one_line(
    mistake: Mistake, places: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with made(mistake.files, places):
        assert refusal(mistake.done_at(places)) == mistake.says_at(places)
