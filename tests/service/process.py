"""A service in a process of its own, and the tools of mosquitto against it."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from itertools import pairwise
from pathlib import Path
from secrets import token_hex
from typing import Any

from attrs import define, field

from tests.mosquitto import PASSWORD, USERNAME, free_port, program
from tests.patience import SLACK
from tests.service.forked import Forked, can_fork, fork

START_S = 30.0
_PAUSE_S, _LONGEST_PAUSE_S = 0.01, 0.05
MARKERS = "tests/subscribed"
"""Below it lies what tells a subscriber that the broker has its subscription."""


def wait_until(condition: Callable[[], bool], seconds: float, what: str) -> None:
    """Poll a condition that only another process can make true.

    `seconds` are those of an idle machine.
    """
    begun = time.monotonic()
    while not condition():
        waited = time.monotonic() - begun
        if waited > seconds * SLACK:
            raise AssertionError(f"not within {seconds} s: {what}")
        # Six workers that ask a hundred times a second leave little of two cores to who is asked.
        time.sleep(min(_LONGEST_PAUSE_S, max(_PAUSE_S, waited / 10)))


def missing_ticks(moments: Sequence[float], interval: float) -> int:
    """Return how many readings a stream lacks, which is in order and on its grid.

    A busy machine joins ticks and counts them as coalesced: so many may be missing, and no more.
    """
    steps = [(later - earlier) / interval for earlier, later in pairwise(moments)]
    assert all(step >= 1 and abs(step - round(step)) < 1e-3 for step in steps), steps
    return sum(round(step) - 1 for step in steps)


def said_of(process: object, name: str) -> str:
    """Return what the system says of a process or a thread; nothing if it has just ended."""
    try:
        return Path(f"/proc/{process}/{name}").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def children_of(pid: int) -> list[int]:
    """The processes that any thread of one has started."""
    threads = Path(f"/proc/{pid}/task").glob("*")
    return [
        int(child)
        for thread in threads
        for child in said_of(f"{pid}/task/{thread.name}", "children").split()
    ]


@define(eq=False)
class Service:
    """`iotmock serve` in a folder of its own."""

    folder: Path
    environment: dict[str, str]
    port: int = field(factory=free_port)
    process: subprocess.Popen[bytes] | Forked | None = None
    arguments: tuple[str, ...] = ()

    @property
    def log(self) -> str:
        return (self.folder / "service.log").read_text()

    def command(self) -> list[str]:
        return [sys.executable, "-m", "iotmock", "serve", *self.arguments]

    def launch(self) -> subprocess.Popen[bytes]:
        """Start it as a user does."""
        with (self.folder / "service.log").open("ab") as log:
            program = subprocess.Popen(
                self.command(),
                cwd=self.folder,
                env=self._variables(),
                stdout=log,
                stderr=log,
            )
        self.process = program
        return program

    def _variables(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "PORT": str(self.port),
            "HOST": "127.0.0.1",
            "PYTHONPATH": os.pathsep.join(sys.path),
            **self.environment,
        }

    def _launch_or_fork(self) -> None:
        """Start it at less cost, where that is the same as the command."""
        if type(self) is Service and can_fork(self.environment):
            log = self.folder / "service.log"
            log.touch()
            self.process = fork(self.arguments, self.folder, self._variables(), log)
        else:
            self.launch()

    def run(self, seconds: float = 30.0) -> int:
        """Launch it where it ends of itself, and return its code."""
        return self.launch().wait(seconds * SLACK)

    def start(self) -> "Service":
        self._launch_or_fork()
        wait_until(self._answers_somewhere, START_S, f"the service answers; its log: {self.log}")
        return self

    def _answers_somewhere(self) -> bool:
        """Others on this machine may take the port before the service does: then by another one."""
        assert self.process is not None
        if self.process.poll() == 2 and f"PORT={self.port} of" in self.log.splitlines()[-1]:
            self.port = free_port()
            self._launch_or_fork()
        return self.answers()

    def answers(self) -> bool:
        assert self.process is None or self.process.poll() is None, self.log
        try:
            return self.request("GET", "/health")[0] == 200
        except OSError:
            return False

    def end(self, how: signal.Signals = signal.SIGTERM, seconds: float = 20.0) -> int:
        assert self.process is not None
        self.process.send_signal(how)
        code = self.process.wait(seconds * SLACK)
        self.process = None
        return code

    def request(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10 * SLACK)
        try:
            content = None if body is None else json.dumps(body)
            connection.request(method, path, content, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            text = answer.read()
            return answer.status, json.loads(text) if text else None
        finally:
            connection.close()

    def children(self) -> list[int]:
        assert self.process is not None
        return children_of(self.process.pid)

    def device(self, device_id: str) -> Any:
        return self.request("GET", f"/api/v1/devices/{device_id}")[1]

    def total(self) -> int:
        return int(self.request("GET", "/api/v1/devices")[1]["total"])

    def is_connected(self) -> bool:
        """Whether every connection is open: before, not all that it hears is heard."""
        mqtt = self.status()["mqtt"]
        return bool(mqtt["connected"] and mqtt["open"] >= mqtt["connections"])

    def wait_connected(self) -> None:
        wait_until(self.is_connected, 40, "every connection is open")

    def status(self) -> Any:
        return self.request("GET", "/api/v1/simulation/status")[1]


@contextmanager
def running_service(folder: Path, **environment: object) -> Iterator[Service]:
    """Run a service; a setting that is not given has its default."""
    service = Service(folder, {name: str(value) for name, value in environment.items()}).start()
    try:
        yield service
    finally:
        if service.process is not None:
            service.process.kill()
            service.process.wait()


@define(eq=False)
class Subscriber:
    """mosquitto_sub; every message is a (topic, payload)."""

    process: subprocess.Popen[str]
    messages: list[tuple[str, str]] = field(factory=list)
    is_subscribed: bool = False
    told: threading.Condition = field(factory=threading.Condition)

    def read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            topic, _, payload = line.rstrip("\n").partition(" ")
            with self.told:
                if topic.startswith(MARKERS):
                    self.is_subscribed = True
                else:
                    self.messages.append((topic, payload))
                self.told.notify_all()

    def wait_for(self, condition: Callable[["Subscriber"], Any], seconds: float = 20.0) -> Any:
        with self.told:
            assert self.told.wait_for(lambda: condition(self), seconds * SLACK), self.messages[-5:]
            return condition(self)

    def wait_subscribed(self, send_marker: Callable[[], None], seconds: float = 20.0) -> None:
        """Send markers until one comes: what was sent before the subscription does not."""
        deadline = time.monotonic() + seconds * SLACK
        while not self.is_subscribed:
            assert time.monotonic() < deadline, "the broker has no subscription"
            send_marker()
            with self.told:
                self.told.wait_for(lambda: self.is_subscribed, 0.2)

    def texts(self, topic: str) -> list[str]:
        return [payload for name, payload in self.messages if name == topic]

    def at(self, topic: str) -> list[Any]:
        return [json.loads(payload or "null") for name, payload in self.messages if name == topic]

    def data(self, device_id: str) -> list[Any]:
        return self.at(f"energy/devices/{device_id}/data")

    def statuses(self, device_id: str) -> list[Any]:
        return self.at(f"energy/devices/{device_id}/status")

    def mock_statuses(self) -> list[str]:
        return [text for topic, text in self.messages if topic.startswith("energy/mock/")]

    def results(self, device_id: str) -> list[Any]:
        return self.at(f"energy/devices/{device_id}/commands/result")


def credentials(port: int) -> list[str]:
    return ["-h", "127.0.0.1", "-p", str(port), "-u", USERNAME, "-P", PASSWORD]


@contextmanager
def subscribed(port: int, *more: str, topic: str = "energy/#") -> Iterator[Subscriber]:
    """Subscribe with mosquitto_sub; `more` are its options.

    When the block begins the broker has the subscription, and all that was retained has come: a
    marker that was sent later has. It asks nothing of the broker: QoS 0, not retained.
    """
    marker = f"{MARKERS}/{token_hex(8)}"
    filters = ["-t", topic, "-t", marker]
    command = [program("mosquitto_sub"), *credentials(port), "-q", "1", "-v", *filters, *more]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    subscriber = Subscriber(process)
    thread = threading.Thread(target=subscriber.read)
    thread.start()
    try:
        subscriber.wait_subscribed(lambda: publish(port, marker, "here", "-q", "0"))
        yield subscriber
    finally:
        process.kill()  # when it is asked, it says goodbye first, and may wait for ever
        process.wait(10 * SLACK)
        thread.join(10 * SLACK)


def publish(port: int, topic: str, payload: object, *more: str) -> None:
    """Publish with mosquitto_pub."""
    text = payload if isinstance(payload, str) else json.dumps(payload)
    command = [program("mosquitto_pub"), *credentials(port), "-q", "1", "-t", topic, "-m", text]
    subprocess.run([*command, *more], check=True, timeout=20 * SLACK)


def command(
    service: Service, port: int, device_id: str, name: str, *more: str, **parameters: object
) -> None:
    """Send a command over MQTT, once the service hears it."""
    service.wait_connected()
    content = {"command": name, "parameters": parameters}
    publish(port, f"energy/devices/{device_id}/commands", content, *more)
