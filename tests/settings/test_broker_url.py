"""One URL in place of single settings, and what is said of contradictions."""

import pytest

from iotmock.settings.errors import SettingsError
from iotmock.settings.reading import read_settings
from iotmock.settings.settings import Settings


def read(url: str, **more: str) -> Settings:
    return read_settings({"MQTT_BROKER_URL": url, **more}, None)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("mqtt://broker", ("broker", 1883, "tcp", False)),
        ("mqtt://broker:1884/", ("broker", 1884, "tcp", False)),
        ("mqtts://broker", ("broker", 8883, "tcp", True)),
        ("ws://[::1]", ("::1", 80, "websocket", False)),
        ("wss://broker/mqtt", ("broker", 443, "websocket", True)),
        ("mqtts://192.0.2.1:443", ("192.0.2.1", 443, "tcp", True)),
    ],
)
def test_a_url_is_host_port_transport_and_tls(url: str, expected: tuple[object, ...]) -> None:
    settings = read(url)
    found = (
        settings.mqtt_broker_host,
        settings.mqtt_broker_port,
        settings.mqtt_transport,
        settings.mqtt_tls,
    )
    assert found == expected


def test_a_path_is_the_websockets() -> None:
    assert read("wss://broker").mqtt_websocket_path == "/mqtt"
    assert read("wss://broker/").mqtt_websocket_path == "/"
    assert read("wss://broker/a/b?key=1").mqtt_websocket_path == "/a/b?key=1"


def test_user_and_password_are_of_the_url_or_of_their_own_settings() -> None:
    both = read("mqtts://an%40na:p%2Fw@broker")
    assert (both.mqtt_username, both.mqtt_password) == ("an@na", "p/w")
    user = read("mqtts://anna@broker", MQTT_PASSWORD="secret")
    assert (user.mqtt_username, user.mqtt_password) == ("anna", "secret")
    none = read("mqtts://broker", MQTT_USERNAME="otto")
    assert none.mqtt_username == "otto"


@pytest.mark.parametrize(
    "url",
    [
        "broker",
        "http://broker",
        "mqtt://",
        "mqtt://broker/path",
        "mqtt://broker:x",
        "mqtt://broker:70000",
        "mqtt://[::1",
        "wss://broker/#part",
    ],
)
def test_what_is_no_url_of_a_broker_is_said_without_its_password(url: str) -> None:
    with pytest.raises(SettingsError, match=r"MQTT_BROKER_URL=\(hidden\) is not allowed: mqtt://"):
        read(url)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MQTT_BROKER_HOST", "other"),
        ("MQTT_BROKER_PORT", "1884"),
        ("MQTT_TRANSPORT", "websocket"),
        ("MQTT_USERNAME", "otto"),
        ("MQTT_PASSWORD", "hunter2"),
    ],
)
def test_a_contradiction_is_said(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"{name}=.* contradicts MQTT_BROKER_URL") as caught:
        read("mqtts://anna:pw@broker", **{name: value})
    assert "hunter2" not in str(caught.value)
    assert "pw" not in str(caught.value)


def test_what_says_the_same_or_is_the_usual_is_no_contradiction() -> None:
    same = read("mqtts://broker:8884", MQTT_BROKER_PORT="8884", MQTT_TLS="on")
    assert same.mqtt_broker_port == 8884
    assert read("mqtts://broker", MQTT_BROKER_HOST="localhost").mqtt_broker_host == "broker"


def test_the_password_in_a_url_is_never_shown() -> None:
    assert "hunter2" not in repr(read("mqtts://anna:hunter2@broker"))


def test_an_ipv6_address_may_be_in_brackets() -> None:
    assert read_settings({"MQTT_BROKER_HOST": "[::1]"}, None).mqtt_broker_host == "::1"
    assert read_settings({"MQTT_BROKER_HOST": "fe80::1"}, None).mqtt_broker_host == "fe80::1"
