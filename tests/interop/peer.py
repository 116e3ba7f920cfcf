"""A broker of another maker in a process of its own: started, stopped, and started again."""

import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest
from attrs import define, field

from tests.mosquitto import wait_gone, wait_listening
from tests.patience import SLACK

REQUIRED = "IOTMOCK_REQUIRE_BROKERS"


def required(package: str, program: str) -> str:
    """Return the path of a program, or skip the test with the reason."""
    found = shutil.which(program, path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if found is None:
        skip(f"{program} is not installed ({package})")
    return str(found)


def skip(reason: str) -> None:
    """Skip the test, where it may be skipped."""
    if os.environ.get(REQUIRED):
        pytest.fail(f"{reason}, and {REQUIRED} is set")
    pytest.skip(reason)


@contextmanager
def ended(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """End a process with the block."""
    try:
        yield
    finally:
        process.kill()
        process.wait()


@define(eq=False)
class Peer:
    """A running broker at a port of this machine."""

    name: str
    port: int
    launch: Callable[[], subprocess.Popen[bytes]]
    start_s: float = 20.0
    process: subprocess.Popen[bytes] | None = field(default=None)

    @classmethod
    def run(
        cls, name: str, port: int, launch: Callable[[], subprocess.Popen[bytes]], start_s: float
    ) -> "Iterator[Peer]":
        """Yield a broker that runs, and end it."""
        peer = cls(name, port, launch, start_s)
        try:
            peer.start()
            yield peer
        finally:
            peer.end(signal.SIGKILL)

    def start(self) -> None:
        """Start it and wait until it listens."""
        self.process = self.launch()
        wait_listening(self.port, self.start_s)

    def end(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End it and whatever it has started."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, how)
            self.process.wait(30 * SLACK)
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process = None
            wait_gone(self.port)  # what it has started is no child of ours to wait for

    def restart(self) -> None:
        """End it in order and start it again."""
        self.end()
        self.start()
