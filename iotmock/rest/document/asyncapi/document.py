"""The AsyncAPI 3.0 document: which topics there are, who says what there, and how it looks."""

from collections.abc import Iterable, Sequence
from typing import Any

from attrs import field, frozen

from iotmock.actors.ports.dialect import Dialect
from iotmock.dialects.channels.described import Circumstances, described
from iotmock.dialects.channels.examples import example_devices
from iotmock.model.family import DeviceType
from iotmock.rest.document.asyncapi.messages import Messages
from iotmock.rest.document.asyncapi.operations import (
    RESPONSE,
    channel_of,
    operations,
    response_channel,
)
from iotmock.rest.document.asyncapi.servers import Broker, security_schemes, servers

Json = dict[str, Any]
_ABOUT = """
What simulated devices say and hear over MQTT, in the dialect `{}`; *send* is what the
service does. Power is in kW, voltage in V, current in A, energy in kWh, time in s; moments are UTC.
A fault that spoils messages makes them other than they are described here.
"""


@frozen
class Traffic:
    """What goes over the broker, as the settings have it."""

    broker: Broker
    around: Circumstances = field(factory=Circumstances)
    qos: int = 1
    """MQTT_QOS."""
    stamp: str = "off"
    """MQTT_STAMP."""


def build_asyncapi(
    dialects: Sequence[Dialect], kinds: Iterable[DeviceType], traffic: Traffic, version: str
) -> Json:
    """Return the document; the dialects, of which the first is usual, are nobody else's."""
    per_device, responds = traffic.around.per_device, traffic.broker.version == "5"
    found = described(dialects, example_devices(kinds), traffic.around)
    messages = Messages(found.channels, traffic.stamp, responds)
    channels = {one.name: channel_of(one, per_device=per_device) for one in found.channels}
    if responds:
        channels[RESPONSE] = response_channel()
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "iotmock",
            "version": version,
            "description": _ABOUT.format(", ".join(one.name for one in dialects)),
        },
        "defaultContentType": "application/json",
        "servers": servers(traffic.broker, found, per_device=per_device),
        "channels": channels,
        "operations": operations(found.channels, traffic.qos, responds=responds),
        "components": {
            "messages": messages.all(),
            "schemas": messages.components,
            "securitySchemes": security_schemes(traffic.broker),
        },
    }
