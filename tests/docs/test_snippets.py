"""README and docs, typed from a fresh copy by somebody who knows nothing else."""

import json
import os
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from attrs import frozen

from tests.docs.snippets import PAGES, Typed, blocks, typed
from tests.docs.typist import Typist, typing
from tests.mosquitto import free_port
from tests.patience import SLACK
from tests.repository import copy_to

pytestmark = pytest.mark.timeout(300 * SLACK)
NOT_RUN = tomllib.loads(Path(__file__).with_name("not_run.toml").read_text(encoding="utf-8"))
README, *DOCS = [page for page in PAGES if typed(page)]
TOOLS = ("make", "curl", "mosquitto_sub", "mosquitto_pub", "jq", "openssl")
_FAIL = 'curl() { command curl --fail-with-body -sS "$@"; }'
"""An answer of 400 and more ends a command as it would end a reader's patience."""
_SERVE = Typed("iotmock serve")


@frozen
class Copy:
    """The repository as a newcomer has it, with `.venv` as `make run` makes it."""

    folder: Path

    def environment(self, port: int, mqtt_port: int) -> dict[str, str]:
        return {
            "HOME": str(self.folder),
            "PATH": f"{self.folder}/.venv/bin:{os.environ['PATH']}",
            "PORT": str(port),
            "IOTMOCK_URL": f"http://localhost:{port}",
            "MQTT_BROKER_PORT": str(mqtt_port),
        } | {name: os.environ[name] for name in _PIP if name in os.environ}


_PIP = ("PIP_INDEX_URL", "PIP_CONFIG_FILE", "PIP_CERT", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    for tool in TOOLS:
        if shutil.which(tool) is None:
            skip_or_fail(f"{tool} is not installed")
    folder = copy_to(tmp_path_factory.mktemp("copy"))
    subprocess.run(["make", ".venv/.run"], cwd=folder, check=True, timeout=120 * SLACK)
    return Copy(folder)


def skip_or_fail(reason: str) -> None:
    if os.environ.get("IOTMOCK_REQUIRE_SNIPPETS") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture
def typist(copy: Copy) -> Iterator[Typist]:
    port, mqtt_port = free_port(), free_port()
    texts = {
        ":8090": f":{port}",
        "mosquitto_sub -h localhost": f"mosquitto_sub -h localhost -p {mqtt_port}",
        "mosquitto_pub -h localhost": f"mosquitto_pub -h localhost -p {mqtt_port}",
    }
    with typing(copy.folder, copy.environment(port, mqtt_port), texts) as someone:
        someone.type(Typed(_FAIL))
        yield someone


def is_run(one: Typed) -> bool:
    return not any(one.command.startswith(beginning) for beginning in NOT_RUN)


def test_the_readme_from_its_first_line(typist: Typist) -> None:
    for one in filter(is_run, typed(README)):
        typist.type(one)


@pytest.mark.parametrize("page", DOCS, ids=lambda page: page.stem)
def test_a_page_of_the_docs(typist: Typist, page: Path) -> None:
    mine = [one for one in typed(page) if is_run(one)]
    if mine:
        typist.type(_SERVE)
    for one in mine:
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
