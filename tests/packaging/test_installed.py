"""The sdist, installed where nothing else is, runs and shows itself; the wheel is the same."""

import csv
import subprocess
import sys
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest

import iotmock
from tests.asked import only_if_installs_are_asked_for
from tests.packaging.commands import run
from tests.packaging.distributions import MANUAL, made_sdist, made_wheel
from tests.patience import SLACK
from tests.repository import ROOT

pytestmark = [
    pytest.mark.long(80),
    pytest.mark.timeout(300 * SLACK),  # what is installed comes over the network
]
DEMO_S = 90.0
RECORD = f"iotmock-{iotmock.__version__}.dist-info/RECORD"


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One that has the sdist, and what it needs."""
    only_if_installs_are_asked_for()
    folder = tmp_path_factory.mktemp("sdist")
    sdist, environment = made_sdist(folder), folder / "env"
    run(sys.executable, "-m", "venv", environment)
    constraints = ROOT / "constraints.txt"
    run(environment / "bin/pip", "install", "-c", constraints, sdist, cwd=Path("/"))
    return environment


def hashes(record: Iterable[str]) -> dict[str, str]:
    """Return the hash of each file, as an installer's record has them."""
    return {name: of_content for name, of_content, _ in csv.reader(record) if of_content}


def test_what_is_installed_says_its_version(environment: Path) -> None:
    said = run(environment / "bin/iotmock", "--version", cwd=Path("/"))
    assert said == f"iotmock {iotmock.__version__}\n"


def test_what_is_installed_needs_nothing_else_for_its_demo(
    environment: Path, tmp_path: Path
) -> None:
    show = subprocess.run(
        [environment / "bin/iotmock", "demo"],
        cwd="/",
        env={"PATH": str(tmp_path), "HOME": str(tmp_path)},
        stdout=subprocess.PIPE,
        text=True,
        timeout=DEMO_S * SLACK,
        check=False,
    )
    said = show.stdout
    assert show.returncode == 0, said
    # A machine that has no time for it makes the verdict invalid, not wrong.
    assert "   PASSED\n" in said or "   INVALID\n" in said
    assert said.endswith("nothing is left behind.\n")


def test_the_wheel_is_what_was_installed(environment: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(made_wheel(tmp_path)) as archive:
        of_wheel = hashes(archive.read(RECORD).decode().splitlines())
    (record,) = environment.glob(f"lib/python3*/site-packages/{RECORD}")
    installed = hashes(record.read_text(encoding="utf-8").splitlines())
    del of_wheel[MANUAL]  # put beside it for another test
    assert of_wheel.items() <= installed.items()
    assert not {name for name in installed if name.startswith("iotmock/")} - of_wheel.keys()
