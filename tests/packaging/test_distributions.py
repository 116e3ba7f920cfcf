"""Wheel and sdist: what is in them, and that they run where nothing else is installed."""

import re
import shutil
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from email.message import Message
from email.parser import Parser
from pathlib import Path

import pytest
from attrs import define

import iotmock
from tests.mosquitto import free_port
from tests.packaging.commands import clean_environment, run
from tests.patience import SLACK
from tests.repository import ROOT, copy_to, files
from tests.service.process import Service, wait_until

pytestmark = pytest.mark.timeout(240 * SLACK)  # what is installed comes over the network
PARTS = ["tests/test_settings.py", "tests/packaging/test_version.py", "tests/storage"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`pip wheel .` with what the Dockerfile copies, which is therefore enough."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    source.mkdir()
    (listed,) = re.findall(r"^COPY (.+) \./$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    for name in listed.split():
        shutil.copy2(ROOT / name, source / name)
    for name in packaged_files():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, source / name)
    run(sys.executable, "-m", "pip", "wheel", "--no-deps", "-w", folder, ".", cwd=source)
    return one_of(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sdist")
    source = copy_to(folder / "source")
    run(sys.executable, "-m", "build", "--sdist", "--outdir", folder, source)
    return one_of(folder.glob("*.tar.gz"))


def one_of(found: Iterator[Path]) -> Path:
    (one,) = found
    return one


def packaged_files() -> list[str]:
    return [name for name in files() if name.startswith("iotmock/")]


def metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith("/METADATA"))
        return Parser().parsestr(archive.read(name).decode())


def test_the_wheel_has_the_package_and_its_licence_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    information = f"iotmock-{iotmock.__version__}.dist-info/"
    assert {name for name in names if not name.startswith(information)} == set(packaged_files())
    assert f"{information}licenses/LICENSE" in names


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


@define(eq=False)
class Installed(Service):
    """The service of a virtual environment that has nothing else."""

    def command(self) -> list[str]:
        return [str(self.folder / "env/bin/iotmock"), "serve"]


@pytest.mark.parametrize("kind", ["wheel", "sdist"])
def test_it_is_installed_into_an_empty_environment_and_serves(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    distribution = request.getfixturevalue(kind)
    home = clean_environment(HOME=str(tmp_path))
    run(sys.executable, "-m", "venv", tmp_path / "env", env=home)
    pins = ROOT / "constraints.txt"
    run(tmp_path / "env/bin/pip", "install", "-c", pins, distribution, cwd=tmp_path)
    iotmock_command = tmp_path / "env/bin/iotmock"
    shown = run(iotmock_command, "--version", cwd=tmp_path, env=home)
    assert shown == f"iotmock {iotmock.__version__}\n"
    service = Installed(tmp_path, {"MQTT_BROKER_PORT": str(free_port()), "PYTHONPATH": ""})
    service.start()
    try:
        wait_until(service.is_connected, 20, "it has found its own broker")
        assert service.end() == 0
    finally:
        if service.process is not None:
            service.process.kill()
            service.process.wait()
