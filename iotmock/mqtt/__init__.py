"""The wire: an MQTT 3.1.1 and 5 client on anyio over a sans-I/O codec, and an embedded broker.

Read `connection/connection.py` first (the protocol without the network), then `client/client.py`
and `lines/line.py`.
Knows nothing of ours but its own; `wire` and the receiver know it.
"""

from iotmock.mqtt.client.client import Client, ClientStatistics
from iotmock.mqtt.codec import topics
from iotmock.mqtt.codec.packets import V5, V311, Message, Protocol, Subscription, Will
from iotmock.mqtt.codec.properties import NO_PROPERTIES, Properties
from iotmock.mqtt.errors import (
    BadCredentials,
    ConnectFailed,
    ConnectionLost,
    ConnectRefused,
    HandshakeFailed,
    InvalidMessage,
    MalformedPacket,
    MqttError,
    PacketTooLarge,
    ProtocolError,
    PublishRefused,
    ReceiveMaximumExceeded,
    SubscribeRefused,
    TlsFailed,
    Unanswered,
    UnsupportedProtocol,
    WebSocketRefused,
)
from iotmock.mqtt.options import ConnectOptions
from iotmock.mqtt.session.session import Session
from iotmock.mqtt.transport.layers.tls import Tls

__all__ = [
    "NO_PROPERTIES",
    "V5",
    "V311",
    "BadCredentials",
    "Client",
    "ClientStatistics",
    "ConnectFailed",
    "ConnectOptions",
    "ConnectRefused",
    "ConnectionLost",
    "HandshakeFailed",
    "InvalidMessage",
    "MalformedPacket",
    "Message",
    "MqttError",
    "PacketTooLarge",
    "Properties",
    "Protocol",
    "ProtocolError",
    "PublishRefused",
    "ReceiveMaximumExceeded",
    "Session",
    "SubscribeRefused",
    "Subscription",
    "Tls",
    "TlsFailed",
    "Unanswered",
    "UnsupportedProtocol",
    "WebSocketRefused",
    "Will",
    "topics",
]
