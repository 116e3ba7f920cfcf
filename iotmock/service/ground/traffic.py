"""From the settings to what describes the traffic over MQTT."""

from collections.abc import Callable, Collection
from functools import lru_cache
from typing import Any

from iotmock.broker.options import service_client_id
from iotmock.dialects.channels.described import Circumstances
from iotmock.model.family import Catalogue
from iotmock.rest.document.asyncapi.document import Traffic, build_asyncapi
from iotmock.rest.document.asyncapi.servers import Broker
from iotmock.service.ground.words import chosen_dialect, dialect_named
from iotmock.settings.settings import Settings
from iotmock.version import VERSION

Json = dict[str, Any]


def asyncapi_of(
    settings: Settings,
    catalogue: Catalogue,
    http_port: int,
    others: Collection[str] = (),
    *,
    embedded: bool,
) -> Callable[[], Json]:
    """Return what makes the document; its dialect is read now, and not that which devices speak.

    `others` has the names of further dialects, as fleets come to have them.

    Raises:
        SettingsError: there is no such dialect.
    """
    usual, traffic = chosen_dialect(settings), _traffic(settings, http_port, embedded=embedded)

    @lru_cache(maxsize=1)
    def document(names: tuple[str, ...]) -> Json:
        dialects = [usual, *(dialect_named(name, settings) for name in names)]
        return build_asyncapi(dialects, catalogue, traffic, VERSION)

    return lambda: document(tuple(others))


def _traffic(settings: Settings, http_port: int, *, embedded: bool) -> Traffic:
    return Traffic(
        _broker(settings, http_port, embedded=embedded),
        Circumstances(
            settings.mqtt_connections.model == "per-device",
            settings.fault_topic,
            settings.platform_sync,
        ),
        settings.mqtt_qos,
        settings.mqtt_stamp,
    )


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
