"""The Dockerfile's image, built and run: read-only, without root, at a broker, to its end."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

import iotmock
from tests.mosquitto import PASSWORD, USERNAME, Mosquitto, running_mosquitto
from tests.packaging.image import Container, Image, built_image, running_container
from tests.patience import SLACK
from tests.service.process import command, subscribed, wait_until

pytestmark = [
    pytest.mark.long(120),
    pytest.mark.timeout(400 * SLACK),  # a base is made, and wheels come over the network
]
DEVICE = "mock-server-001"
LARGEST_MB = 220
OTHERS = (
    "iotmock.__main__", "iotmock.soak.stores.sql", "iotmock.judge", "iotmock.workbench.container",
    "iotmock.workbench.testing",
)  # fmt: skip
"""What needs an extra, or pytest; and what would run."""
EVERY_MODULE = f"""
import importlib, pkgutil, iotmock
for module in pkgutil.walk_packages(iotmock.__path__, "iotmock.", onerror=lambda _: None):
    if not module.name.startswith({OTHERS!r}):
        importlib.import_module(module.name)
"""


@pytest.fixture(scope="module")
def image() -> Iterator[Image]:
    with built_image() as image:
        yield image


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    with running_mosquitto(tmp_path_factory.mktemp("broker")) as broker:
        yield broker


@pytest.fixture
def container(image: Image, broker: Mosquitto, tmp_path: Path) -> Iterator[Container]:
    settings = {
        "MQTT_BROKER_HOST": "127.0.0.1",
        "MQTT_BROKER_PORT": broker.port,
        "MQTT_USERNAME": USERNAME,
        "MQTT_PASSWORD": PASSWORD,
        "SIMULATION_INTERVAL": "0.5",
    }
    with running_container(image, tmp_path, **settings) as container:
        yield container


def test_the_image_serves_rest_and_mqtt_and_ends_with_0(
    container: Container, broker: Mosquitto, tmp_path: Path
) -> None:
    wait_until(container.check_health, 20, "its HEALTHCHECK says that it is ready")
    described = container.request("GET", "/openapi.json")[1]
    assert described["info"]["version"] == iotmock.__version__
    assert container.is_connected()
    with subscribed(broker.port) as heard:
        heard.wait_for(lambda s: s.data(DEVICE))
        command(container, broker.port, DEVICE, "set_power", power=25.0)
        heard.wait_for(lambda s: s.results(DEVICE))
        assert heard.results(DEVICE)[-1]["status"] == "applied"
    made = {"device_type": "hvac", "name": "Mine"}
    assert container.request("POST", "/api/v1/devices", made)[0] == 201
    assert container.end() == 0
    assert not container.check_health()
    assert (tmp_path / "data/iotmock.db").stat().st_uid == 10001
    assert "Traceback" not in container.log


def test_its_user_can_write_to_its_data_only(container: Container) -> None:
    assert container.process is not None
    status = Path(f"/proc/{container.process.pid}/status").read_text()
    (uids,) = [line.split()[1:] for line in status.splitlines() if line.startswith("Uid:")]
    assert uids == ["10001"] * 4
    assert "CapEff:\t0000000000000000" in status
    for place in ("/home/iotmock/x", "/opt/iotmock/x", "/tmp/x"):
        assert "Read-only" in container.run_inside("touch", place).stderr
    assert container.run_inside("touch", "/data/x").returncode == 0


def test_pip_is_not_in_it_and_every_module_can_be_imported(container: Container) -> None:
    for python in ("python", "/usr/bin/python3"):
        assert "No module named pip" in container.run_inside(python, "-m", "pip").stderr
    imported = container.run_inside("python", "-c", EVERY_MODULE)
    assert imported.returncode == 0, imported.stderr


def test_the_page_is_in_it(container: Container) -> None:
    told = "from iotmock.web.site import the_site; print(the_site().why_not)"
    assert container.run_inside("python", "-c", told).stdout == "None\n"


def test_it_is_small(image: Image) -> None:
    assert image.size_mb() - image.base_size_mb() <= LARGEST_MB
    assert not os.path.lexists(image.root / "src")
