"""Where the client finds the service, and what it says where there is none."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from tests.client.http_server import Handler, listening
from tests.line import Line
from tests.mosquitto import free_port
from tests.service.process import Service, running_service

TOKEN = "s3cret-of-the-service"


def test_the_service_of_this_folder_is_found_without_a_url(
    lost_line: Line, service: Service
) -> None:
    Path(".env").write_text(f"PORT={service.port}\n")
    assert "mock-hvac-001" in lost_line.says("devices")


def test_no_service_is_one_line_that_says_how_to_start_one(lost_line: Line) -> None:
    port = free_port()
    said = lost_line.having(PORT=port).refuses("devices", code=2)
    assert said == (
        f"no service answers at http://localhost:{port}: start one with `iotmock serve`, "
        "or set IOTMOCK_URL"
    )


@pytest.mark.parametrize(
    ("url", "part"),
    [
        ("http://no-such-host.invalid", "no-such-host.invalid can not be looked up: check IOTMOCK"),
        ("ftp://localhost", "IOTMOCK_URL=ftp://localhost is not allowed: a URL such as http://"),
        ("http://localhost:port", "IOTMOCK_URL=http://localhost:port is not allowed: a URL such"),
        ("http://me:hunter2@localhost", "IOTMOCK_URL=(hidden) is not allowed: a URL such as http"),
    ],
)
def test_a_url_that_leads_nowhere_is_named(lost_line: Line, url: str, part: str) -> None:
    said = lost_line.having(IOTMOCK_URL=url).refuses("devices", code=2)
    assert said.startswith(part)
    assert "hunter2" not in said


def answering(status: int, headers: dict[str, str], body: bytes) -> AbstractContextManager[str]:
    class Same(Handler):
        def do_GET(self) -> None:  # noqa: N802 - so named by its base
            self.answer(status, body, headers)

    return listening(Same)


@pytest.mark.parametrize(
    ("status", "headers", "body", "said"),
    [
        (200, {"Content-Type": "text/html"}, b"<html>", "answers, but is no iotmock (HTTP 200, t"),
        (200, {"Content-Type": "application/json"}, b"[]", "answers, but is no iotmock (HTTP 200"),
        (404, {"Content-Type": "text/plain"}, b"no", "answers, but is no iotmock (HTTP 404, text"),
        (502, {}, b"", "answers HTTP 502 Bad Gateway: does the service behind it run?"),
        (301, {"Location": "https://x.example/"}, b"", "sends us on to https://x.example/: set IO"),
    ],
)
def test_what_is_no_iotmock_is_told_apart(
    lost_line: Line, status: int, headers: dict[str, str], body: bytes, said: str
) -> None:
    with answering(status, headers, body) as url:
        line = lost_line.having(IOTMOCK_URL=url)
        assert line.refuses("devices", code=2).startswith(f"{url} {said}")


def test_https_where_there_is_none_is_told(line: Line, service: Service) -> None:
    url = f"https://localhost:{service.port}"
    said = line.having(IOTMOCK_URL=url).refuses("devices", code=2)
    assert said == f"{url} answers, but not with TLS: set IOTMOCK_URL to http://"


@contextmanager
def hanging_up(last: bytes, linger: bytes) -> Iterator[str]:
    """Give the address of who sends something to the first that asks, and ends the connection."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def hang_up() -> None:
            peer, _ = server.accept()
            with peer:
                peer.recv(1000)
                peer.sendall(last)
                peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)

        thread = threading.Thread(target=hang_up)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        thread.join()


IN_ORDER, RESET = struct.pack("ii", 0, 0), struct.pack("ii", 1, 0)


@pytest.mark.parametrize(
    ("last", "linger", "says"),
    [
        (b"SSH-2.0-OpenSSH\r\n", IN_ORDER, "is not answered as HTTP ("),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n[", IN_ORDER, "has ended the connection ("),
        (b"", RESET, "has ended the connection ("),
    ],
    ids=["no HTTP", "half an answer", "reset"],
)
def test_who_ends_a_connection_is_told_from_who_speaks_no_http(
    lost_line: Line, last: bytes, linger: bytes, says: str
) -> None:
    with hanging_up(last, linger) as url:
        said = lost_line.having(IOTMOCK_URL=url).refuses("devices", code=2)
    assert said.startswith(f"{url} {says}")


def test_a_proxy_of_the_environment_is_not_asked_for_this_machine(line: Line) -> None:
    line.having(HTTP_PROXY=f"http://127.0.0.1:{free_port()}", NO_PROXY="").says("devices")


def test_the_token_opens_the_service_and_is_never_shown(tmp_path: Path, lost_line: Line) -> None:
    with running_service(tmp_path, API_TOKEN=TOKEN, MQTT_BROKER_PORT=free_port()) as service:
        line = lost_line.having(IOTMOCK_URL=f"http://127.0.0.1:{service.port}")
        without = line.refuses("devices", code=1)
        assert "wants a token: set API_TOKEN or API_TOKEN_FILE" in without
        other = line.having(API_TOKEN="other-token").refuses("devices", code=1)
        assert "does not accept this token: API_TOKEN must be the service's" in other
        assert "other-token" not in other
        assert "mock-hvac-001" in line.having(API_TOKEN=TOKEN).says("devices")
        (tmp_path / "token").write_text(f"{TOKEN}\n")
        assert "mock-hvac-001" in line.having(API_TOKEN_FILE=tmp_path / "token").says("devices")
