"""The service over TLS, WebSocket and IPv6, in each connection model, by one URL."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import trustme

from tests.mosquitto import PASSWORD, USERNAME, free_port, running_mosquitto, wait_listening
from tests.service.process import Service, command, running_service, subscribed, wait_until

DEVICES = 5
MODELS = ("shared", "pool:2", "per-device")
in_each_model = pytest.mark.parametrize("model", MODELS)


@contextmanager
def fleet(folder: Path, url: str, model: str, **more: object) -> Iterator[Service]:
    """Run a service with a few devices at the broker of a URL."""
    usual: dict[str, object] = {
        "MQTT_BROKER_URL": url,
        "MQTT_CONNECTIONS": model,
        "FLEET": f"hvac={DEVICES}",
        "SIMULATION_INTERVAL": 0.5,
        "STATE_FILE": ":memory:",
    }
    with running_service(folder, **usual | more) as service:
        yield service


def check_readings_and_commands(service: Service, port: int) -> None:
    """Wait for readings, and have a command carried out; `port` is a plain one of the broker."""
    device = "cli-hvac-000001"
    with subscribed(port) as heard:
        heard.wait_for(lambda seen: len(seen.data(device)) >= 2)
        command(service, port, device, "set_power", value=True)
        heard.wait_for(lambda seen: seen.results(device))


def certificates(folder: Path) -> tuple[Path, tuple[str, ...]]:
    """Return the file of an authority, and mosquitto's lines for a certificate of it."""
    authority = trustme.CA()
    ca, pem = folder / "ca.pem", folder / "server.pem"
    authority.cert_pem.write_to_path(ca)
    leaf = authority.issue_cert("localhost", "127.0.0.1")
    leaf.private_key_and_cert_chain_pem.write_to_path(pem)
    return ca, (f"certfile {pem}", f"keyfile {pem}")


@in_each_model
@pytest.mark.parametrize("scheme", ["mqtts", "ws", "wss"])
def test_readings_and_commands_go_over(tmp_path: Path, model: str, scheme: str) -> None:
    ca, files = certificates(tmp_path)
    plain, port = free_port(), free_port()
    lines = [f"listener {plain} 127.0.0.1", f"listener {port}", "bind_interface lo"]
    lines += ["protocol websockets"] if scheme in {"ws", "wss"} else []
    lines += files if scheme in {"mqtts", "wss"} else []
    trusted: dict[str, object] = {"MQTT_TLS_CA": ca} if scheme in {"mqtts", "wss"} else {}
    with running_mosquitto(tmp_path, *lines, port=plain):
        wait_listening(port)
        url = f"{scheme}://{USERNAME}:{PASSWORD}@localhost:{port}"
        with fleet(tmp_path, url, model, **trusted) as service:
            check_readings_and_commands(service, plain)


@in_each_model
def test_a_broker_at_an_ipv6_address(tmp_path: Path, model: str) -> None:
    port = free_port()
    lines = (f"listener {port} ::1", f"listener {port} 127.0.0.1")
    with (
        running_mosquitto(tmp_path, *lines, port=port),
        fleet(tmp_path, f"mqtt://[::1]:{port}", model) as service,
    ):
        check_readings_and_commands(service, port)
        assert service.status()["mqtt"]["broker"] == f"[::1]:{port}"
        assert f"[::1]:{port}" in service.log


@in_each_model
def test_a_certificate_that_is_renewed_is_used_at_the_next_connect(
    tmp_path: Path, model: str
) -> None:
    authority, foreign = trustme.CA(), trustme.CA()
    ca, pem, mine = (tmp_path / name for name in ("ca.pem", "server.pem", "mine.pem"))
    authority.cert_pem.write_to_path(ca)
    authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(pem)
    foreign.issue_cert("me").private_key_and_cert_chain_pem.write_to_path(mine)
    plain, port = free_port(), free_port()
    lines = [f"listener {plain} 127.0.0.1", f"listener {port} 127.0.0.1", f"cafile {ca}"]
    lines += [f"certfile {pem}", f"keyfile {pem}", "require_certificate true"]
    ours = {"MQTT_TLS_CA": ca, "MQTT_TLS_CERT": mine, "MQTT_TLS_KEY": mine}
    with (
        running_mosquitto(tmp_path, *lines, port=plain),
        fleet(tmp_path, f"mqtts://127.0.0.1:{port}", model, **ours) as service,
    ):
        sentence = "does not know the authority of our client certificate"
        wait_until(lambda: sentence in service.log, 20, "it says what is wrong")
        authority.issue_cert("me").private_key_and_cert_chain_pem.write_to_path(mine)
        check_readings_and_commands(service, plain)
