"""How a connection to the configured broker is made, by its client id."""

from socket import gethostname

from iotmock.broker.identities import read_identities
from iotmock.broker.tls_files import unusable
from iotmock.mqtt import V5, V311, ConnectOptions, Tls
from iotmock.settings.errors import SettingsError
from iotmock.settings.settings import Settings


def service_client_id(settings: Settings, http_port: int) -> str:
    """Return who the service is for the broker; two on one machine differ by their port."""
    return settings.mqtt_client_id or f"iotmock-{gethostname()}-{http_port}"


def connect_options(settings: Settings, client_id: str) -> ConnectOptions:
    """Return how `client_id` connects: its login, its versions of MQTT, TLS, WebSocket.

    Raises:
        SettingsError: a certificate or a file of credentials can not be used.
    """
    identity = read_identities(settings).of(client_id)
    return ConnectOptions(
        client_id=client_id,
        username=identity.username,
        password=identity.password,
        keep_alive=settings.mqtt_keep_alive,
        protocols=(V5, V311) if settings.mqtt_protocol == "5" else (V311,),
        tls=tls_of(settings, identity.cert, identity.key) if settings.mqtt_tls else None,
        websocket=settings.mqtt_websocket_path if settings.mqtt_transport == "websocket" else None,
        source=next(iter(settings.mqtt_bind_addresses), None),
    )


def tls_of(settings: Settings, cert: str | None, key: str | None) -> Tls:
    """Return how TLS is spoken, with this client certificate.

    Raises:
        SettingsError: a file can not be used.
    """
    tls = Tls(settings.mqtt_tls_ca, cert, key, settings.mqtt_tls_alpn)
    try:
        tls.context()
    except OSError as error:
        raise SettingsError(unusable(error, settings.mqtt_tls_ca, cert, key)) from error
    return tls
