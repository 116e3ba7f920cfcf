"""Settings that are each allowed and can not be together."""

from collections.abc import Iterator

from iotmock.settings.settings import Settings
from iotmock.settings.state_files import is_one_file, ledger_path
from iotmock.wording.quoted import quoted, quoted_path


def contradictions(settings: Settings) -> Iterator[str]:
    """Yield a sentence for each pair: what is wrong, and what to set instead."""
    if is_one_file(settings):
        yield (
            f"FAULT_LEDGER={quoted(ledger_path(settings))} is not allowed: it is the file of "
            "STATE_FILE; choose another"
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
        given, other = ("CERT", "KEY") if settings.mqtt_tls_cert else ("KEY", "CERT")
        file = quoted_path(settings.mqtt_tls_cert or settings.mqtt_tls_key or "")
        yield f"MQTT_TLS_{given}={file} needs MQTT_TLS_{other}: set both or none"
    if settings.mqtt_stamp == "properties" and settings.mqtt_protocol != "5":
        yield "MQTT_STAMP=properties is not allowed with MQTT_PROTOCOL=3.1.1: json goes with both"
    if settings.mqtt_connections.model != "per-device":
        yield from _of_devices_only(settings)


def _twice_said(settings: Settings) -> Iterator[str]:
    if settings.api_token is not None and settings.api_token_file is not None:
        yield "API_TOKEN and API_TOKEN_FILE are two places for one token; set one of them"
    azure = settings.azure_connection_string, settings.azure_connection_string_file
    if None not in azure:
        yield (
            "AZURE_CONNECTION_STRING and AZURE_CONNECTION_STRING_FILE are two places for one text; "
            "set one of them"
        )
    if azure != (None, None) and settings.mqtt_connections.model != "per-device":
        name = "AZURE_CONNECTION_STRING" + ("_FILE" if azure[0] is None else "")
        yield f"{name} needs MQTT_CONNECTIONS=per-device: a token is a device's own"
    if settings.simulation_start is not None and settings.simulation_now is not None:
        yield "SIMULATION_START and SIMULATION_NOW are two beginnings of time; set one of them"


def _of_devices_only(settings: Settings) -> Iterator[str]:
    if settings.mqtt_credentials is not None:
        file = quoted_path(settings.mqtt_credentials)
        yield f"MQTT_CREDENTIALS={file} needs MQTT_CONNECTIONS=per-device"
    for name in ("mqtt_username", "mqtt_password", "mqtt_tls_cert", "mqtt_tls_key"):
        if "{device_id}" in (getattr(settings, name) or ""):
            yield f"{name.upper()} with {{device_id}} needs MQTT_CONNECTIONS=per-device"
