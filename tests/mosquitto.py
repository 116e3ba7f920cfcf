"""A real mosquitto of a test's own, on a free port, with a user and a password."""

import os
import random
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from attrs import define, field

USERNAME = "iot_user"
PASSWORD = "iot123"
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
    """Return a free port below those that the system hands out for outgoing connections."""
    while True:
        port = random.randint(10_000, 32_000)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port


def wait_listening(port: int, seconds: float = 10.0, host: str = "127.0.0.1") -> None:
    """Return once something accepts connections at a port of this machine."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            if probe.connect_ex((host, port)) == 0:
                return
        time.sleep(0.01)
    raise TimeoutError(f"nothing listens at port {port}")


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
        assert self.process.poll() is None, "something else listens at the port"

    def end(self, with_signal: signal.Signals) -> None:
        if self.process is not None:
            self.process.send_signal(with_signal)
            self.process.wait(10)
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


@contextmanager
def running_mosquitto(
    folder: Path, *extra: str, host: str = "127.0.0.1", port: int | None = None
) -> Iterator[Mosquitto]:
    """Run a broker; `extra` are more lines of its configuration, perhaps with other listeners."""
    broker = Mosquitto(folder, port or free_port(), extra, host)
    broker.configure()
    broker.start()
    try:
        yield broker
    finally:
        broker.kill()
