"""The broker as AsyncAPI has it: where it is, how one connects, and the will of a connection."""

from typing import Any

from attrs import frozen

from iotmock.actors.messages import PLAIN
from iotmock.dialects.channels.described import Described
from iotmock.dialects.channels.payloads import text_of
from iotmock.dialects.channels.seen import Seen

Json = dict[str, Any]
MQTT_BINDING = "0.2.0"
LOGIN = "login"
BROKER, DEVICES, SERVICE = "broker", "devices", "service"


@frozen
class Broker:
    """How the service connects, as the settings say it."""

    address: str
    """Host and port."""
    version: str = "5"
    """Of MQTT; an older one where the broker refuses it."""
    client_id: str = ""
    keep_alive_s: int = 30
    has_tls: bool = False
    websocket_path: str | None = None
    has_login: bool = False


def servers(broker: Broker, described: Described, *, per_device: bool) -> Json:
    """Return the connections to the broker: all devices in one or a few, or each by itself."""
    of_service = _server(broker, described.will_of_service, broker.client_id)
    if not per_device:
        return {BROKER: of_service | {"description": "devices share connections"}}
    of_device = _server(broker, described.will_of_device, None)
    return {
        DEVICES: of_device | {"description": "each device, by a connection of its own"},
        SERVICE: of_service | {"description": "the service itself"},
    }


def security_schemes(broker: Broker) -> Json:
    """Return how one logs in."""
    scheme = {"type": "userPassword", "description": "MQTT_USERNAME and MQTT_PASSWORD"}
    return {LOGIN: scheme} if broker.has_login else {}


def _server(broker: Broker, will: Seen | None, client_id: str | None) -> Json:
    server: Json = {
        "host": broker.address,
        "protocol": "secure-mqtt" if broker.has_tls else "mqtt",
        "protocolVersion": broker.version,
        "bindings": {"mqtt": _binding(broker, will, client_id)},
    }
    if (path := broker.websocket_path) is not None:
        server |= {"pathname": path, "tags": [{"name": "over WebSocket"}]}
    if broker.has_login:
        server["security"] = [{"$ref": f"#/components/securitySchemes/{LOGIN}"}]
    return server


def _binding(broker: Broker, will: Seen | None, client_id: str | None) -> Json:
    binding: Json = {"keepAlive": broker.keep_alive_s, "bindingVersion": MQTT_BINDING}
    if client_id:
        binding["clientId"] = client_id
    if will is not None:
        binding["lastWill"] = _will(will)
    return binding


def _will(will: Seen) -> Json:
    manner = will.manner or PLAIN
    return {
        "topic": will.address,
        "qos": manner.qos,
        "retain": manner.retain,
        "message": text_of(will.payload),
    }
