"""From the settings to what describes the traffic over MQTT."""

from collections.abc import Callable
from functools import partial
from typing import Any

from iotmock.broker.options import service_client_id
from iotmock.dialects.channels.described import Circumstances
from iotmock.model.family import Catalogue
from iotmock.rest.document.asyncapi.document import Traffic, build_asyncapi
from iotmock.rest.document.asyncapi.servers import Broker
from iotmock.service.ground.words import chosen_dialect
from iotmock.settings.settings import Settings
from iotmock.version import VERSION


def asyncapi_of(
    settings: Settings, catalogue: Catalogue, http_port: int, *, embedded: bool
) -> Callable[[], dict[str, Any]]:
    """Return what makes the document; its dialect is read now, and not that which devices speak.

    Raises:
        SettingsError: there is no such dialect.
    """
    traffic = Traffic(
        _broker(settings, http_port, embedded=embedded),
        Circumstances(
            settings.mqtt_connections.model == "per-device",
            settings.fault_topic,
            settings.platform_sync,
        ),
        settings.mqtt_qos,
        settings.mqtt_stamp,
    )
    return partial(build_asyncapi, [chosen_dialect(settings)], catalogue, traffic, VERSION)


def _broker(settings: Settings, http_port: int, *, embedded: bool) -> Broker:
    return Broker(
        f"{settings.mqtt_broker_host}:{settings.mqtt_broker_port}",
        "3.1.1" if embedded else settings.mqtt_protocol,
        service_client_id(settings, http_port),
        settings.mqtt_keep_alive,
        settings.mqtt_tls,
        settings.mqtt_websocket_path if settings.mqtt_transport == "websocket" else None,
        bool(settings.mqtt_username or settings.mqtt_credentials),
    )
