"""What is shipped: the command line, the Dockerfile's install steps, the compose file."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import iotmock
from tests.patience import SLACK

ROOT = Path(__file__).parents[1]
SHIPPED = ("pyproject.toml", "constraints.txt", "README.md")


def run(*command: str | Path, cwd: Path | None = None, **environment: str) -> str:
    done = subprocess.run(
        [*map(str, command)],
        cwd=cwd,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=120 * SLACK,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize(
    "command", [["-m", "iotmock"], ["-c", "from iotmock.cli import main; main()"]]
)
def test_the_command_line_says_what_it_is(command: list[str]) -> None:
    assert run(sys.executable, *command, "--version") == f"iotmock {iotmock.__version__}\n"
    assert "serve" in run(sys.executable, *command, "--help")


@pytest.mark.timeout(140 * SLACK)
def test_the_dockerfiles_install_steps_work_in_an_empty_environment(tmp_path: Path) -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()
    (install,) = re.findall(r"RUN /opt/iotmock/bin/pip (install .*)", dockerfile)
    source, target = tmp_path / "src", tmp_path / "opt"
    source.mkdir()
    for name in SHIPPED:
        assert name in dockerfile
        shutil.copy2(ROOT / name, source / name)
    shutil.copytree(ROOT / "iotmock", source / "iotmock")
    run(sys.executable, "-m", "venv", target)
    run(target / "bin/pip", *install.split(), cwd=source)
    shutil.rmtree(source)
    assert iotmock.__version__ in run(target / "bin/iotmock", "--version", cwd=tmp_path)
    run(target / "bin/python", "-c", "import iotmock.service, iotmock.mqtt.broker", cwd=tmp_path)
    assert (next(target.glob("lib/*/site-packages/iotmock")) / "py.typed").exists()


def test_the_image_runs_without_root_and_is_checked() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()
    for line in ("USER iotmock", "HEALTHCHECK", "VOLUME /data", "MQTT_EMBEDDED_BROKER=off"):
        assert line in dockerfile
    assert dockerfile.count("FROM ") == 2


def test_the_compose_file_is_valid() -> None:
    if shutil.which("docker-compose"):
        shown = run("docker-compose", "config", cwd=ROOT)
    elif shutil.which("docker") and "compose" in run("docker", "--help"):
        shown = run("docker", "compose", "config", cwd=ROOT)
    else:
        pytest.skip("neither docker-compose nor docker compose is installed")
    assert "container_name: energy-iot-mock" in shown
    assert "image: iot-mock-service" in shown


def test_compose_is_open_to_this_machine_only_and_confined() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    assert all(port.startswith("127.0.0.1:") for port in re.findall(r'- "([\d.:]+:\d+)"', text))
    for confinement in ("read_only: true", "cap_drop: [ALL]", "no-new-privileges:true"):
        assert confinement in text
    services = re.findall(r"^  [\w-]+:$", text.partition("\nvolumes:")[0], re.MULTILINE)
    assert len(services) == text.count("<<: *confined") == 2
