"""Who may use the service, by the settings; and what the start says of doors that stand open."""

from ipaddress import ip_address
from socket import gethostname

import structlog

from iotmock.rest.gate.gate import Gate
from iotmock.rest.gate.hosts import KnownHosts
from iotmock.rest.gate.origins import KnownOrigins
from iotmock.rest.gate.token import Token
from iotmock.settings.secret_files import api_token
from iotmock.settings.settings import DEFAULT_PASSWORD, Settings

log = structlog.get_logger()


def make_gate(settings: Settings) -> Gate:
    """Return who may, over REST.

    Raises:
        SettingsError: API_TOKEN_FILE can not be used, and why.
    """
    own_names = (gethostname(), settings.host, *settings.http_allowed_hosts)
    shown = api_token(settings)
    return Gate(
        KnownHosts(own_names),
        KnownOrigins(settings.http_cors_origins),
        None if shown is None else Token(shown),
    )


def warn_of_open_doors(settings: Settings, gate: Gate, address: str, *, embedded: bool) -> None:
    """Log what anybody on the network may do, and credentials of which one half is missing.

    `address` is where HTTP listens; `embedded` says that the embedded broker runs.
    """
    if gate.token is None and not is_loopback(address):
        log.warning(
            "whoever reaches the HTTP port may do everything; set API_TOKEN, or HOST=127.0.0.1",
            address=address,
        )
    is_default = settings.mqtt_password == DEFAULT_PASSWORD
    if embedded and is_default and not is_loopback(settings.mqtt_embedded_host):
        log.warning(
            "the embedded broker lets the network in by the default password; "
            "set MQTT_PASSWORD, or MQTT_EMBEDDED_HOST=127.0.0.1",
            address=settings.mqtt_embedded_host,
        )
    _warn_of_half_a_login(settings, is_default=is_default)


def _warn_of_half_a_login(settings: Settings, *, is_default: bool) -> None:
    if settings.mqtt_username is None and settings.mqtt_password is not None and not is_default:
        log.warning("MQTT_PASSWORD is not sent, because MQTT_USERNAME is empty")
    if settings.mqtt_username is not None and settings.mqtt_password is None:
        log.warning("MQTT_USERNAME is sent without a password, because MQTT_PASSWORD is empty")


def is_loopback(host: str) -> bool:
    """Say whether only this machine reaches a listen address."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"
