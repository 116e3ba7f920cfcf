"""Ctrl-C, whenever it comes: no traceback, and the exit code of something interrupted."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from iotmock.signals import ending_signals
from tests.mosquitto import free_port
from tests.patience import SLACK
from tests.service.process import Service, running_service, wait_until

INTERRUPTED = {130, -signal.SIGINT}
"""By an exit, or by the signal itself, which a shell shows as 130, too."""


@pytest.mark.parametrize("module", ["typer", "pydantic", "trio", "quart", "hypercorn"])
def test_during_the_imports(tmp_path: Path, module: str) -> None:
    # In its place, for the first import of it: the signal, in the midst of importing.
    (tmp_path / f"{module}.py").write_text(
        "import os, signal, time\nos.kill(os.getpid(), signal.SIGINT)\ntime.sleep(30)\n"
    )
    service = Service(tmp_path, {})
    assert service.run() in INTERRUPTED
    assert service.log == ""


@pytest.mark.parametrize(("asked", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_while_the_service_starts(tmp_path: Path, asked: signal.Signals, code: int) -> None:
    service = Service(tmp_path, {"MQTT_BROKER_PORT": str(free_port()), "FLEET": "hvac=5000"})
    process = service.launch()
    wait_until(lambda: "embedded broker listens" in service.log, 20, "it starts")
    process.send_signal(asked)
    assert process.wait(20 * SLACK) in {code, 0}  # 0 if it came when the service was there
    assert "Traceback" not in service.log


@pytest.mark.usefixtures("hangups_heeded")
def test_a_terminal_that_is_closed_ends_it_in_order(tmp_path: Path) -> None:
    with running_service(tmp_path, MQTT_BROKER_PORT=free_port()) as service:
        assert service.end(signal.SIGHUP) == 0
        assert "stopped" in service.log


def test_what_nohup_protects_from_a_closed_terminal_stays() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        assert signal.SIGHUP not in ending_signals()
    finally:
        signal.signal(signal.SIGHUP, before)


def test_while_a_series_is_written(tmp_path: Path) -> None:
    file = tmp_path / "series.csv"
    command = [sys.executable, "-m", "iotmock", "generate", "--profile", "hvac"]
    command += ["--days", "36500", "--step", "60", "-o", str(file)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        wait_until(lambda: file.exists() and file.stat().st_size > 0, 30, "it writes")
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=20 * SLACK)
    finally:
        process.kill()
    assert process.returncode == 130
    assert "Traceback" not in said
