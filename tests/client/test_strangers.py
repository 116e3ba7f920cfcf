"""What answers at IOTMOCK_URL may be anything: the client says so in a line, and ends."""

from contextlib import AbstractContextManager
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from iotmock.client.readings.reading import as_text, of_message
from iotmock.client.synchronous import asking
from tests.client.http_server import listening
from tests.line import Line

ALL_IS_WELL = b"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n"
A_BROKER = b'{"running":true,"interval":1,"mqtt":{"connected":true,"broker":"%s"}}'


def a_stranger(*pieces: bytes, endlessly: bytes = b"") -> AbstractContextManager[str]:
    """Answer everything with these pieces, and then with the same for ever."""

    class Stranger(BaseHTTPRequestHandler):
        def handle(self) -> None:
            try:
                while self.rfile.readline() not in {b"\r\n", b""}:
                    pass
                self.wfile.write(b"".join(pieces))
                while endlessly:
                    self.wfile.write(endlessly)
            except OSError:
                pass  # it has seen enough

    return listening(Stranger)


@pytest.fixture
def line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Line:
    monkeypatch.chdir(tmp_path)
    return Line({})


@pytest.mark.parametrize(
    ("content", "command"),
    [
        (b'{"devices":[{"device_id":"x","readings":"much"}],"total":1}', "devices"),
        (b'{"devices":[{"device_id":["x"]}],"total":1}', "devices"),
        (b'{"devices":[],"total":1000000000000}', "devices --limit 0"),
        (b'{"device_id":"x","readings":5,"faults":[],"device_types":[]}', "devices x"),
        (b'{"cleared":null}', "clear --group g"),
        (b"[]", "clear --group g"),
        (b"", "clear --group g"),
        (b'{"devices":[{"device_id":"x","readings":[1]}],"total":1}', "watch --via rest"),
    ],
)
def test_an_answer_of_other_parts_is_a_line(line: Line, content: bytes, command: str) -> None:
    with a_stranger(ALL_IS_WELL, content) as url:
        said = line.having(IOTMOCK_URL=url).refuses(*command.split(), code=2)
    assert "is no iotmock" in said


def test_an_answer_without_an_end_is_left(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "LONGEST", 1_000_000)
    with a_stranger(ALL_IS_WELL, endlessly=b" " * 65_536) as url:
        said = line.having(IOTMOCK_URL=url).refuses("devices", code=2)
    assert "more than 1,000,000 bytes" in said


def test_an_answer_by_drops_is_left(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "LONGEST_S", 0.0)
    with a_stranger(ALL_IS_WELL, endlessly=b" ") as url:
        assert "does not answer" in line.having(IOTMOCK_URL=url).refuses("devices", code=2)


def test_what_a_terminal_would_act_upon_is_not_repeated(line: Line) -> None:
    problem = b'{"title":"No","detail":"\\u001b[31mred\\nand a second line"}'
    with a_stranger(b"HTTP/1.0 500 No\r\n\r\n", problem) as url:
        said = line.having(IOTMOCK_URL=url).refuses("devices", code=1)
    assert said == r"\x1b[31mred\nand a second line"


@pytest.mark.parametrize("broker", [b"", b"here", b"here:", b":1883", b"here:x", b"here:123456"])
def test_a_broker_that_is_none_is_said(line: Line, broker: bytes) -> None:
    with a_stranger(ALL_IS_WELL, A_BROKER % broker) as url:
        said = line.having(IOTMOCK_URL=url).refuses("watch", "--via", "mqtt", code=2)
    assert f"{broker.decode()!r} as its broker" in said


def test_a_message_whose_device_has_no_name_is_shown() -> None:
    payload = b'{"device_id":null,"payload":1}'
    assert as_text(of_message("theirs", payload), "2026-01-01").endswith("unreadable: 1")


@pytest.mark.parametrize("payload", [b'{"power":null}', b'{"power":[1],"status":{}}', b"null"])
def test_a_message_of_other_devices_is_shown_as_far_as_it_goes(payload: bytes) -> None:
    assert as_text(of_message("theirs", payload), "2026-01-01").count("theirs") == 1
