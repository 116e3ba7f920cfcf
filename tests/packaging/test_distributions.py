"""Wheel and sdist: what is in them."""

import os
import re
import sys
import tarfile
import zipfile
from email.message import Message
from email.parser import Parser
from pathlib import Path

import pytest

import iotmock
from tests.packaging.commands import run
from tests.packaging.distributions import MANUAL, made_sdist, made_wheel, packaged_files
from tests.patience import SLACK
from tests.repository import ROOT, files

pytestmark = [
    pytest.mark.long(20),
    pytest.mark.timeout(240 * SLACK),  # what is installed comes over the network
]
VENDOR = "iotmock/web/vendor/"
"""What the page takes from others, each part with its licence: fetched by the build."""
OF_OTHERS = ("htm", "preact", "uplot")
PARTS = ["tests/settings/test_settings.py", "tests/packaging/test_version.py", "tests/storage"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_wheel(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_sdist(tmp_path_factory.mktemp("sdist"))


def metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith("/METADATA"))
        return Parser().parsestr(archive.read(name).decode())


def test_the_wheel_has_the_package_its_manual_and_its_licence_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    information = f"iotmock-{iotmock.__version__}.dist-info/"
    inside = {name for name in names if not name.startswith(information)}
    of_others = {name for name in inside if name.startswith(VENDOR)}
    assert inside - of_others == {*packaged_files(), MANUAL}
    assert f"{information}licenses/LICENSE" in names


def test_the_wheel_has_the_page_with_what_it_takes_from_others_and_their_licences(
    wheel: Path,
) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    if f"{VENDOR}not-built.txt" in names and not os.environ.get("IOTMOCK_REQUIRE_NPM"):
        pytest.skip("what the page needs is not installed: npm's registry is not at hand")
    assert {f"{VENDOR}{name}.js" for name in OF_OTHERS} <= names
    assert {f"{VENDOR}{name}.LICENSE.txt" for name in OF_OTHERS} <= names


def test_the_wheel_says_whose_it_is_and_what_it_needs(wheel: Path) -> None:
    told = metadata(wheel)
    assert (told["Version"], told["License-Expression"]) == (iotmock.__version__, "MIT")
    assert told["Author"] == "iotmock contributors"
    needed = [line for line in told.get_all("Requires-Dist", []) if "extra ==" not in line]
    assert not [line for line in needed if line.startswith(("sqlalchemy", "pyarrow", "ray"))]
    assert {"sql", "parquet", "ray"} <= set(told.get_all("Provides-Extra", []))


def test_every_tested_python_is_named_and_no_other(wheel: Path) -> None:
    (tested,) = re.findall(r"^PYTHONS \?= (.+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    named = [line.rpartition(" ")[2] for line in metadata(wheel).get_all("Classifier", [])]
    assert [name for name in named if re.fullmatch(r"3\.\d+", name)] == tested.split()


def test_the_sdist_has_every_file_of_the_repository(sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        inside = {name.partition("/")[2] for name in archive.getnames()}
    assert not set(files()) - inside


def test_an_unpacked_sdist_tests_itself(sdist: Path, tmp_path: Path) -> None:
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    folder = tmp_path / f"iotmock-{iotmock.__version__}"
    where = [sys.executable, "-c", "import iotmock; print(iotmock.__file__)"]
    assert run(*where, cwd=folder).startswith(str(folder))
    shown = run(sys.executable, "-m", "pytest", "-q", *PARTS, cwd=folder)
    assert re.search(r"\d+ passed", shown)
