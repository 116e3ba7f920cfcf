"""README and docs, typed from a fresh copy by somebody who knows nothing else."""

import json
import os
import re
import shutil
import sys
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.asked import only_if_installs_are_asked_for
from tests.docs.newcomer import Newcomer, arrive
from tests.docs.snippets import PAGES, TUTORIALS, Typed, Written, blocks, steps, typed
from tests.docs.typist import Typist, typing
from tests.mosquitto import free_port
from tests.patience import SLACK

pytestmark = [pytest.mark.long(280), pytest.mark.timeout(600 * SLACK)]
NOT_RUN = tomllib.loads(Path(__file__).with_name("not_run.toml").read_text(encoding="utf-8"))
README, *DOCS = [page for page in PAGES if typed(page) and page not in TUTORIALS]
TOOLS = ("make", "git", "curl", "mosquitto_sub", "mosquitto_pub", "jq", "openssl")
_FAIL = 'curl() { command curl --fail-with-body -sS "$@"; }'
"""An answer of 400 and more ends a command as it would end a reader's patience."""
_FIRST = {
    "make demo": ("message, fault and verdict of the demo", "PASSED|INVALID"),
    "iotmock watch": ("first message of one's own", " kW "),
    "iotmock generate": ("first chart", "wrote week.html"),
    "iotmock inject": ("first fault", "stuck from "),
    "iotmock soak soak.toml": ("first verdict of one's own", "report.html"),
}
"""What the README shows, by the command that does, with a pattern of what it says.

On a machine that is too busy for the load, a verdict is that it proves nothing.
"""


@pytest.fixture(scope="module")
def newcomer(tmp_path_factory: pytest.TempPathFactory) -> Newcomer:
    only_if_installs_are_asked_for()
    assert [tool for tool in TOOLS if shutil.which(tool) is None] == [], "not installed"
    return arrive(tmp_path_factory.mktemp("newcomer"))


@pytest.fixture
def typist(newcomer: Newcomer) -> Iterator[Typist]:
    """Somebody at a shell that has no mosquitto on its PATH; its clients are typed by theirs."""
    newcomer.begin_anew()
    port, mqtt_port = free_port(), free_port()
    second = free_port()
    ports = {":8090": f":{port}", "PORT=8090": f"PORT={port}"}
    ports |= {":8091": f":{second}", "PORT=8091": f"PORT={second}"}
    ports |= {"8883": str(free_port())}
    texts = ports | {
        f"{client} -h localhost": f"{shutil.which(client)} -h localhost -p {mqtt_port}"
        for client in ("mosquitto_sub", "mosquitto_pub")
    }
    with typing(newcomer.folder, newcomer.environment(port, mqtt_port), texts) as someone:
        someone.type(Typed(_FAIL))
        yield someone


def is_run(one: Typed) -> bool:
    return not any(one.command.startswith(beginning) for beginning in NOT_RUN)


def test_the_readme_from_its_first_line(
    typist: Typist, newcomer: Newcomer, capsys: pytest.CaptureFixture[str]
) -> None:
    begun = time.monotonic() - newcomer.installed_s
    seen = [f"installed: {newcomer.installed_s:.0f} s"]
    for one in filter(is_run, typed(README)):
        said = typist.type(one)
        for command, (what, pattern) in _FIRST.items():
            if one.command.startswith(command):
                assert re.search(pattern, said), f"{one.command}\nsaid:\n{said}"
                seen.append(f"{what}: {time.monotonic() - begun:.0f} s")
    assert len(seen) == 1 + len(_FIRST), seen
    assert "<svg" in (newcomer.folder / "week.html").read_text(encoding="utf-8")
    with capsys.disabled():
        sys.stdout.write("\n  ".join(("\nThe README typed, in an empty environment:", *seen, "")))


@pytest.mark.parametrize("page", DOCS, ids=lambda page: page.stem)
def test_a_page_of_the_docs(typist: Typist, newcomer: Newcomer, page: Path) -> None:
    mine = [one for one in typed(page) if is_run(one)]
    if mine:
        typist.run(f"PATH=$PWD/.venv/bin:$PATH:{os.environ['PATH']}")
        typist.type(Typed("iotmock serve"))
    for one in mine:
        typist.type(one)


@pytest.mark.parametrize("page", TUTORIALS, ids=lambda page: page.stem)
def test_a_tutorial_from_its_first_line(typist: Typist, page: Path) -> None:
    for one in steps(page):
        if isinstance(one, Written):
            typist.write(one)
        elif is_run(one):
            typist.type(one)


def test_what_is_not_run_is_in_the_docs() -> None:
    every = [one.command for page in PAGES for one in typed(page)]
    for beginning in NOT_RUN:
        assert any(command.startswith(beginning) for command in every), beginning


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_data_in_the_docs_is_well_formed(page: Path) -> None:
    for text in blocks(page, {"json"}):
        json.loads(text)
    for text in blocks(page, {"toml"}):
        tomllib.loads(text)
