"""One service with a real broker for all tests of the client in a process."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.line import Line
from tests.mosquitto import running_mosquitto
from tests.service.process import Service, running_service

TOKEN = "s3cret-of-the-service"


@pytest.fixture(scope="package")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("client")
    with (
        running_mosquitto(folder) as broker,
        running_service(folder, MQTT_BROKER_PORT=broker.port, SIMULATION_INTERVAL=0.5) as one,
    ):
        one.wait_connected()
        yield one


@pytest.fixture
def line(service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Line:
    """The command line, told where the service is."""
    monkeypatch.chdir(tmp_path)
    return Line({"IOTMOCK_URL": f"http://localhost:{service.port}"})


@pytest.fixture
def lost_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Line:
    """The command line, told nothing."""
    monkeypatch.chdir(tmp_path)
    return Line({})
