"""What anonymous peers can not do to a service: end it, hold it, or take MQTT from it."""

import os
import resource
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest
import trio

from tests.mosquitto import running_mosquitto
from tests.patience import LATE, SLACK
from tests.rest.http2 import JSON, http2
from tests.service.process import Service, running_service, subscribed, wait_until

pytestmark = pytest.mark.long(10)
WEBSOCKET = (
    b"GET /api/v1/devices HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)
ASK_MUCH = b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n" * 500
SHUTDOWN_S = 5.0
FAILS = """
from iotmock.rest.server.http2 import Http2
Http2._reset = lambda *_: b"\\xff".decode()
"""


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    settings = {"MQTT_EMBEDDED_BROKER": "off", "SHUTDOWN_TIMEOUT": SHUTDOWN_S}
    with running_service(tmp_path, **settings) as service:
        yield service


@contextmanager
def connected(service: Service) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", service.port), 10 * SLACK) as peer:
        yield peer


def test_a_websocket_and_one_more_byte(service: Service) -> None:
    with connected(service) as peer:
        peer.sendall(WEBSOCKET)
        assert peer.recv(12) == b"HTTP/1.1 200"
        peer.sendall(b"\x81")
    assert service.answers()


@pytest.mark.parametrize(
    ("method", "path", "kind", "size", "status"),
    [
        ("POST", "/api/v1/devices", "application/json", 70_000, 413),
        ("POST", "/nowhere", "application/json", 100_000, 404),
        ("PATCH", "/api/v1/devices", "application/json", 100_000, 405),
        ("POST", "/api/v1/devices", "text/plain", 100_000, 415),
    ],
)
def test_http2_bodies_that_are_answered_early(
    service: Service, method: str, path: str, kind: str, size: int, status: int
) -> None:
    async def ask() -> int:
        async with http2(service.port) as client:
            number = await client.ask(method, path, ("content-type", kind), body=b" " * size)
            return (await client.wait(number)).status

    assert [trio.run(ask) for _ in range(3)] == [status] * 3
    assert service.answers()


@pytest.fixture
def failing(tmp_path: Path) -> Iterator[Service]:
    """A service that fails where it should refuse a request of HTTP/2."""
    (tmp_path / "sitecustomize.py").write_text(FAILS)
    path = os.pathsep.join([str(tmp_path), *sys.path])
    with running_service(tmp_path, MQTT_EMBEDDED_BROKER="off", PYTHONPATH=path) as service:
        yield service


def test_a_failed_connection_is_one_line_and_is_counted(failing: Service) -> None:
    async def fail() -> None:
        async with http2(failing.port) as client:
            await client.wait(await client.ask("\xff", "/"))
            assert client.gone

    lines = len(failing.log.splitlines())
    for _ in range(3):
        trio.run(fail)
    with urlopen(f"http://127.0.0.1:{failing.port}/metrics", timeout=10 * SLACK) as metrics:
        assert b"iotmock_http_connections_failed_total 3.0" in metrics.read()
    said = failing.log.splitlines()[lines:]
    assert len([line for line in said if "UnicodeDecodeError" in line]) == 1


def test_sigterm_does_not_wait_for_clients_that_do_not_read(service: Service) -> None:
    async def hold() -> tuple[int, float]:
        async with http2(service.port, window=0) as client:
            number = await client.ask("GET", "/openapi.json")
            await client.ask("POST", "/api/v1/devices", *JSON, ends=False)
            while not client.answers[number].status:
                await client.hear()
            begin = time.monotonic()
            code = await trio.to_thread.run_sync(service.end)
            return code, time.monotonic() - begin

    with connected(service) as silent, connected(service) as greedy, connected(service) as halfway:
        silent.sendall(b"GET /hea")
        greedy.sendall(ASK_MUCH)
        halfway.sendall(b"POST /api/v1/devices HTTP/1.1\r\nContent-Length: 9\r\n\r\n{")
        code, took_s = trio.run(hold)
    assert code == 0
    assert took_s < (SHUTDOWN_S + 3) * LATE  # it was minutes


def test_too_few_files_leave_mqtt_working_and_the_log_short(tmp_path: Path) -> None:
    with (
        running_mosquitto(tmp_path) as broker,
        running_service(tmp_path, MQTT_BROKER_PORT=broker.port, SIMULATION_INTERVAL=0.5) as service,
        subscribed(broker.port, topic="energy/devices/mock-hvac-001/data") as subscriber,
        ExitStack() as peers,
    ):
        assert service.process is not None
        files = len(list(Path(f"/proc/{service.process.pid}/fd").iterdir())) + 10
        resource.prlimit(service.process.pid, resource.RLIMIT_NOFILE, (files, files))
        for _ in range(60):
            peers.enter_context(connected(service))
        wait_until(lambda: "can be accepted" in service.log, 10, "it says so")
        lines, seen = len(service.log.splitlines()), len(subscriber.messages)
        subscriber.wait_for(lambda it: len(it.messages) > seen + 4)
        assert len(service.log.splitlines()) < lines + 5  # it was hundreds a second
        peers.pop_all().close()
        wait_until(service.is_connected, 20, "it accepts again, and never lost the broker")
        assert service.status()["mqtt"]["connects"] == 1


def test_beyond_the_limit_others_wait_for_their_turn(tmp_path: Path) -> None:
    settings = {"MQTT_EMBEDDED_BROKER": "off", "HTTP_MAX_CONNECTIONS": 20}
    with running_service(tmp_path, **settings) as service, ExitStack() as peers:
        for _ in range(20):
            peers.enter_context(connected(service)).sendall(b"GET /hea")
        wait_until(lambda: "at their limit" in service.log, 10, "it says so")
        wait_until(service.answers, 30, "those that ask for nothing have made room")
