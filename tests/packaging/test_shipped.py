"""What is shipped: the command line, the Dockerfile, the compose file."""

import re
import shutil
import sys

import pytest
import yaml

import iotmock
from tests.packaging.commands import run
from tests.packaging.test_deploy import SETTINGS
from tests.repository import ROOT

COMPOSE = (ROOT / "docker-compose.yml").read_text()
SERVICES = yaml.safe_load(COMPOSE)["services"]


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
    shown = composed()
    assert "container_name: energy-iot-mock" in shown
    assert "image: iot-mock-service" in shown


def composed(*options: str) -> str:
    """Return the file as compose understands it."""
    if shutil.which("docker-compose"):
        return run("docker-compose", *options, "config", cwd=ROOT)
    if shutil.which("docker") and "compose" in run("docker", "--help"):
        return run("docker", "compose", *options, "config", cwd=ROOT)
    pytest.skip("docker-compose is not installed (Debian: docker-compose)")


def test_the_demo_has_all_that_belongs_to_it_and_is_asked_for() -> None:
    services = yaml.safe_load(composed("--profile", "demo"))["services"]
    assert services.keys() == SERVICES.keys()
    demo = {name for name, service in SERVICES.items() if service.get("profiles") == ["demo"]}
    assert demo == {"prometheus", "influxdb", "telegraf", "grafana"}
    assert all(re.search(r":v?\d+\.\d+\.\d+$", SERVICES[name]["image"]) for name in demo)


def test_what_is_mounted_is_in_the_repository_and_can_not_be_changed() -> None:
    mounts = [one for service in SERVICES.values() for one in service.get("volumes", [])]
    files = [one for one in mounts if one.startswith(".")]
    assert len(files) == 4
    for one in files:
        source, _, mode = one.split(":")
        assert (ROOT / source).exists(), one
        assert mode == "ro"


def test_every_secret_is_a_variable_and_the_same_for_all_that_need_it() -> None:
    texts = re.findall(r"(\w*(?:PASSWORD|TOKEN)): (\S+)", COMPOSE)
    assert len(texts) > 5
    assert all(re.fullmatch(r"\$\{\w+:-[\w-]*\}", value) for _, value in texts), texts
    variables = dict(value[2:-1].split(":-") for _, value in texts)
    assert len({value for _, value in texts}) == len(variables)


def test_what_the_demo_sets_is_a_setting() -> None:
    assert set(SERVICES["iot-mock"]["environment"]) <= SETTINGS


def test_compose_is_open_to_this_machine_only_and_confined() -> None:
    for name, service in SERVICES.items():
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", [])), name
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
