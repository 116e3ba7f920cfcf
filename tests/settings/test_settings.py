"""The settings: names and defaults of the contract, and one plain line for what can not be."""

from pathlib import Path

import attrs
import pytest

from iotmock.settings.errors import SettingsError
from iotmock.settings.reading import read_settings
from iotmock.settings.settings import Settings
from tests.wording.test_quoted import SECRETS

CONTRACT = {
    "HOST": "0.0.0.0",
    "PORT": 8090,
    "MQTT_BROKER_HOST": "localhost",
    "MQTT_BROKER_PORT": 1883,
    "MQTT_USERNAME": "iot_user",
    "MQTT_PASSWORD": "iot123",
    "SIMULATION_INTERVAL": 5.0,
    "DATA_VARIATION_PERCENT": 0.1,
}
NAMES = [attribute.name.upper() for attribute in attrs.fields(Settings)]  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(("name", "default"), CONTRACT.items())
def test_the_contracts_names_and_defaults_are_fixed(name: str, default: object) -> None:
    assert getattr(read_settings({}), name.lower()) == default


def test_the_environment_wins_over_the_file(elsewhere: Path) -> None:
    (elsewhere / ".env").write_text("PORT=9000\nHOST=127.0.0.1\n")
    settings = read_settings({"PORT": "9001"})
    assert (settings.port, settings.host) == (9001, "127.0.0.1")


