"""`iotmock demo` as somebody runs it who has nothing else; what it shows must be there."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path

import pytest
import trio
from attrs import define

from iotmock.demo.acts import Demo, perform
from iotmock.demo.site import USUAL_PORT, working_morning
from iotmock.demo.teller import Teller
from iotmock.mqtt import V311, Client, ConnectOptions
from tests.mosquitto import PASSWORD, USERNAME, program
from tests.patience import SLACK, within
from tests.service.process import wait_until

pytestmark = [
    pytest.mark.long(85),
    pytest.mark.timeout(150 * SLACK),
]
MINUTE_S = 90.0
INTERRUPTED = 130


@define(eq=False)
class Performance:
    """The command in a process of its own, with nothing on its PATH."""

    folder: Path
    process: subprocess.Popen[bytes]

    @property
    def said(self) -> str:
        return (self.folder / "said.log").read_text()

    @property
    def left_behind(self) -> list[str]:
        return [path.name for path in (self.folder / "tmp").iterdir()]

    def wait_for(self, text: str) -> None:
        wait_until(lambda: text in self.said or self.process.poll() is not None, MINUTE_S, text)
        assert text in self.said, self.said

    def interrupt(self, how: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(how)
        return self.process.wait(20 * SLACK)

    def processes(self) -> list[str]:
        """The command lines of all processes that have the demo's temporary folder."""
        mark = f"TMPDIR={self.folder / 'tmp'}\0"
        return [
            line for pid in _pids() if mark in _of(pid, "environ") and (line := _of(pid, "cmdline"))
        ]


def _pids() -> list[str]:
    return [path.name for path in Path("/proc").iterdir() if path.name.isdigit()]


def _of(pid: str, name: str) -> str:
    with suppress(OSError):
        return Path("/proc", pid, name).read_text(errors="replace")
    return ""


@contextmanager
def performing(folder: Path, *options: str) -> Iterator[Performance]:
    (folder / "tmp").mkdir()
    (folder / "bin").mkdir()
    environment = {
        "HOME": str(folder),
        "PATH": str(folder / "bin"),
        "TMPDIR": str(folder / "tmp"),
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    command = [sys.executable, "-m", "iotmock", "demo", *options]
    with (folder / "said.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
    try:
        yield Performance(folder, process)
    finally:
        process.kill()
        process.wait()


@contextmanager
def taken(port: int) -> Iterator[set[int]]:
    """Hold a port; yield it, or nothing if somebody else has it, who may give it up meanwhile."""
    held = set[int]()
    with closing(socket.socket()) as holder:
        # Else a connection that was closed a moment ago would keep us from it, and not the demo.
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with suppress(OSError):
            holder.bind(("127.0.0.1", port))
            holder.listen()
            held.add(port)
        yield held


def found(pattern: str, said: str) -> tuple[str, ...]:
    match = re.search(pattern, said)
    assert match is not None, said
    return match.groups()


def test_it_shows_a_message_a_fault_and_a_verdict_and_stays_with_keep(tmp_path: Path) -> None:
    begun = datetime.now(UTC)
    with (
        taken(1883) as mqtt,
        taken(USUAL_PORT) as rest,
        performing(tmp_path, "--keep") as demo,
    ):
        demo.wait_for("All of it stays until Ctrl-C.")
        said = demo.said
        assert "the embedded broker, at 127.0.0.1:" in said
        message = json.loads(found(r"(?s)\n   (\{\n.*?\n   \})\n", said)[0])
        assert message["timestamp"][:13] in {f"{day}T10" for day in mornings(begun)}
        assert said.count("  late: it was kept meanwhile") >= 2
        assert "status: offline" in said
        assert re.search(r"messages: \d+ late", said)
        sent, received, lost = found(r"([\d,]+) messages sent, ([\d,]+) received, (\d+) lost", said)
        assert (sent, lost) == (received, "0")
        assert re.search(r"(?m)^   (PASSED|INVALID)$", said)
        trio.run(_check_what_it_names, said, mqtt | rest, mornings(begun))
        assert Path(found(r"verdict +(.*)", said)[0]).stat().st_size > 10_000
        assert demo.interrupt() == 0, demo.said
        assert demo.said.endswith("Ended; nothing is left behind.\n")
        assert demo.left_behind == []
        assert demo.processes() == []


def mornings(begun: datetime) -> set[str]:
    """The working days on which the demo can have begun, if it is not earlier than `begun`."""
    return {f"{working_morning(moment):%Y-%m-%d}" for moment in (begun, datetime.now(UTC))}


async def _check_what_it_names(said: str, held: set[int], days: set[str]) -> None:
    """Look at everything that is to be looked at."""
    port, mqtt_port = (int(found(p, said)[0]) for p in (r"REST .*:(\d+)/docs", r"@127.0.0.1:(\d+)"))
    assert {port, mqtt_port}.isdisjoint(held)
    with closing(HTTPConnection("127.0.0.1", port, timeout=10 * SLACK)) as rest:
        rest.request("GET", "/api/v1/simulation/status")
        status = json.loads(rest.getresponse().read())
    assert status["devices"]["total"] == 12
    assert status["now"][:10] in days
    options = ConnectOptions("looks", USERNAME, PASSWORD, protocols=(V311,))
    with within(10):
        async with Client("127.0.0.1", mqtt_port, options):
            pass


@pytest.mark.trio
async def test_with_a_mosquitto_it_is_shown_on_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(Path(program("mosquitto")).parent), prepend=os.pathsep)
    assert shutil.which("mosquitto")
    demo = Demo(tmp_path, Teller(), soak_s=4)
    with within(MINUTE_S):
        await perform(demo)
    said = capsys.readouterr().out
    assert demo.shown.is_set(), said
    assert "mosquitto, at 127.0.0.1:" in said
    sent, received = found(r"([\d,]+) messages sent, ([\d,]+) received, 0 lost", said)
    assert sent == received
    assert " soak init " in said


@pytest.mark.parametrize("act", ["1  A broker", "4  A fault", "5  A soak test"])
def test_ctrl_c_at_any_time_is_clean(tmp_path: Path, act: str) -> None:
    with performing(tmp_path) as demo:
        demo.wait_for(act)
        assert demo.interrupt() == INTERRUPTED, demo.said
        assert demo.said.endswith("Ended; nothing is left behind.\n")
        assert "Traceback" not in demo.said
        assert demo.left_behind == []
        assert demo.processes() == []


@pytest.mark.usefixtures("hangups_heeded")
def test_a_terminal_that_is_closed_leaves_nothing_behind(tmp_path: Path) -> None:
    with performing(tmp_path) as demo:
        demo.wait_for("4  A fault")
        assert demo.interrupt(signal.SIGHUP) == INTERRUPTED, demo.said
        assert (demo.left_behind, demo.processes()) == ([], [])


@pytest.mark.parametrize(
    ("day", "shown"),
    [("2026-11-25", "2026-11-25"), ("2026-11-28", "2026-11-27"), ("2026-11-29", "2026-11-27")],
)
def test_it_is_always_a_working_day_at_ten(day: str, shown: str) -> None:
    morning = working_morning(datetime.fromisoformat(f"{day}T23:30:00+00:00"))
    assert morning.isoformat() == f"{shown}T10:00:00+00:00"
