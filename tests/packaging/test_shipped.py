"""What is shipped: the command line, the Dockerfile, the compose file."""

import re
import shutil
import sys

import pytest

import iotmock
from tests.packaging.commands import run
from tests.repository import ROOT


@pytest.mark.parametrize(
    "command", [["-m", "iotmock"], ["-c", "from iotmock.cli import main; main()"]]
)
def test_the_command_line_says_what_it_is(command: list[str]) -> None:
    shown = run(sys.executable, *command, "--version", cwd=ROOT)
    assert shown == f"iotmock {iotmock.__version__}\n"
    assert "serve" in run(sys.executable, *command, "--help", cwd=ROOT)


def test_the_image_runs_without_root_and_is_checked() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()
    for line in ("USER 10001", "HEALTHCHECK", "VOLUME /data", "MQTT_EMBEDDED_BROKER=off"):
        assert line in dockerfile
    assert dockerfile.count("FROM ") == 2


def test_the_compose_file_is_valid() -> None:
    if shutil.which("docker-compose"):
        shown = run("docker-compose", "config", cwd=ROOT)
    elif shutil.which("docker") and "compose" in run("docker", "--help"):
        shown = run("docker", "compose", "config", cwd=ROOT)
    else:
        pytest.skip("docker-compose is not installed (Debian: docker-compose)")
    assert "container_name: energy-iot-mock" in shown
    assert "image: iot-mock-service" in shown


def test_compose_is_open_to_this_machine_only_and_confined() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    assert all(port.startswith("127.0.0.1:") for port in re.findall(r'- "([\d.:]+:\d+)"', text))
    for confinement in ("read_only: true", "cap_drop: [ALL]", "no-new-privileges:true"):
        assert confinement in text
    services = re.findall(r"^  [\w-]+:$", text.partition("\nvolumes:")[0], re.MULTILINE)
    assert len(services) == text.count("<<: *confined") == 2
