"""A broker for all tests of the doctor in a process, and a machine on which all is well."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from iotmock.doctor.machine import neighbour
from iotmock.doctor.visit import broker as visit
from tests.line import Line
from tests.mosquitto import Mosquitto, free_port, running_mosquitto
from tests.patience import SLACK


@pytest.fixture(scope="package")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    with running_mosquitto(tmp_path_factory.mktemp("doctor")) as one:
        yield one


@pytest.fixture
def line(broker: Mosquitto, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Line:
    monkeypatch.chdir(tmp_path)
    for looks in (neighbour, visit):
        monkeypatch.setattr(looks, "_TIMEOUT_S", looks._TIMEOUT_S * SLACK)
    return Line(
        {
            "HOST": "127.0.0.1",
            "PORT": str(free_port()),
            "MQTT_BROKER_HOST": "127.0.0.1",
            "MQTT_BROKER_PORT": str(broker.port),
            "MQTT_EMBEDDED_BROKER": "off",
        }
    )
