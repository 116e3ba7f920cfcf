"""A real mosquitto of a test's own, on a free port, with a user and a password."""

import fcntl
import os
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest
from attrs import define, field

from tests.patience import SLACK

USERNAME = "iot_user"
PASSWORD = "iot123"
_CLAIMS = Path(tempfile.gettempdir(), "iotmock-test-ports.lock")
"""Each of its bytes is a port, locked by the process whose it is."""
_CLAIMED = set[int]()
_ATTEMPTS = 5
_REQUIRED = "IOTMOCK_REQUIRE_MOSQUITTO"


def program(name: str) -> str:
    """Return the path of one of mosquitto's programs, or skip the test with the reason."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if found is None:
        reason = f"{name} is not installed (Debian: mosquitto, mosquitto-clients)"
        if os.environ.get(_REQUIRED):
            pytest.fail(f"{reason}, and {_REQUIRED} is set")
        pytest.skip(reason)
    return found


def free_port() -> int:
    """Return a free port below those that the system hands out for outgoing connections.

    It is this process's as long as that lives: other tests that run meanwhile take others.
    """
    while True:
        port = random.randint(10_000, 32_000)
        if _is_free(port) and _claim(port):
            return port


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("", port))
        except OSError:
            return False
    return True


def _claim(port: int) -> bool:
    if port in _CLAIMED:  # a process is not kept out by its own locks
        return False
    try:
        fcntl.lockf(_claims(), fcntl.LOCK_EX | fcntl.LOCK_NB, 1, port)
    except OSError:
        return False
    _CLAIMED.add(port)
    return True


@cache
def _claims() -> int:
    # One for all ports: what uses select() can not have files beyond 1,024.
    return os.open(_CLAIMS, os.O_CREAT | os.O_RDWR)  # closed when the process ends


def wait_listening(port: int, seconds: float = 10.0, host: str = "127.0.0.1") -> None:
    """Return once something accepts connections at a port of this machine."""
    deadline = time.monotonic() + seconds * SLACK
    while time.monotonic() < deadline:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            if probe.connect_ex((host, port)) == 0:
                return
        time.sleep(0.01)
    raise TimeoutError(f"nothing listens at port {port}")


def wait_gone(port: int, seconds: float = 30.0) -> None:
    """Return once nothing accepts connections at a port of this machine any more."""
    deadline = time.monotonic() + seconds * SLACK
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return
        time.sleep(0.01)
    raise TimeoutError(f"something listens at port {port}")


@define(eq=False)
class Mosquitto:
    """A broker that can be stopped, killed and started again with the same files."""

    folder: Path
    port: int
    extra: tuple[str, ...] = ()
    host: str = "127.0.0.1"
    username: str = USERNAME
    password: str = PASSWORD
    process: subprocess.Popen[bytes] | None = field(default=None)

    def configure(self) -> None:
        passwords = self.folder / "passwords"
        passwords.touch(mode=0o600)
        subprocess.run(
            [program("mosquitto_passwd"), "-b", str(passwords), self.username, self.password],
            check=True,
            capture_output=True,
        )
        usual = [
            f"listener {self.port} {self.host}",
            "allow_anonymous false",
            f"password_file {passwords}",
            "max_queued_messages 1000000",
            "max_inflight_messages 1000",
            "set_tcp_nodelay true",
            # As root, mosquitto would give up its rights and then not read its own files.
            *(["user root"] if os.getuid() == 0 else []),
        ]
        given = {line.split()[0] for line in self.extra}
        lines = [*(line for line in usual if line.split()[0] not in given), *self.extra]
        (self.folder / "mosquitto.conf").write_text("\n".join(lines) + "\n")

    def start(self) -> None:
        log = (self.folder / "mosquitto.log").open("ab")
        self.process = subprocess.Popen(
            [program("mosquitto"), "-c", str(self.folder / "mosquitto.conf")],
            stdout=log,
            stderr=log,
        )
        wait_listening(self.port, host=self.host)
        self._check_mine()

    def _check_mine(self) -> None:
        # What answers may be somebody else's; then ours is about to end, and may need a while to.
        assert self.process is not None
        if not _has_listener(self.process.pid, self.port):
            self.process.wait(10 * SLACK)
            raise PortTakenError(self.port)

    def end(self, with_signal: signal.Signals) -> None:
        if self.process is not None:
            self.process.send_signal(with_signal)
            self.process.wait(10 * SLACK)
            self.process = None

    def stop(self) -> None:
        """End it in order: it saves its sessions, if it keeps any."""
        self.end(signal.SIGTERM)

    def end_and_start(self) -> None:
        """Have it read its files anew."""
        self.stop()
        self.start()

    def kill(self) -> None:
        """End it at once."""
        self.end(signal.SIGKILL)


class PortTakenError(AssertionError):
    """Something else listens at the port."""


def _has_listener(pid: int, port: int) -> bool:
    """Return whether a process listens at a port."""
    inodes = {
        line.split()[9]
        for name in ("tcp", "tcp6")
        for line in Path("/proc/net", name).read_text().splitlines()[1:]
        if line.split()[3] == "0A" and int(line.split()[1].rpartition(":")[2], 16) == port
    }
    files = Path(f"/proc/{pid}/fd").glob("*")
    return any(_target(file) in {f"socket:[{inode}]" for inode in inodes} for file in files)


def _target(file: Path) -> str:
    try:
        return os.readlink(file)
    except FileNotFoundError:
        return ""


@contextmanager
def running_mosquitto(
    folder: Path, *extra: str, host: str = "127.0.0.1", port: int | None = None
) -> Iterator[Mosquitto]:
    """Run a broker; `extra` are more lines of its configuration, perhaps with other listeners."""
    broker = _started(folder, extra, host, port)
    try:
        yield broker
    finally:
        broker.kill()


def _started(folder: Path, extra: tuple[str, ...], host: str, port: int | None) -> Mosquitto:
    for _ in range(_ATTEMPTS):
        broker = Mosquitto(folder, port or free_port(), extra, host)
        broker.configure()
        try:
            broker.start()
        except PortTakenError:
            continue
        return broker
    raise PortTakenError(broker.port)
