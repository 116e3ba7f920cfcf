"""The pytest plugin under xdist: `python -m benchmarks.workers [--tests 200] [--workers 8]`.

Twice: a run that ends, and one whose workers are killed (SIGKILL) again and again while it goes on.
Prints how long each took, how many ports there were, and which processes and ports it left behind.
"""

import argparse
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from secrets import token_hex
from tempfile import TemporaryDirectory

from attrs import frozen

from tests.mosquitto import wait_gone

_MARK = "IOTMOCK_BENCH_MARK"
_PATIENCE_S = 60.0
_KILL_EVERY_S = 5.0
_TESTS = """
import os, pathlib, pytest

@pytest.mark.parametrize("number", range({tests}))
def test_it(iotmock, broker, number):
    port = int(iotmock.url.rpartition(":")[2])
    used = f"{{iotmock.service.process.pid}}-{{port}}-{{broker.port}}"
    pathlib.Path("used", used).touch()
    device = iotmock.device("hvac", device_id="the-same-in-each-worker")
    assert device.next_reading(within=600).device_id == device.device_id
    with iotmock.by_hand():
        assert iotmock.step(60).acknowledged > 0
"""


_PATIENT = """
from iotmock.workbench import process

process.START_S = 600.0  # a machine that others keep busy is no fault of the plugin
"""


@frozen
class Project:
    """A folder with tests; all processes that it starts carry its mark."""

    folder: Path
    mark: str

    def start(self, workers: int) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
        command += ["-n", str(workers), "--max-worker-restart", "1000"]
        return subprocess.Popen(
            command,
            cwd=self.folder,
            env={**os.environ, _MARK: self.mark},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def processes(self) -> dict[int, str]:
        """Return the command lines of all that carry the mark."""
        return {pid: _command(pid) for pid in _marked(self.mark)}

    def used(self) -> list[tuple[int, ...]]:
        """Return pid and ports of each service that there was."""
        return [tuple(map(int, one.name.split("-"))) for one in (self.folder / "used").iterdir()]


def _marked(mark: str) -> Iterator[int]:
    needle = f"{_MARK}={mark}".encode()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if needle in (folder / "environ").read_bytes().split(b"\0"):
                yield int(folder.name)
        except OSError:  # it has ended
            continue


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
    except OSError:
        return ""


def kill_workers(project: Project, run: "subprocess.Popen[str]", random: Random) -> int:
    """Kill a worker now and then until the run ends; return how many."""
    killed = 0
    while run.poll() is None:
        time.sleep(_KILL_EVERY_S)
        if (workers := _children(run.pid)) and project.used():
            os.kill(random.choice(workers), signal.SIGKILL)
            killed += 1
    return killed


def _children(pid: int) -> list[int]:
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:  # it has ended
        return []


def report(project: Project, name: str, seconds: float, output: str, killed: int) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while (left := project.processes()) and time.monotonic() < deadline:
        time.sleep(0.1)
    gone_s = _PATIENCE_S - deadline + time.monotonic()
    used = project.used()
    ports = [port for _, *pair in used for port in pair]
    listening = [port for port in ports if not _is_gone(port)]
    summary = re.findall(r"^.*\bin \d+\.\d+s.*$", output, re.MULTILINE)[-1]
    print(f"{name}: {seconds:.1f} s, {killed} workers killed; {summary}")
    print(f"  {len(used)} services, {len(ports)} ports, {len(set(ports))} of them different")
    what = f"processes {left or 'none'}, ports {listening or 'none'}"
    print(f"  left behind after {gone_s:.1f} s: {what}", flush=True)


def _is_gone(port: int) -> bool:
    try:
        wait_gone(port, 0.1)
    except TimeoutError:
        return False
    return True


def main() -> None:
    arguments = argparse.ArgumentParser(prog="python -m benchmarks.workers", description=__doc__)
    arguments.add_argument("--tests", type=int, default=200)
    arguments.add_argument("--workers", type=int, default=8)
    given = arguments.parse_args()
    for name in ("a run that ends", "a run whose workers are killed"):
        with TemporaryDirectory(prefix="iotmock-workers-") as folder:
            project = Project(Path(folder), token_hex(8))
            (project.folder / "used").mkdir()
            (project.folder / "conftest.py").write_text(_PATIENT)
            (project.folder / "test_it.py").write_text(_TESTS.format(tests=given.tests))
            began = time.monotonic()
            run = project.start(given.workers)
            killed = kill_workers(project, run, Random(1)) if "killed" in name else 0
            output, _ = run.communicate()
            report(project, name, time.monotonic() - began, output, killed)


if __name__ == "__main__":
    main()
