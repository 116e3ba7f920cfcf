"""One URL in place of six settings: mqtts://user@host:8883, wss://host/mqtt."""

from collections.abc import Iterator, Mapping
from urllib.parse import SplitResult, unquote, urlsplit

from attrs import field, frozen

from iotmock.settings.numbers import NotAllowedError

_ALLOWED = (
    "mqtt://, mqtts://, ws:// or wss:// with host, and port, user and password where needed, as in "
    "mqtts://user@broker.example:8883 or wss://broker.example/mqtt"
)
_SCHEMES = {
    "mqtt": ("tcp", "off", 1883),
    "mqtts": ("tcp", "on", 8883),
    "ws": ("websocket", "off", 80),
    "wss": ("websocket", "on", 443),
}
"""Transport, TLS and usual port of each."""


@frozen
class BrokerUrl:
    """The single settings that a URL stands for, as their texts; a password may be among them."""

    settings: Mapping[str, str] = field(repr=False)


def broker_url(text: str) -> BrokerUrl | None:
    """Return what a URL says, or None for an empty one.

    Raises:
        NotAllowedError: it is no URL of a broker.
    """
    if not text.strip():
        return None
    try:
        found = urlsplit(text.strip())
        return BrokerUrl(dict(_settings(found, found.port)))
    except ValueError:
        raise NotAllowedError(_ALLOWED) from None


def _settings(url: SplitResult, port: int | None) -> Iterator[tuple[str, str]]:
    if url.scheme not in _SCHEMES or not url.hostname or url.fragment:
        raise NotAllowedError(_ALLOWED)
    transport, tls, usual_port = _SCHEMES[url.scheme]
    yield "MQTT_BROKER_HOST", url.hostname
    yield "MQTT_BROKER_PORT", str(port or usual_port)
    yield "MQTT_TRANSPORT", transport
    yield "MQTT_TLS", tls
    yield from _path(url, transport)
    if url.username is not None:
        yield "MQTT_USERNAME", unquote(url.username, errors="strict")
    if url.password is not None:
        yield "MQTT_PASSWORD", unquote(url.password, errors="strict")


def _path(url: SplitResult, transport: str) -> Iterator[tuple[str, str]]:
    path = url.path + (f"?{url.query}" if url.query else "")
    if path in {"", "/"} and not (path and transport == "websocket"):
        return
    if transport == "tcp":
        raise NotAllowedError(_ALLOWED)
    yield "MQTT_WEBSOCKET_PATH", path
