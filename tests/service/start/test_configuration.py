"""What stands around the service when it starts: one line for what can not be, and exit code 2."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from iotmock.broker.identities import read_identities
from iotmock.service.ground.access import make_gate, warn_of_open_doors
from iotmock.settings.errors import SettingsError
from iotmock.settings.reading import read_settings
from iotmock.settings.secret_files import api_token
from iotmock.wire.make import make_wire
from tests.mosquitto import free_port
from tests.patience import SLACK
from tests.service.process import Service
from tests.wording.test_quoted import SECRETS

pytestmark = pytest.mark.long(15)
Make = Callable[[Path], object]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def use(environment: dict[str, str]) -> None:
    settings = read_settings(environment)
    make_gate(settings)
    make_wire(settings, 0, embedded=False)


def refusal(**environment: str) -> str:
    """Read everything that settings name, and return the line that says what can not be."""
    with pytest.raises(SettingsError) as caught:
        use(environment)
    line = str(caught.value)
    assert "\n" not in line
    assert "hun" not in line
    return line


def written(content: bytes) -> Make:
    return lambda path: path.write_bytes(content)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (written(b"\n\nMQTT_PASSWORD='hunter2\n"), ".env, line 3 has a quote that is not closed"),
        (written(b"MQTT_PASSWORD hunter2\n"), ".env, line 1 is not NAME=value"),
        (written("MQTT_USERNAME=hunter2\n".encode("utf-16")), ".env can not be read: it is not U"),
        (written(b"MQTT_PASSWORD=hunter2\xff\n"), ".env can not be read: it is not UTF-8"),
        (written(b"#" * 1_000_001), ".env can not be read: it is larger than"),
        (Path.mkdir, ".env can not be read: it is a folder"),
        (os.mkfifo, ".env can not be read: it is a pipe"),
        (lambda path: path.symlink_to("gone"), ".env can not be read: there is no such file"),
    ],
)
def test_an_env_file_that_is_not_in_order(make: Make, says: str) -> None:
    make(Path(".env"))
    assert refusal().startswith(says)


def test_an_env_file_with_a_mark_windows_line_ends_and_dollars() -> None:
    content = "\ufeffMQTT_USERNAME='$HOME ${X}'\r\nMQTT_PASSWORD=pa$$word\r\n"
    Path(".env").write_bytes(content.encode())
    settings = read_settings({})
    assert (settings.mqtt_username, settings.mqtt_password) == ("$HOME ${X}", "pa$$word")


@pytest.mark.parametrize("name", ["MQTT_PASSWORD", "HOST", "FLEET", "API_TOKEN"])
def test_a_variable_that_is_not_utf_8(name: str) -> None:
    assert refusal(**{name: "hun\udcffter"}) == f"{name} is not UTF-8"


def test_a_value_of_many_lines_or_letters_is_one_line_for_a_terminal() -> None:
    assert refusal(LOG_LEVEL="a\nb\x1b[2J").startswith(r"LOG_LEVEL=a\nb\x1b[2J is not allowed")
    assert len(refusal(PORT="1" * 10_000)) < 200


FILES: list[tuple[Make, str]] = [
    (lambda path: None, "there is no such file; check the path"),
    (Path.mkdir, "it is a folder and must be a file"),
    (os.mkfifo, "pipe"),
    (written(b"\xff\xfe"), "UTF-8"),
]


@pytest.mark.parametrize(("make", "says"), FILES)
@pytest.mark.parametrize("name", ["API_TOKEN_FILE", "MQTT_CREDENTIALS"])
def test_a_text_file_that_is_none(name: str, make: Make, says: str) -> None:
    make(Path("file.txt"))
    line = refusal(MQTT_CONNECTIONS="per-device", **{name: "file.txt"})
    assert line.startswith(f"{name}=file.txt can not be read: ")
    assert says in line


@pytest.mark.parametrize("content", [b"", b"\n", b"two words\n", b"a\nb\n", "ä".encode()])
def test_a_token_file_without_a_token(content: bytes) -> None:
    Path("file").write_bytes(content)
    assert refusal(API_TOKEN_FILE="file").startswith("API_TOKEN_FILE=file must hold the token")


@pytest.mark.parametrize("content", [b"s3cret", b"s3cret\n", b"\xef\xbb\xbfs3cret\r\n"])
def test_a_token_file_ends_as_an_editor_ends_it(content: bytes) -> None:
    Path("file").write_bytes(content)
    assert api_token(read_settings({"API_TOKEN_FILE": "file"})) == "s3cret"


@pytest.mark.parametrize(
    "name", ["API_TOKEN_FILE", "AZURE_CONNECTION_STRING_FILE", "MQTT_CREDENTIALS", "MQTT_TLS_KEY"]
)
@pytest.mark.parametrize("secret", ["hunter2", "aGVs/hunter2==", "d1,u,hunter2,,", *SECRETS])
def test_a_secret_in_place_of_its_file_is_not_told(name: str, secret: str) -> None:
    Path("c.pem").touch()
    usual = {"MQTT_CONNECTIONS": "per-device", "MQTT_TLS": "on", "MQTT_TLS_CERT": "c.pem"}
    usual |= {} if name == "MQTT_TLS_KEY" else {"MQTT_TLS_KEY": "c.pem"}
    assert refusal(**{**usual, name: secret}).startswith(f"{name}=(hidden) ")


def test_one_token_has_one_place() -> None:
    assert "set one of them" in refusal(API_TOKEN="hunter2", API_TOKEN_FILE="file")


def test_time_has_one_beginning() -> None:
    where = {"SIMULATION_START": "2026-06-01", "SIMULATION_NOW": "2026-06-03T10:00"}
    assert "two beginnings of time" in refusal(**where)
    assert refusal(SIMULATION_NOW="noon").endswith(
        "is not allowed: a date or time, as 2025-06-01 or 2025-06-01T10:00:00Z"
    )


@pytest.mark.parametrize(("make", "says"), [FILES[0], (Path.mkdir, "file"), (os.mkfifo, "no pipe")])
@pytest.mark.parametrize("name", ["MQTT_TLS_CA", "MQTT_TLS_CERT"])
def test_a_tls_file_that_is_none(name: str, make: Make, says: str) -> None:
    make(Path("a.pem"))
    names = ["MQTT_TLS_CERT", "MQTT_TLS_KEY"] if "CERT" in name else [name]
    line = refusal(MQTT_TLS="on", **dict.fromkeys(names, "a.pem"))
    assert f"{name}=a.pem" in line
    assert says in line


def test_credentials_with_a_mark_are_read() -> None:
    Path("file").write_bytes("\ufeffdevice_id,username\r\na,alice\r\n".encode())
    settings = read_settings({"MQTT_CONNECTIONS": "per-device", "MQTT_CREDENTIALS": "file"})
    assert read_identities(settings).of("a").username == "alice"


def test_credentials_without_a_header_are_not_told_to_the_log() -> None:
    Path("file").write_bytes(b"hvac-1,alice,hunter2\n")
    line = refusal(MQTT_CONNECTIONS="per-device", MQTT_CREDENTIALS="file")
    assert "the first line must name columns" in line


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({}, []),
        ({"MQTT_USERNAME": "", "MQTT_PASSWORD": ""}, []),
        ({"MQTT_USERNAME": ""}, []),
        ({"MQTT_PASSWORD": ""}, ["MQTT_USERNAME is sent without a password"]),
        ({"MQTT_USERNAME": "", "MQTT_PASSWORD": "hunter2"}, ["MQTT_PASSWORD is not sent"]),
    ],
)
def test_half_a_login_is_said(environment: dict[str, str], says: list[str]) -> None:
    settings = read_settings(environment)
    with capture_logs() as logs:
        warn_of_open_doors(settings, make_gate(settings), "127.0.0.1", embedded=False)
    assert [line["event"].partition(",")[0] for line in logs] == says
    assert "hunter2" not in str(logs)


def test_without_a_user_no_password_is_sent() -> None:
    wire = make_wire(read_settings({"MQTT_USERNAME": ""}), 0, embedded=False)
    assert (wire.options.username, wire.options.password) == (None, None)


@pytest.mark.parametrize(
    ("make", "environment", "says"),
    [
        (written(b"MQTT_PASSWORD='hunter2\n"), {}, ".env, line 1 has a quote that is not closed"),
        (Path.mkdir, {}, ".env can not be read: it is a folder"),
        (lambda path: os.mkfifo("file"), {"API_TOKEN_FILE": "file"}, "it is a pipe"),
        (lambda path: None, {"MQTT_PASSWORD": "hun\udcffter"}, "MQTT_PASSWORD is not UTF-8"),
    ],
)
def test_the_start_stops_with_the_line(
    tmp_path: Path, make: Make, environment: dict[str, str], says: str
) -> None:
    make(tmp_path / ".env")
    service = Service(tmp_path, {"MQTT_BROKER_PORT": str(free_port()), **environment})
    assert service.run() == 2, service.log
    assert service.log.startswith("iotmock: ")
    assert service.log.count("\n") == 1
    assert says in service.log
    assert "hun" not in service.log


def test_a_scenario_may_have_a_mark_and_must_be_utf_8(tmp_path: Path) -> None:
    def soak(command: str) -> tuple[int, str]:
        line = [sys.executable, "-m", "iotmock", "soak", command, str(file)]
        done = subprocess.run(line, capture_output=True, text=True, timeout=60 * SLACK, check=False)
        return done.returncode, done.stderr

    file = tmp_path / "soak.toml"
    soak("init")
    text = file.read_text()
    file.write_text(text, encoding="utf-8-sig")
    assert soak("check")[0] == 0
    file.write_text(text, encoding="utf-16")
    code, said = soak("check")
    assert (code, said.count("\n")) == (2, 1)
    assert "save it as UTF-8" in said


@pytest.mark.parametrize("host", ["x" * 300, "é..b", "."])
def test_a_host_that_no_name_can_be_is_one_line(tmp_path: Path, host: str) -> None:
    service = Service(tmp_path, {"HOST": host, "MQTT_EMBEDDED_BROKER": "off"})
    assert service.run() == 2, service.log
    assert service.log.startswith("iotmock: HOST=")
    assert service.log.count("\n") == 1
