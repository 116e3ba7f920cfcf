"""A service that is forked from a process which has imported what it needs.

It is `iotmock serve` in a process of its own, without what takes most of its start: the imports.
Tests about the start, and with variables that Python itself reads, have the command.
"""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from attrs import define

from iotmock.__main__ import main

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload([__name__, "iotmock.cli.actions.serving", "holidays"])
_BEFORE_MAIN = ("LD_", "MALLOC_", "PYTHON")
"""Variables that are read before the first line of ours is."""


def can_fork(environment: dict[str, str]) -> bool:
    """Whether a fork would do what the command does with these variables."""
    return not any(name.startswith(_BEFORE_MAIN) for name in environment)


@define(eq=False)
class Forked:
    """What tests use of a `subprocess.Popen`, with the same words."""

    process: ForkServerProcess

    @property
    def pid(self) -> int:
        assert self.process.pid is not None, "it was started"
        return self.process.pid

    @property
    def returncode(self) -> int | None:
        return self.process.exitcode

    def poll(self) -> int | None:
        return self.process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        self.process.join(timeout)
        code = self.process.exitcode
        if code is None:
            raise subprocess.TimeoutExpired("iotmock serve", timeout or 0.0)
        return code

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def fork(
    arguments: tuple[str, ...], folder: Path, environment: dict[str, str], log: Path
) -> Forked:
    """Start `iotmock serve` in a folder; what it says goes to the end of a log."""
    hangups = signal.getsignal(signal.SIGHUP)  # heeded or not, as a child would inherit it
    given = (arguments, folder, environment, log, hangups)
    process = _CONTEXT.Process(target=_serve, args=given, daemon=True)
    process.start()
    return Forked(process)


def _serve(
    arguments: tuple[str, ...],
    folder: Path,
    environment: dict[str, str],
    log: Path,
    hangups: signal.Handlers,
) -> None:
    signal.signal(signal.SIGHUP, hangups)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    said = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
    os.dup2(said, sys.stdout.fileno())
    os.dup2(said, sys.stderr.fileno())
    os.close(said)
    sys.argv = ["iotmock", "serve", *arguments]
    main()
