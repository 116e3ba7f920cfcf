"""`iotmock receive` beside a service."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.mosquitto import Mosquitto, free_port, running_mosquitto
from tests.patience import LATE, SLACK
from tests.service.process import running_service, wait_until

NOT_ALL_CAME, BAD_INPUT = 1, 2


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    """A broker, and a service that stamps and has lived for a while, in another year."""
    folder = tmp_path_factory.mktemp("receive")
    with running_mosquitto(folder) as broker:
        settings = {
            "MQTT_BROKER_PORT": broker.port,
            "MQTT_EMBEDDED_BROKER": "off",
            "MQTT_STAMP": "properties",
            "MQTT_STAMP_RUN": "night",
            "SIMULATION_INTERVAL": 0.2,
            "SIMULATION_NOW": "2031-03-05T10:00",
            "STATE_FILE": ":memory:",
        }
        with running_service(folder, **settings) as service:
            wait_until(lambda: service.status()["messages"]["accepted"] > 50, 20, "it has lived")
            yield broker


@contextmanager
def receiving(
    folder: Path, port: int, *options: str, **environment: str
) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "iotmock", "receive", *options]
    variables = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join(sys.path),
        "MQTT_BROKER_PORT": str(port),
        **environment,
    }
    with subprocess.Popen(
        command,
        cwd=folder,
        env=variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        yield process


def received(folder: Path, port: int, *options: str, **environment: str) -> tuple[int, str, str]:
    with receiving(folder, port, *options, **environment) as process:
        output, error = process.communicate(timeout=40 * SLACK)
    return process.returncode, output, error


def test_it_counts_the_first_run_that_comes_from_when_it_came(
    tmp_path: Path, broker: Mosquitto
) -> None:
    code, output, error = received(tmp_path, broker.port, "--duration", "4")
    assert (code, error) == (0, "")
    last = output.splitlines()[-1]
    assert re.match(r"run night: 5 devices, \d+ received, ", last), output
    assert "missing 0, lost 0, duplicated 0, reordered 0, late 0, corrupted 0" in last


def test_as_json_it_says_receipts_and_latency_is_real_in_any_year(
    tmp_path: Path, broker: Mosquitto
) -> None:
    with receiving(tmp_path, broker.port, "--json", "--run", "night") as process:
        assert process.stdout is not None
        while json.loads(process.stdout.readline())["counts"]["received"] < 10:
            pass
        process.send_signal(signal.SIGINT)
        *_, last = map(json.loads, process.stdout)
        assert process.wait(20 * SLACK) == 0
    assert last["final"]
    assert last["counts"]["lost"] == 0
    assert 0.0 < last["latency"]["p50_ms"] < 5_000 * LATE


def test_it_says_what_keeps_it_from_counting(tmp_path: Path, broker: Mosquitto) -> None:
    code, output, _ = received(tmp_path, broker.port, "--duration", "4", "--run", "day")
    assert code == 0
    assert "messages, none to count: they have no stamp or another run's: leave --run out" in output
    code, output, error = received(tmp_path, broker.port, MQTT_PASSWORD="wrong")
    assert (code, output) == (BAD_INPUT, "")
    assert error.startswith(f"iotmock receive: the login is refused at localhost:{broker.port}")
    code, _, error = received(tmp_path, 1, "--broker", f"127.0.0.1:{free_port()}")
    assert (code, error.count("\n")) == (BAD_INPUT, 1)
    assert "Connection refused; start the broker, or set --broker" in error
