"""Somebody who types what a page says, in one shell, in a folder of the repository's copy."""

import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue

from attrs import define, field

from tests.docs.snippets import Typed, Written
from tests.patience import SLACK
from tests.service.process import wait_until

_ENDLESS = re.compile(r"^(\w+=(\$\([^)]*\)|\S*) )*(make run|iotmock serve)\b")
"""What goes on until it is stopped: the reader has a second terminal."""
_STREAM = re.compile(r"^(\S*mosquitto_sub|iotmock watch)\b|^curl\b.* -N\b")
"""What shows messages until it is stopped; a reader stops it who has seen one."""
_PATIENCE_S = 120.0
_LONGEST_S = 180.0
_MARK = "--typed--"


def proves_nothing(said: str, code: int) -> bool:
    """Whether it is a soak test on a machine that was too busy for its load."""
    return code == 3 and "INVALID" in said


@define(eq=False)
class Typist:
    """`texts` are replaced in what is typed: ports that are free in place of the usual ones."""

    shell: subprocess.Popen[str]
    folder: Path
    texts: Mapping[str, str]
    lines: Queue[str] = field(factory=Queue)
    _serving: bool = False

    def type(self, one: Typed) -> str:
        """Type a command; return what it said, once it has ended or serves."""
        command = one.command
        for usual, ours in self.texts.items():
            command = command.replace(usual, ours)
        if _ENDLESS.match(command) and not one.shown:
            return self._serve(command)
        if _STREAM.match(command):
            command += " | head -n 1"
        said, code = self.run(command)
        assert one.shown or code == 0 or proves_nothing(said, code), (
            f"{one.command}\nended with {code}:\n{said}"
        )
        for line in one.shown:
            assert line in said.splitlines(), f"{one.command}\nsaid:\n{said}"
        return said

    def write(self, one: Written) -> None:
        """Write a file where the shell is."""
        said, _ = self.run("pwd")
        (Path(said.strip()) / one.name).write_text(one.text)

    def run(self, command: str) -> tuple[str, int]:
        """Run it as it stands; return what it said and its exit code."""
        assert self.shell.stdin is not None
        self.shell.stdin.write(f"{command}\nprintf '\\n%s %s\\n' {_MARK} $?\n")
        self.shell.stdin.flush()
        said, end = list[str](), time.monotonic() + _LONGEST_S * SLACK
        while not (line := self._line(command, said)).startswith(_MARK):
            said.append(line)
            assert time.monotonic() < end, f"{command}\ndoes not end; it said:\n{''.join(said)}"
        return "".join(said), int(line.split()[1])

    def _line(self, command: str, said: list[str]) -> str:
        try:
            return self.lines.get(timeout=_PATIENCE_S * SLACK)
        except Empty:
            raise AssertionError(f"{command}\nis silent; it said:\n{''.join(said)}") from None

    def _serve(self, command: str) -> str:
        """Start it in the background, in place of what served before."""
        self.stop()
        log = self.folder / "served.log"
        log.write_text("")
        self.run(f"set -m; {command} > {log} 2>&1 & served=$!; set +m")
        self._serving = True
        wait_until(lambda: "serving" in log.read_text(), _PATIENCE_S, f"{command} serves")
        return log.read_text()

    def stop(self) -> None:
        """Press Ctrl-C where something serves."""
        if self._serving:
            self.run("kill -INT -- -$served; wait $served; true")
            self._serving = False

    def read(self) -> None:
        """Take what the shell says, in a thread of its own."""
        assert self.shell.stdout is not None
        for line in self.shell.stdout:
            self.lines.put(line)


@contextmanager
def typing(
    folder: Path, environment: Mapping[str, str], texts: Mapping[str, str]
) -> Iterator[Typist]:
    """Open a shell that knows this environment and nothing else."""
    shell = subprocess.Popen(
        ["bash", "--noprofile", "--norc"],
        cwd=folder,
        env=dict(environment),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    someone = Typist(shell, folder, texts)
    reader = threading.Thread(target=someone.read, daemon=True)
    reader.start()
    try:
        yield someone
        someone.stop()
    finally:
        _end_session(shell.pid)
        shell.wait()


def _end_session(session: int) -> None:
    """Kill whatever the shell has started, background jobs in groups of their own included."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            if int(stat.read_text().rpartition(")")[2].split()[3]) == session:
                os.kill(int(stat.parent.name), signal.SIGKILL)
        except (OSError, ValueError):
            continue
