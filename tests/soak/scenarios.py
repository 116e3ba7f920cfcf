"""Scenarios that run for seconds, on busy machines too, and `iotmock soak` in its own process."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from attrs import define

from tests.mosquitto import PASSWORD, USERNAME
from tests.patience import SLACK
from tests.service.process import children_of, said_of, wait_until

SCENARIO = """
[broker]
host = "127.0.0.1"
port = {port}
username = "{username}"
password_env = "SOAK_PASSWORD"
{broker}
[fleet]
{fleet}
[[fleet.group]]
name = "roof"
device_type = "hvac"
location = "north"
count = {devices}
[load]
duration = {seconds}
interval = {interval}
{load}
{more}
[verify]
drain = 20
{verify}
[thresholds]
loss = 0
duplicates = {duplicates}
{punctual}{thresholds}
"""


def scenario(
    port: int,
    devices: int = 200,
    seconds: float = 4.0,
    interval: float = 1.0,
    duplicates: float = 0.0,
    *,
    punctual: bool = False,
    **sections: str,
) -> str:
    """Return a scenario; `sections` are more lines of broker, fleet, load and so on.

    One that is `punctual` is invalid where the machine does not do what it shall, or does it late.
    """
    names = ("broker", "fleet", "load", "more", "verify", "thresholds")
    return SCENARIO.format(
        port=port,
        username=USERNAME,
        devices=devices,
        seconds=seconds,
        interval=interval,
        duplicates=duplicates,
        punctual="" if punctual else _PATIENT,
        **{name: sections.get(name, "") for name in names},
    )


_PATIENT = """load_shortfall = 1.0
lateness_p99_ms = 60000
"""


@define(eq=False)
class Soak:
    """A run in its own process."""

    folder: Path
    process: subprocess.Popen[bytes]

    def wait(self, seconds: float = 60.0) -> int:
        return self.process.wait(seconds * SLACK)

    @property
    def said(self) -> str:
        return (self.folder / "said.log").read_text()

    @property
    def report(self) -> Any:
        return json.loads((self.latest / "report.json").read_text())

    @property
    def latest(self) -> Path:
        """The folder of the run that left its reports last."""
        return self.folder / "report" / "latest"

    @property
    def runs(self) -> list[Path]:
        """The folders of all runs, the one that goes on included."""
        folders = (self.folder / "report").glob("2*")
        return sorted(folders)

    @property
    def result(self) -> Any:
        return self.report["result"]

    @property
    def totals(self) -> Any:
        return self.result["totals"]

    def check_sent(self, planned: int, interval: float = 1.0, lost: int = 0) -> None:
        """All that was planned was sent, but for what a generator that stood joined, and came."""
        totals, late = self.totals, self.result["latencies"]["lateness"]
        joined = totals["due"] - totals["withheld"] - totals["sent"]
        assert totals["due"] == planned
        assert joined == 0 or (joined > 0 and late["max_ms"] >= 900 * interval), (joined, late)
        assert totals["received"] == totals["sent"] - lost > 0

    def wait_for(self, text: str) -> None:
        wait_until(lambda: text in self.said, 40, f"{text!r} in {self.said!r}")

    def interrupt(self) -> None:
        self.process.send_signal(signal.SIGINT)

    def children(self, module: str) -> list[int]:
        """The processes of a module that the run has started."""
        pids = children_of(self.process.pid)
        return [pid for pid in pids if module in said_of(pid, "cmdline")]


@contextmanager
def soaking(
    folder: Path, text: str, *options: str, script: str = "", **environment: str
) -> Iterator[Soak]:
    """Run a scenario; its reports are in `report`. A `script` is Python in place of the program."""
    (folder / "scenario.toml").write_text(text)
    program = [sys.executable, *(["-c", script] if script else ["-m", "iotmock"])]
    command = [*program, "soak", "scenario.toml", "-o", "report", *options]
    variables = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join(sys.path),
        "SOAK_PASSWORD": PASSWORD,
        **environment,
    }
    with (folder / "said.log").open("ab") as log:
        process = subprocess.Popen(command, cwd=folder, env=variables, stdout=log, stderr=log)
    try:
        yield Soak(folder, process)
    finally:
        process.kill()
        process.wait()
