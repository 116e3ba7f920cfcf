"""The environment and `.env`, parsed once into one value (contract.md, section 1)."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import environ

from iotmock.files.dotenv import DotenvError, parse_dotenv
from iotmock.files.text_file import TextFileError, is_utf_8, read_text
from iotmock.settings import numbers, values
from iotmock.settings.broker_url import BrokerUrl, broker_url
from iotmock.settings.values import Connections, FleetSetting, Secret

DOTENV = Path(".env")
MEMORY = ":memory:"
"""In place of a file: nothing is kept."""
DEFAULT_PASSWORD = "iot123"  # noqa: S105 - of the contract, and known to everybody
_DOTENV_LIMIT = 1_000_000
_MOST_SHOWN = 100


class SettingsError(Exception):
    """A variable can not be what it is; one line names it, the value and what is allowed."""


def _variable(
    name: str, default: object, parse: Callable[[str], Any], meaning: str, *, secret: bool = False
) -> Any:
    def convert(value: object) -> Any:
        text = str(value)
        if not is_utf_8(text):
            raise SettingsError(f"{name} is not UTF-8")
        try:
            return parse(text)
        except numbers.NotAllowedError as error:
            shown = "(hidden)" if secret or _has_login(text) else _on_one_line(text)
            raise SettingsError(f"{name}={shown} is not allowed: {error.allowed}") from None

    return environ.var(default=default, converter=convert, name=name, help=meaning)


@environ.config(prefix="", frozen=True)
class Settings:
    """Every setting of the service. Names, defaults and meanings are the documentation."""

    host: str = _variable("HOST", "0.0.0.0", values.text, "HTTP listen address")  # noqa: S104
    port: int = _variable("PORT", 8090, numbers.whole(0, 65535), "HTTP port; 0 takes a free one")
    http_max_connections: int = _variable(
        "HTTP_MAX_CONNECTIONS",
        1_000,
        numbers.whole(1, 100_000),
        "HTTP connections at a time; further ones wait",
    )
    stream_listeners: int = _variable(
        "STREAM_LISTENERS",
        200,
        numbers.whole(0, 10_000),
        "who may listen to GET /api/v1/stream at a time; further ones are refused",
    )
    http_root_path: str = _variable(
        "HTTP_ROOT_PATH",
        "",
        values.root_path,
        "path that a proxy serves this under, as /sim; empty: X-Forwarded-Prefix says it",
    )
    api_token: Secret | None = _variable(
        "API_TOKEN",
        "",
        values.token_or_none,
        "what REST clients send as Authorization: Bearer ...; empty: nothing",
        secret=True,
    )
    api_token_file: str | None = _variable(
        "API_TOKEN_FILE", "", values.text_or_none, "a file with the token, instead of API_TOKEN"
    )
    iotmock_url: str | None = _variable(
        "IOTMOCK_URL",
        "",
        values.http_url_or_none,
        "where `iotmock devices`, send, inject and watch find the service; empty: here, at PORT",
    )
    http_allowed_hosts: tuple[str, ...] = _variable(
        "HTTP_ALLOWED_HOSTS",
        "",
        values.host_names,
        "names by which REST is reached, beside this machine's (docs/security.md)",
    )
    http_cors_origins: tuple[str, ...] = _variable(
        "HTTP_CORS_ORIGINS", "", values.origins, "web pages of other hosts that may use REST"
    )
    mqtt_broker_url: BrokerUrl | None = _variable(
        "MQTT_BROKER_URL",
        "",
        broker_url,
        "mqtt://, mqtts://, ws:// or wss:// with user, host, port and path, for single settings",
        secret=True,
    )
    mqtt_broker_host: str = _variable("MQTT_BROKER_HOST", "localhost", values.host, "broker host")
    mqtt_broker_port: int = _variable(
        "MQTT_BROKER_PORT", 1883, numbers.whole(1, 65535), "broker port"
    )
    mqtt_username: str | None = _variable(
        "MQTT_USERNAME",
        "iot_user",
        values.mqtt_text_or_none,
        "MQTT user; empty connects without one",
    )
    mqtt_password: Secret | None = _variable(
        "MQTT_PASSWORD", DEFAULT_PASSWORD, values.secret_or_none, "MQTT password", secret=True
    )
    simulation_interval: float = _variable(
        "SIMULATION_INTERVAL", 5.0, numbers.number(0.1, 86400, " seconds"), "s between two readings"
    )
    simulation_speed: float = _variable(
        "SIMULATION_SPEED",
        1.0,
        numbers.speed(100_000),
        "1 is the wall clock's, 60 a minute a second, 0 as fast as possible",
    )
    simulation_start: float | None = _variable(
        "SIMULATION_START",
        "",
        values.moment_or_none,
        "a past date or time: history is made from there up to now; empty: now",
    )
    simulation_now: float | None = _variable(
        "SIMULATION_NOW",
        "",
        values.any_moment_or_none,
        "the date or time at which simulated time begins, to run on from there; empty: now",
    )
    data_variation_percent: float = _variable(
        "DATA_VARIATION_PERCENT",
        0.1,
        numbers.number(0, 1, " (0.1 is ±10 %)"),
        "relative variation of the readings: 0.1 is ±10 %, 0 is free of noise",
    )
    mqtt_embedded_broker: str = _variable(
        "MQTT_EMBEDDED_BROKER",
        "auto",
        values.one_of("auto", "on", "off"),
        "start a broker of our own: auto when the host is this machine and nothing listens there",
    )
    mqtt_embedded_host: str = _variable(
        "MQTT_EMBEDDED_HOST", "127.0.0.1", values.text, "listen address of the embedded broker"
    )
    mqtt_protocol: str = _variable(
        "MQTT_PROTOCOL",
        "5",
        values.one_of("5", "3.1.1"),
        "5 falls back to 3.1.1 where 5 is refused",
    )
    mqtt_transport: str = _variable(
        "MQTT_TRANSPORT",
        "tcp",
        values.one_of("tcp", "websocket"),
        "what carries MQTT; with TLS both are encrypted",
    )
    mqtt_websocket_path: str = _variable(
        "MQTT_WEBSOCKET_PATH", "/mqtt", values.path, "path of the broker's WebSocket"
    )
    mqtt_client_id: str | None = _variable(
        "MQTT_CLIENT_ID", "", values.client_id, "client id; empty makes one from host name and port"
    )
    mqtt_keep_alive: int = _variable(
        "MQTT_KEEP_ALIVE", 30, numbers.whole(1, 65535), "s between signs of life to the broker"
    )
    mqtt_connections: Connections = _variable(
        "MQTT_CONNECTIONS",
        "shared",
        values.connections,
        "shared, pool:N or per-device (docs/connections.md)",
    )
    mqtt_qos: int = _variable("MQTT_QOS", 1, numbers.whole(0, 2), "QoS of data messages")
    mqtt_connect_rate: int = _variable(
        "MQTT_CONNECT_RATE",
        500,
        numbers.whole(0, 100_000),
        "connections opened a second; 0: all at once",
    )
    mqtt_bind_addresses: tuple[str, ...] = _variable(
        "MQTT_BIND_ADDRESSES",
        "",
        values.addresses,
        "source addresses, taken in turn; one is enough for 28,000 connections",
    )
    mqtt_credentials: str | None = _variable(
        "MQTT_CREDENTIALS",
        "",
        values.text_or_none,
        "CSV of device_id,username,password,cert,key for connections per device",
    )
    mqtt_window: int = _variable(
        "MQTT_WINDOW", 500, numbers.whole(1, 65535), "messages on their way without an answer"
    )
    mqtt_backlog: int = _variable(
        "MQTT_BACKLOG",
        100_000,
        numbers.whole(1, 10_000_000),
        "messages kept while the broker is away; then the oldest data is dropped and counted",
    )
    mqtt_backlog_bytes: int = _variable(
        "MQTT_BACKLOG_BYTES",
        67_108_864,
        numbers.whole(1_000_000, 1 << 40),
        "bytes of what is kept while the broker is away, results included",
    )
    mqtt_tls: bool = _variable("MQTT_TLS", "off", values.switch, "connect with TLS, verified")
    mqtt_tls_ca: str | None = _variable(
        "MQTT_TLS_CA",
        "",
        values.text_or_none,
        "file of trusted CA certificates; empty: the system's",
    )
    mqtt_tls_cert: str | None = _variable(
        "MQTT_TLS_CERT", "", values.text_or_none, "file of the client certificate"
    )
    mqtt_tls_key: str | None = _variable(
        "MQTT_TLS_KEY", "", values.text_or_none, "file of the client certificate's key"
    )
    mqtt_tls_alpn: tuple[str, ...] = _variable(
        "MQTT_TLS_ALPN", "", values.alpn, "ALPN protocols to offer, with commas between"
    )
    mqtt_stamp: str = _variable(
        "MQTT_STAMP",
        "off",
        values.one_of("off", "properties", "json"),
        "number data messages, in an MQTT 5 user property or a JSON field (docs/verification.md)",
    )
    mqtt_stamp_run: str | None = _variable(
        "MQTT_STAMP_RUN", "", values.run, "the stamps' run; empty makes one"
    )
    state_file: str = _variable(
        "STATE_FILE", "iotmock.db", values.file_path, "devices and counters; :memory: keeps none"
    )
    fault_profile: str = _variable(
        "FAULT_PROFILE",
        "off",
        values.one_of("off", "realistic", "harsh"),
        "faults that happen by themselves; harsh is a hundred times realistic",
    )
    fault_ledger: str | None = _variable(
        "FAULT_LEDGER",
        "",
        values.text_or_none,
        "file of the fault ledger; empty: beside STATE_FILE, as iotmock-faults.db",
    )
    fault_ledger_days: float = _variable(
        "FAULT_LEDGER_DAYS",
        0,
        numbers.number(0, 36_500, " days (0 keeps all)"),
        "days of simulated time that the fault ledger keeps what has ended; 0 keeps all",
    )
    fault_topic: bool = _variable(
        "FAULT_TOPIC",
        "off",
        values.switch,
        "publish begins and ends of faults on energy/devices/{id}/faults",
    )
    default_devices: bool = _variable(
        "DEFAULT_DEVICES", "true", values.switch, "create five devices when there are none"
    )
    fleet: FleetSetting = _variable(
        "FLEET", "", values.fleet, "a fleet to make at the start, as hvac=50000,lighting/street=300"
    )
    platform_sync: bool = _variable(
        "PLATFORM_SYNC", "on", values.switch, "mirror the devices that the platform announces"
    )
    platform_sync_limit: int = _variable(
        "PLATFORM_SYNC_LIMIT",
        10_000,
        numbers.whole(0, 1_000_000),
        "how many of the platform's devices are mirrored at most",
    )
    fleet_seed: int = _variable(
        "FLEET_SEED",
        1,
        numbers.whole(0, 2**63 - 1),
        "the same seed and ticks give the same readings",
    )
    site_latitude: float = _variable(
        "SITE_LATITUDE",
        52.5,
        numbers.number(-90, 90, " degrees"),
        "degrees north, for sun and seasons",
    )
    site_timezone: str = _variable(
        "SITE_TIMEZONE",
        "UTC",
        values.timezone,
        "time zone of people and shifts, for instance Europe/Berlin",
    )
    site_climate: str = _variable(
        "SITE_CLIMATE",
        "temperate",
        values.one_of("temperate", "cold", "hot"),
        "the weather's means",
    )
    shutdown_timeout: float = _variable(
        "SHUTDOWN_TIMEOUT",
        5.0,
        numbers.number(0, 600, " seconds"),
        "s to deliver what waits at the end",
    )
    log_level: str = _variable(
        "LOG_LEVEL",
        "info",
        values.one_of("debug", "info", "warning", "error"),
        "least level logged",
    )
    log_format: str = _variable(
        "LOG_FORMAT", "console", values.one_of("console", "json"), "how a log line looks"
    )


def ledger_path(settings: Settings) -> str:
    """Return the file of the fault ledger."""
    if settings.fault_ledger is not None or settings.state_file == MEMORY:
        return settings.fault_ledger or MEMORY
    state_file = Path(settings.state_file)
    return str(state_file.with_name(f"{state_file.stem}-faults{state_file.suffix}"))


def read_settings(
    environment: dict[str, str] | None = None, file: Path | None = DOTENV
) -> Settings:
    """Return the settings; the environment wins over the file, which only `.env` need not be there.

    Raises:
        SettingsError: a variable has a value that is not allowed, or `.env` is not in order.
    """
    of_file = {} if file is None else _variables_of(file)
    of_process = dict(os.environ) if environment is None else environment
    settings = _with_url(of_file | of_process)
    for complaint in _contradictions(settings):
        raise SettingsError(complaint)
    return settings


def _is_one_file(one: str, other: str) -> bool:
    if MEMORY in {one, other}:
        return False
    try:
        return os.path.samefile(one, other)  # a hard link is the same file, too
    except OSError:
        return os.path.realpath(one) == os.path.realpath(other)


def _variables_of(file: Path) -> dict[str, str]:
    if file == DOTENV and not os.path.lexists(file):
        return {}
    try:
        return parse_dotenv(read_text(file, _DOTENV_LIMIT))
    except TextFileError as error:
        raise SettingsError(f"{error.path} can not be read: {error.reason}") from error
    except DotenvError as error:
        raise SettingsError(f"{file}, {error} (docs/configuration.md)") from None


def _has_login(text: str) -> bool:
    """Say whether it may be a URL with a password in it."""
    return "://" in text and "@" in text


def _on_one_line(value: str) -> str:
    shown = value if value.isprintable() else ascii(value)[1:-1]
    return shown if len(shown) <= _MOST_SHOWN else f"{shown[:_MOST_SHOWN]}..."


def _with_url(given: dict[str, str]) -> Settings:
    settings: Settings = environ.to_config(Settings, given)
    if (url := settings.mqtt_broker_url) is None:
        return settings
    of_url: Settings = environ.to_config(Settings, {**given, **url.settings})
    usual: Settings = environ.to_config(Settings, {})
    for name in url.settings:
        field = name.lower()
        if getattr(settings, field) not in (getattr(usual, field), getattr(of_url, field)):
            shown = "(hidden)" if name == "MQTT_PASSWORD" else given[name]
            raise SettingsError(f"{name}={shown} contradicts MQTT_BROKER_URL: set one of the two")
    return of_url


def _contradictions(settings: Settings) -> Iterator[str]:
    if _is_one_file(settings.state_file, ledger_path(settings)):
        yield (
            f"FAULT_LEDGER={settings.fault_ledger} is not allowed: it is the file of STATE_FILE; "
            "choose another"
        )
    if settings.mqtt_tls and settings.mqtt_embedded_broker == "on":
        yield (
            "MQTT_EMBEDDED_BROKER=on is not allowed with MQTT_TLS=on: the embedded broker is plain"
        )
    yield from _twice_said(settings)
    if settings.mqtt_transport == "websocket" and settings.mqtt_embedded_broker == "on":
        yield (
            "MQTT_EMBEDDED_BROKER=on is not allowed with MQTT_TRANSPORT=websocket: the embedded "
            "broker speaks plain MQTT"
        )
    if (settings.mqtt_tls_cert is None) != (settings.mqtt_tls_key is None):
        cert, key = settings.mqtt_tls_cert, settings.mqtt_tls_key
        given, other = ("CERT", "KEY") if cert else ("KEY", "CERT")
        yield f"MQTT_TLS_{given}={cert or key} needs MQTT_TLS_{other}: set both or none"
    if settings.mqtt_stamp == "properties" and settings.mqtt_protocol != "5":
        yield "MQTT_STAMP=properties is not allowed with MQTT_PROTOCOL=3.1.1: json goes with both"
    if settings.mqtt_connections.model != "per-device":
        yield from _of_devices_only(settings)


def _twice_said(settings: Settings) -> Iterator[str]:
    if settings.api_token is not None and settings.api_token_file is not None:
        yield "API_TOKEN and API_TOKEN_FILE are two places for one token; set one of them"
    if settings.simulation_start is not None and settings.simulation_now is not None:
        yield "SIMULATION_START and SIMULATION_NOW are two beginnings of time; set one of them"


def _of_devices_only(settings: Settings) -> Iterator[str]:
    if settings.mqtt_credentials is not None:
        yield f"MQTT_CREDENTIALS={settings.mqtt_credentials} needs MQTT_CONNECTIONS=per-device"
    for name in ("mqtt_username", "mqtt_password", "mqtt_tls_cert", "mqtt_tls_key"):
        if "{device_id}" in (getattr(settings, name) or ""):
            yield f"{name.upper()} with {{device_id}} needs MQTT_CONNECTIONS=per-device"
