"""Wheel and sdist, each installed where nothing else is, run and show themselves."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import iotmock
from tests.asked import only_if_installs_are_asked_for
from tests.packaging.commands import run
from tests.packaging.distributions import made_sdist, made_wheel
from tests.patience import SLACK
from tests.repository import ROOT

pytestmark = [
    pytest.mark.long(120),
    pytest.mark.timeout(300 * SLACK),  # what is installed comes over the network
]
DEMO_S = 90.0


def installed(distribution: Path) -> Path:
    """Install it into an environment of its own, and return the command `iotmock`."""
    folder = distribution.parent / "env"
    run(sys.executable, "-m", "venv", folder)
    run(folder / "bin/pip", "install", "-c", ROOT / "constraints.txt", distribution, cwd=Path("/"))
    return folder / "bin/iotmock"


@pytest.fixture(scope="module")
def commands(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The command of the wheel, and that of the sdist."""
    only_if_installs_are_asked_for()
    folders = [tmp_path_factory.mktemp(kind) for kind in ("wheel", "sdist")]
    with ThreadPoolExecutor() as both:
        made = both.map(lambda make, folder: make(folder), (made_wheel, made_sdist), folders)
        return list(both.map(installed, made))


def test_what_is_installed_says_its_version(commands: list[Path]) -> None:
    for command in commands:
        assert run(command, "--version", cwd=Path("/")) == f"iotmock {iotmock.__version__}\n"


def test_what_is_installed_needs_nothing_else_for_its_demo(
    commands: list[Path], tmp_path: Path
) -> None:
    nothing = {"PATH": str(tmp_path), "HOME": str(tmp_path)}
    shows = [
        subprocess.Popen([command, "demo"], cwd="/", env=nothing, stdout=subprocess.PIPE, text=True)
        for command in commands
    ]
    for said, show in [(show.communicate(timeout=DEMO_S * SLACK)[0], show) for show in shows]:
        assert show.returncode == 0, said
        # A machine that has no time for it makes the verdict invalid, not wrong.
        assert "   PASSED\n" in said or "   INVALID\n" in said
        assert said.endswith("nothing is left behind.\n")
