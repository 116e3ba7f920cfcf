"""What a run takes place on: broker, disk, clock and service, all real and all ours."""

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from attrs import frozen

from tests.chaos.small_disk import SmallDisk, small_disk
from tests.faketime import FakeTime, fake_time
from tests.mosquitto import Mosquitto, free_port, running_mosquitto
from tests.service.process import Service, running_service

SHUTDOWN_S = 5.0
_END_S = 60.0
_WAITS = {"FAKETIME_FORCE_MONOTONIC_FIX": "0"}
"""Else libfaketime makes threads wait far too long for the GIL: requests take seconds."""
_UNREAD = 40
"""Requests of the client that reads none of the answers."""


@frozen
class Stage:
    """`proxy_port` is where the service looks for its broker."""

    broker: Mosquitto
    disk: SmallDisk
    clock: FakeTime
    service: Service
    proxy_port: int
    state_file: Path

    @property
    def pid(self) -> int:
        assert self.service.process is not None, "it runs"
        return self.service.process.pid

    def end(self) -> tuple[int | None, float]:
        """End the service by SIGTERM; return its exit code, if it has one, and how long it took."""
        began = time.monotonic()
        try:
            with _unread_answers(self.service.port):
                return self.service.end(seconds=_END_S), time.monotonic() - began
        except subprocess.TimeoutExpired:
            return None, time.monotonic() - began


@contextmanager
def staged(folder: Path) -> Iterator[Stage]:
    """Run a broker and a service whose way to it, disk and clock are ours."""
    port, clock = free_port(), fake_time(folder)
    with running_mosquitto(folder) as broker, small_disk(folder / "disk") as disk:
        file = disk.folder / "iotmock.db"
        settings = {**_settings(port), **clock.environment, **_WAITS, "STATE_FILE": file}
        with running_service(folder, **settings) as service:
            yield Stage(broker, disk, clock, service, port, file)


def _settings(port: int) -> dict[str, object]:
    return {
        "MQTT_BROKER_HOST": "127.0.0.1",
        "MQTT_BROKER_PORT": port,
        "MQTT_EMBEDDED_BROKER": "off",
        "MQTT_KEEP_ALIVE": 5,
        "MQTT_BACKLOG": 5_000,
        "MQTT_STAMP": "json",  # in a property it would be gone where 3.1.1 is spoken
        "SIMULATION_INTERVAL": 0.5,
        "SHUTDOWN_TIMEOUT": SHUTDOWN_S,
    }


@contextmanager
def _unread_answers(port: int) -> Iterator[None]:
    """Ask for much and read none of it: no client may keep the service from its end."""
    request = b"GET /api/v1/devices?limit=1000 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port), 10.0) as client:
        client.sendall(request * _UNREAD)
        yield
