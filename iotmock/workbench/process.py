"""A service in a process of its own, started and ended from a plain program."""

import os
import selectors
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

import msgspec
from attrs import define, field

import iotmock
from iotmock.workbench.order import Begun, Failed, Order

START_S = 60.0
END_S = 10.0
_UNBEGUN_S = 1.0
"""What has not begun has nothing to bring to an end, and may be importing yet."""
_HOST = "iotmock.workbench.host"
_MOST_LOG = 2_000


class StartError(RuntimeError):
    """The service can not start, and why."""


@define(eq=False)
class Process:
    """Where a service runs; what it writes lies in a folder that goes with it."""

    _program: "subprocess.Popen[bytes]"
    _folder: "TemporaryDirectory[str]"
    _begun: Begun | None = field(default=None, init=False)

    @classmethod
    def start(cls, order: Order) -> "Process":
        """Return a process that is ready.

        Raises:
            StartError: it can not start, or takes longer than START_S.
        """
        folder = TemporaryDirectory(prefix="iotmock-run-", ignore_cleanup_errors=True)
        process = cls(_launch(Path(folder.name)), folder)
        try:
            process._begin(order)
        except BaseException:
            process.end()
            raise
        return process

    def _begin(self, order: Order) -> None:
        with suppress(BrokenPipeError):  # it has ended already, and its log says why
            os.write(_input(self._program).fileno(), msgspec.json.encode(order) + b"\n")
        line = _line(self._program, time.monotonic() + START_S)
        if not line:
            raise StartError(f"the service did not start: {self.log[-_MOST_LOG:] or 'no word'}")
        match msgspec.json.decode(line, type=Begun | Failed):
            case Failed(why):
                raise StartError(why)
            case Begun() as begun:
                self._begun = begun

    @property
    def begun(self) -> Begun:
        """What it said when it was ready."""
        if self._begun is None:
            raise RuntimeError("the service has not begun")
        return self._begun

    @property
    def log(self) -> str:
        """What the service has logged."""
        try:
            return (Path(self._folder.name) / "service.log").read_text(errors="replace")
        except FileNotFoundError:
            return ""

    @property
    def end_reason(self) -> str | None:
        """Why it has ended of itself; None while it runs."""
        code = self._program.poll()
        if code is None:
            return None
        said = self.log.strip().splitlines()[-1:] or ["it has said nothing"]
        return f"the service has ended with {code}; its last line: {said[0][:_MOST_LOG]}"

    @property
    def pid(self) -> int:
        """The process."""
        return self._program.pid

    def end(self) -> None:
        """End it in order, or at once after END_S; to say it twice is no error."""
        _input(self._program).close()
        try:
            self._program.wait(END_S if self._begun else _UNBEGUN_S)
        except subprocess.TimeoutExpired:
            self._program.kill()
            self._program.wait()
        if self._program.stdout is not None:
            self._program.stdout.close()
        self._folder.cleanup()


def _launch(folder: Path) -> "subprocess.Popen[bytes]":
    with (folder / "service.log").open("wb") as log:
        # A signal of the terminal is for the program, which then ends its block.
        return subprocess.Popen(  # noqa: S603 - ourselves
            [sys.executable, "-m", _HOST, str(folder)],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(_paths()), "TMPDIR": str(folder)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
        )


def _paths() -> Iterator[str]:
    yield str(Path(iotmock.__file__).parents[1])
    yield from filter(None, [os.environ.get("PYTHONPATH")])


def _input(program: "subprocess.Popen[bytes]") -> IO[bytes]:
    if program.stdin is None:
        raise RuntimeError("a process without input was started")
    return program.stdin


def _line(program: "subprocess.Popen[bytes]", deadline: float) -> bytes:
    """Return its first line; nothing if it ends, or the deadline comes, before."""
    output, line = program.stdout, b""
    if output is None:
        return b""
    with selectors.DefaultSelector() as selector:
        selector.register(output, selectors.EVENT_READ)
        while not line.endswith(b"\n"):
            if not selector.select(max(0.0, deadline - time.monotonic())):
                return b""
            if not (piece := os.read(output.fileno(), 65_536)):
                return b""
            line += piece
    return line
