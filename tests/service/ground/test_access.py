"""Who may: the token and the hosts of the settings, and what the start says of open doors."""

from http.client import HTTPConnection
from pathlib import Path
from socket import gethostname

import pytest
from structlog.testing import capture_logs

from iotmock.rest.gate.authority import parse_authority
from iotmock.service.ground.access import is_loopback, make_gate, warn_of_open_doors
from iotmock.settings.reading import read_settings
from tests.mosquitto import free_port
from tests.patience import SLACK
from tests.service.process import Service, running_service


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def warnings(address: str, *, embedded: bool = False, **environment: str) -> list[str]:
    settings = read_settings(environment)
    with capture_logs() as logs:
        warn_of_open_doors(settings, make_gate(settings), address, embedded=embedded)
    return [f"{line['log_level']} {line['event']}" for line in logs]


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.168.1.7"])
def test_an_open_rest_port_is_said_once(address: str) -> None:
    (line,) = warnings(address)
    assert line.startswith("warning whoever reaches the HTTP port may do everything; set API_TOKEN")
    assert warnings(address, API_TOKEN="s3cret") == []


@pytest.mark.parametrize("address", ["127.0.0.1", "127.0.0.2", "::1"])
def test_on_loopback_there_is_nothing_to_say(address: str) -> None:
    assert warnings(address, embedded=True) == []
    assert is_loopback("localhost")


def test_an_open_embedded_broker_with_the_known_password_is_said() -> None:
    open_broker = {"MQTT_EMBEDDED_HOST": "0.0.0.0"}
    (line,) = warnings("127.0.0.1", embedded=True, **open_broker)
    assert "the default password; set MQTT_PASSWORD" in line
    assert warnings("127.0.0.1", embedded=True, MQTT_PASSWORD="own", **open_broker) == []
    assert warnings("127.0.0.1", embedded=False, **open_broker) == []


def test_the_hosts_of_the_settings_and_the_machine_are_served() -> None:
    settings = read_settings({"HOST": "mock.example", "HTTP_ALLOWED_HOSTS": "Sim.Example, b.c."})
    hosts = make_gate(settings).hosts
    for name in ("mock.example", "sim.example:8090", "b.c", gethostname()):
        authority = parse_authority(name)
        assert authority is not None
        assert hosts.serves(authority)
    assert not hosts.serves(parse_authority("evil.example"))  # type: ignore[arg-type]


def status(service: Service, path: str, **headers: str) -> int:
    connection = HTTPConnection("127.0.0.1", service.port, timeout=10 * SLACK)
    try:
        connection.request("GET", path, headers=headers)
        return connection.getresponse().status
    finally:
        connection.close()


def test_a_service_open_to_the_network_asks_for_its_token(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("s3cret-token\n")
    environment = {"MQTT_BROKER_PORT": free_port(), "HOST": "0.0.0.0", "STATE_FILE": ":memory:"}
    with running_service(tmp_path, API_TOKEN_FILE="token", **environment) as service:
        assert status(service, "/api/v1/devices") == 401
        assert status(service, "/api/v1/devices", Authorization="Bearer other") == 401
        assert status(service, "/api/v1/devices", Authorization="Bearer s3cret-token") == 200
        assert status(service, "/health", Host="evil.example") == 421
        assert status(service, "/health", Origin="http://evil.example") == 403
        assert "may do everything" not in service.log
        assert "s3cret" not in service.log


def test_a_service_that_is_open_says_so_once(tmp_path: Path) -> None:
    environment = {"MQTT_BROKER_PORT": free_port(), "MQTT_EMBEDDED_HOST": "0.0.0.0"}
    with running_service(tmp_path, HOST="0.0.0.0", **environment) as service:
        assert service.log.count("may do everything") == 1
        assert service.log.count("by the default password") == 1
