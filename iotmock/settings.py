"""The environment and `.env`, parsed once into one value (contract.md, section 1)."""

import os
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from math import isfinite
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import available_timezones

import environ
from dotenv import dotenv_values

T = TypeVar("T")

FleetSetting = tuple[tuple[str, str | None, int], ...]
"""Device type, profile and count of each group."""

DOTENV = Path(".env")
RUN = re.compile(r"[A-Za-z0-9_.-]{0,32}")


class SettingsError(Exception):
    """A variable can not be what it is; one line names it, the value and what is allowed."""


class Secret(str):
    """A text that shows itself to nobody who only prints it."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "Secret(hidden)"


class _NotAllowedError(Exception):
    def __init__(self, allowed: str) -> None:
        super().__init__(allowed)
        self.allowed = allowed


def _variable(
    name: str, default: object, parse: Callable[[str], Any], meaning: str, *, secret: bool = False
) -> Any:
    def convert(value: object) -> Any:
        try:
            return parse("" if value is None else str(value))
        except _NotAllowedError as error:
            shown = "(hidden)" if secret else value
            raise SettingsError(f"{name}={shown} is not allowed: {error.allowed}") from None

    return environ.var(default=default, converter=convert, name=name, help=meaning)


def _number(low: float, high: float, unit: str) -> Callable[[str], float]:
    allowed = f"a number from {low:g} to {high:g}{unit}"

    def parse(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            raise _NotAllowedError(allowed) from None
        if not (isfinite(value) and low <= value <= high):
            raise _NotAllowedError(allowed)
        return value

    return parse


def _whole(low: int, high: int) -> Callable[[str], int]:
    allowed = f"a whole number from {low} to {high}"

    def parse(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            raise _NotAllowedError(allowed) from None
        if not low <= value <= high:
            raise _NotAllowedError(allowed)
        return value

    return parse


def _one_of(*choices: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text.lower() not in choices:
            raise _NotAllowedError(f"one of {', '.join(choices)}")
        return text.lower()

    return parse


def _switch(text: str) -> bool:
    if text.lower() in {"true", "on", "yes", "1"}:
        return True
    if text.lower() in {"false", "off", "no", "0"}:
        return False
    raise _NotAllowedError("true or false")


def _text(text: str) -> str:
    if not text or "\x00" in text:
        raise _NotAllowedError("a text that is not empty")
    return text


def _text_or_none(text: str) -> str | None:
    return text or None


def _secret_or_none(text: str) -> Secret | None:
    return Secret(text) if text else None


def _timezone(text: str) -> str:
    if text not in available_timezones():
        raise _NotAllowedError("a name of the IANA time zone database, as UTC or Europe/Berlin")
    return text


def _moment_or_none(text: str) -> float | None:
    if not text:
        return None
    allowed = _NotAllowedError("a past date or time, as 2025-06-01 or 2025-06-01T12:00:00Z")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise allowed from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    if not 0.0 < moment.timestamp() < time.time():
        raise allowed
    return moment.timestamp()


def _client_id(text: str) -> str | None:
    if any(sign in text for sign in "/+#") or len(text) > 128:
        raise _NotAllowedError("up to 128 characters without / + #, or empty for one of its own")
    return text or None


def _fleet(text: str) -> FleetSetting:
    groups: dict[tuple[str, str | None], int] = {}
    for part in text.split(",") if text.strip() else ():
        found = re.fullmatch(r"\s*([\w.-]+)(?:/([\w.-]+))?\s*=\s*(\d{1,7})\s*", part)
        if found is None or found.group(1, 2) in groups:
            raise _NotAllowedError(
                "type=count or type/profile=count, each once, with commas between"
            )
        groups[found[1], found[2]] = int(found[3])
    return tuple((kind, profile, count) for (kind, profile), count in groups.items())


def _run(text: str) -> str | None:
    if not RUN.fullmatch(text):
        raise _NotAllowedError("up to 32 of A-Z a-z 0-9 _ . - or empty for one of its own")
    return text or None


@environ.config(prefix="", frozen=True)
class Settings:
    """Every setting of the service. Names, defaults and meanings are the documentation."""

    host: str = _variable("HOST", "0.0.0.0", _text, "HTTP listen address")  # noqa: S104
    port: int = _variable("PORT", 8090, _whole(0, 65535), "HTTP port; 0 takes a free one")
    mqtt_broker_host: str = _variable("MQTT_BROKER_HOST", "localhost", _text, "broker host")
    mqtt_broker_port: int = _variable("MQTT_BROKER_PORT", 1883, _whole(1, 65535), "broker port")
    mqtt_username: str | None = _variable(
        "MQTT_USERNAME", "iot_user", _text_or_none, "MQTT user; empty connects without one"
    )
    mqtt_password: Secret | None = _variable(
        "MQTT_PASSWORD", "iot123", _secret_or_none, "MQTT password", secret=True
    )
    simulation_interval: float = _variable(
        "SIMULATION_INTERVAL", 5.0, _number(0.1, 86400, " seconds"), "s between two readings"
    )
    simulation_speed: float = _variable(
        "SIMULATION_SPEED",
        1.0,
        _number(0, 100_000, "; 0 is as fast as possible"),
        "1 is the wall clock's, 60 a minute a second, 0 as fast as possible",
    )
    simulation_start: float | None = _variable(
        "SIMULATION_START",
        "",
        _moment_or_none,
        "a past date or time: history is made from there up to now; empty: now",
    )
    data_variation_percent: float = _variable(
        "DATA_VARIATION_PERCENT",
        0.1,
        _number(0, 1, " (0.1 is ±10 %)"),
        "relative variation of the readings: 0.1 is ±10 %, 0 is free of noise",
    )
    mqtt_embedded_broker: str = _variable(
        "MQTT_EMBEDDED_BROKER",
        "auto",
        _one_of("auto", "on", "off"),
        "start a broker of our own: auto when the host is this machine and nothing listens there",
    )
    mqtt_embedded_host: str = _variable(
        "MQTT_EMBEDDED_HOST", "127.0.0.1", _text, "listen address of the embedded broker"
    )
    mqtt_protocol: str = _variable(
        "MQTT_PROTOCOL", "5", _one_of("5", "3.1.1"), "5 falls back to 3.1.1 where 5 is refused"
    )
    mqtt_client_id: str | None = _variable(
        "MQTT_CLIENT_ID", "", _client_id, "client id; empty makes one from host name and port"
    )
    mqtt_keep_alive: int = _variable(
        "MQTT_KEEP_ALIVE", 30, _whole(1, 65535), "s between signs of life to the broker"
    )
    mqtt_window: int = _variable(
        "MQTT_WINDOW", 500, _whole(1, 65535), "messages on their way without an answer"
    )
    mqtt_backlog: int = _variable(
        "MQTT_BACKLOG",
        100_000,
        _whole(1, 10_000_000),
        "messages kept while the broker is away; then the oldest data is dropped and counted",
    )
    mqtt_tls: bool = _variable("MQTT_TLS", "off", _switch, "connect with TLS, verified")
    mqtt_tls_ca: str | None = _variable(
        "MQTT_TLS_CA", "", _text_or_none, "file of trusted CA certificates; empty: the system's"
    )
    mqtt_tls_cert: str | None = _variable(
        "MQTT_TLS_CERT", "", _text_or_none, "file of the client certificate"
    )
    mqtt_tls_key: str | None = _variable(
        "MQTT_TLS_KEY", "", _text_or_none, "file of the client certificate's key"
    )
    mqtt_stamp: str = _variable(
        "MQTT_STAMP",
        "off",
        _one_of("off", "properties", "json"),
        "number data messages, in an MQTT 5 user property or a JSON field (docs/verification.md)",
    )
    mqtt_stamp_run: str | None = _variable(
        "MQTT_STAMP_RUN", "", _run, "the stamps' run; empty makes one"
    )
    state_file: str = _variable(
        "STATE_FILE", "iotmock.db", _text, "devices and counters; :memory: keeps none"
    )
    fault_profile: str = _variable(
        "FAULT_PROFILE",
        "off",
        _one_of("off", "realistic", "harsh"),
        "faults that happen by themselves; harsh is a hundred times realistic",
    )
    fault_ledger: str | None = _variable(
        "FAULT_LEDGER",
        "",
        _text_or_none,
        "file of the fault ledger; empty: beside STATE_FILE, as iotmock-faults.db",
    )
    fault_topic: bool = _variable(
        "FAULT_TOPIC",
        "off",
        _switch,
        "publish begins and ends of faults on energy/devices/{id}/faults",
    )
    default_devices: bool = _variable(
        "DEFAULT_DEVICES", "true", _switch, "create five devices when there are none"
    )
    fleet: FleetSetting = _variable(
        "FLEET", "", _fleet, "a fleet to make at the start, as hvac=50000,lighting/street=300"
    )
    platform_sync: bool = _variable(
        "PLATFORM_SYNC", "on", _switch, "mirror the devices that the platform announces"
    )
    fleet_seed: int = _variable(
        "FLEET_SEED", 1, _whole(0, 2**63 - 1), "the same seed and ticks give the same readings"
    )
    site_latitude: float = _variable(
        "SITE_LATITUDE", 52.5, _number(-90, 90, " degrees"), "degrees north, for sun and seasons"
    )
    site_timezone: str = _variable(
        "SITE_TIMEZONE",
        "UTC",
        _timezone,
        "time zone of people and shifts, for instance Europe/Berlin",
    )
    site_climate: str = _variable(
        "SITE_CLIMATE", "temperate", _one_of("temperate", "cold", "hot"), "the weather's means"
    )
    shutdown_timeout: float = _variable(
        "SHUTDOWN_TIMEOUT", 5.0, _number(0, 600, " seconds"), "s to deliver what waits at the end"
    )
    log_level: str = _variable(
        "LOG_LEVEL", "info", _one_of("debug", "info", "warning", "error"), "least level logged"
    )
    log_format: str = _variable(
        "LOG_FORMAT", "console", _one_of("console", "json"), "how a log line looks"
    )


def ledger_path(settings: Settings) -> str:
    """Return the file of the fault ledger."""
    if settings.fault_ledger is not None or settings.state_file == ":memory:":
        return settings.fault_ledger or ":memory:"
    state_file = Path(settings.state_file)
    return str(state_file.with_name(f"{state_file.stem}-faults{state_file.suffix}"))


def read_settings(environment: dict[str, str] | None = None) -> Settings:
    """Return the settings; the environment wins over `.env` in the working directory.

    Raises:
        SettingsError: a variable has a value that is not allowed.
    """
    of_file = {name: value or "" for name, value in dotenv_values(DOTENV).items()}
    of_process = dict(os.environ) if environment is None else environment
    settings: Settings = environ.to_config(Settings, of_file | of_process)
    if settings.mqtt_tls and settings.mqtt_embedded_broker == "on":
        raise SettingsError(
            "MQTT_EMBEDDED_BROKER=on is not allowed with MQTT_TLS=on: the embedded broker is plain"
        )
    if (settings.mqtt_tls_cert is None) != (settings.mqtt_tls_key is None):
        raise SettingsError("MQTT_TLS_CERT and MQTT_TLS_KEY go together; set both or none")
    if settings.mqtt_stamp == "properties" and settings.mqtt_protocol != "5":
        raise SettingsError(
            "MQTT_STAMP=properties is not allowed with MQTT_PROTOCOL=3.1.1: json goes with both"
        )
    return settings