def test_unknown_variables_are_ignored() -> None:
    assert read_settings({"NO_SUCH_SETTING": "x"}) == read_settings({})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "http"),
        ("PORT", "70000"),
        ("PORT", ""),
        ("MQTT_BROKER_PORT", "0"),
        ("MQTT_BROKER_HOST", ""),
        ("MQTT_BROKER_HOST", "broker:1883"),
        ("MQTT_BROKER_HOST", "mqtt://broker"),
        ("MQTT_TRANSPORT", "quic"),
        ("MQTT_WEBSOCKET_PATH", "mqtt"),
        ("MQTT_TLS_ALPN", "m q"),
        ("SIMULATION_INTERVAL", "0"),
        ("SIMULATION_INTERVAL", "nan"),
        ("SIMULATION_INTERVAL", "inf"),
        ("DATA_VARIATION_PERCENT", "-0.1"),
        ("DATA_VARIATION_PERCENT", "10"),
        ("MQTT_EMBEDDED_BROKER", "maybe"),
        ("MQTT_PROTOCOL", "4"),
        ("MQTT_TLS", "perhaps"),
        ("MQTT_CLIENT_ID", "a/#"),
        ("DEFAULT_DEVICES", "some"),
        ("FLEET", "hvac"),
        ("FLEET", "hvac=1,"),
        ("FLEET", "hvac=many"),
        ("FLEET", "hvac=1,hvac=2"),
        ("LOG_LEVEL", "loud"),
        ("MQTT_CONNECTIONS", "pool"),
        ("MQTT_CONNECTIONS", "pool:0"),
        ("MQTT_CONNECTIONS", "pool:1001"),
        ("MQTT_CONNECTIONS", "each"),
        ("MQTT_QOS", "3"),
        ("MQTT_CONNECT_RATE", "-1"),
        ("MQTT_BIND_ADDRESSES", "127.0.0.1,localhost"),
        ("PORT", "1_000"),
        ("PORT", "\u0661\u0662"),
        ("SIMULATION_INTERVAL", "1_0"),
        ("SIMULATION_INTERVAL", "\u0663.\u0665"),
        ("SIMULATION_SPEED", "1e-6"),
        ("SIMULATION_SPEED", "-1"),
        ("FLEET", "hvac=\u0661"),
        ("MQTT_CONNECTIONS", "pool:\u0663"),
        ("HTTP_CORS_ORIGINS", "https://a.example:\u0664\u0664\u0663"),
        ("HTTP_CORS_ORIGINS", "https://a.example:99999"),
        ("HTTP_CORS_ORIGINS", "https://[::::]"),
        ("HTTP_CORS_ORIGINS", "https://a..b"),
        ("IOTMOCK_URL", "localhost:8090"),
        ("IOTMOCK_URL", "http://host.example/?q=1"),
        ("IOTMOCK_URL", "http://[::1"),
        ("SITES", "home"),
        ("SITES", "home/=5"),
        ("SITES", "home/FRA=5"),
        ("SITES", "home/FR-=5"),
        ("SITES", "home/FR=5,home/fr=6"),
        ("STATE_FILE", "/"),
        ("STATE_FILE", "."),
        ("STATE_FILE", ".."),
    ],
)
def test_a_bad_value_is_one_line_with_name_value_and_what_is_allowed(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings({name: value})
    line = str(caught.value)
    assert line.startswith(f"{name}={value} is not allowed: ")
    assert "\n" not in line


@pytest.mark.parametrize("name", ["MQTT_USERNAME", "MQTT_PASSWORD"])
def test_what_no_mqtt_packet_can_carry_is_refused(name: str) -> None:
    for text in ("x" * 65_536, "é" * 32_768):
        with pytest.raises(SettingsError, match="is not allowed: a text of at most 65,535 bytes"):
            read_settings({name: text})
    assert len(getattr(read_settings({name: "é" * 32_767}), name.lower())) == 32_767


@pytest.mark.parametrize("user", ["%00", "%ff"])
def test_a_url_with_a_user_that_is_no_text_is_refused(user: str) -> None:
    with pytest.raises(SettingsError, match="is not allowed"):
        read_settings({"MQTT_BROKER_URL": f"mqtt://{user}:p@broker.example"})


def test_a_minus_before_nothing_is_nothing() -> None:
    assert str(read_settings({"SIMULATION_SPEED": "-0.0"}).simulation_speed) == "0.0"


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_in_the_wrong_place_is_not_told(secret: str) -> None:
    for name in NAMES:
        for beside in ({}, {"MQTT_BROKER_URL": "mqtt://broker"}, {"MQTT_TLS_CERT": "c.pem"}):
            told = refusal_of({**beside, name: secret})
            assert told.isprintable()
            assert "hun" not in told, (name, told)


def refusal_of(variables: dict[str, str]) -> str:
    """Return why variables can not be, or nothing."""
    try:
        read_settings(variables)
    except SettingsError as error:
        return str(error)
    return ""


def test_a_host_of_two_lines_is_told_on_one() -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings({"HOST": "a\nb"})
    assert str(caught.value).startswith("HOST=a\\nb is not allowed: ")


def test_a_fleet_is_types_profiles_and_counts() -> None:
    fleet = read_settings({"FLEET": "hvac=50000, lighting/street = 3"}).fleet
    assert fleet == (("hvac", None, 50_000), ("lighting", "street", 3))


def test_sites_are_kinds_countries_and_counts() -> None:
    sites = read_settings({"SITES": "home=5000, office/fr = 3,home/US-CA=7,home/FR-Zone A=1"}).sites
    assert [(*one.where, one.count) for one in sites] == [
        ("home", None, "", 5_000),
        ("office", "FR", "", 3),
        ("home", "US", "CA", 7),
        ("home", "FR", "Zone A", 1),
    ]


def test_the_password_is_never_shown() -> None:
    settings = read_settings({"MQTT_PASSWORD": "hunter2"})
    assert "hunter2" not in repr(settings)
    assert settings.mqtt_password == "hunter2"


def test_certificate_and_key_go_together() -> None:
    with pytest.raises(SettingsError, match="MQTT_TLS_KEY"):
        read_settings({"MQTT_TLS_CERT": "cert.pem"})


def test_the_connection_model_is_a_value() -> None:
    pool = read_settings({"MQTT_CONNECTIONS": "pool:12"}).mqtt_connections
    assert (pool.model, pool.count) == ("pool", 12)
    addresses = read_settings({"MQTT_BIND_ADDRESSES": "127.0.0.2, ::1"}).mqtt_bind_addresses
    assert addresses == ("127.0.0.2", "::1")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MQTT_USERNAME", "{device_id}"),
        ("MQTT_PASSWORD", "secret-{device_id}"),
        ("MQTT_CREDENTIALS", "users.csv"),
    ],
)
def test_what_only_devices_connections_use_says_so(name: str, value: str) -> None:
    with pytest.raises(
        SettingsError, match=f"{name}.* needs MQTT_CONNECTIONS=per-device"
    ) as caught:
        read_settings({name: value})
    assert "secret" not in str(caught.value)
    read_settings({name: value, "MQTT_CONNECTIONS": "per-device"})


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("document", [".env.example", "docs/reference/configuration.md"])
def test_every_setting_is_documented(name: str, document: str) -> None:
    text = (Path(__file__).parents[2] / document).read_text()
    assert name in text


@pytest.mark.parametrize(
    "ledger", ["state.db", "./state.db", "x/../state.db", "link.db", "hard.db"]
)
def test_the_ledger_must_not_be_the_state_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ledger: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x").mkdir()
    (tmp_path / "state.db").touch()
    (tmp_path / "link.db").symlink_to("state.db")
    (tmp_path / "hard.db").hardlink_to("state.db")
    environment = {"STATE_FILE": str(tmp_path / "state.db"), "FAULT_LEDGER": ledger}
    with pytest.raises(SettingsError, match=r"FAULT_LEDGER=.* STATE_FILE"):
        read_settings(environment, file=None)


def test_a_ledger_that_is_to_be_the_state_file_is_refused_before_there_is_one(
    tmp_path: Path,
) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    environment = {
        "STATE_FILE": str(tmp_path / "s.db"),
        "FAULT_LEDGER": str(tmp_path / "link" / "s.db"),
    }
    with pytest.raises(SettingsError, match="FAULT_LEDGER"):
        read_settings(environment, file=None)
