"""Real databases, and a broker before them."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mosquitto import Mosquitto, running_mosquitto
from tests.soak.stores.influxd import DATABASE, Influxd, running_influxd


@pytest.fixture(scope="module")
def influx(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Influxd]:
    with running_influxd(tmp_path_factory.mktemp("influxdb")) as server:
        yield server


@pytest.fixture
def database(influx: Influxd) -> Influxd:
    influx.ask(f"DROP DATABASE {DATABASE}")
    influx.ask(f"CREATE DATABASE {DATABASE}")
    return influx


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Mosquitto]:
    with running_mosquitto(tmp_path) as broker:
        yield broker


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "platform.db"
    with sqlite3.connect(path) as made:
        made.execute("CREATE TABLE readings (device_id TEXT, timestamp TEXT, power REAL)")
    made.close()
    return path
