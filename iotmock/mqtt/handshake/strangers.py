"""Peers that speak something else than MQTT, told by their first bytes."""

from iotmock.mqtt.errors import AnotherProtocol, ConnectFailed, HandshakeFailed, ProtocolError

_SPEECH = {
    b"\x15\x03": "TLS: set MQTT_TLS=on",
    b"HTTP/": "HTTP: set MQTT_TRANSPORT=websocket, or use its MQTT port",
    b"SSH-": "SSH: set MQTT_BROKER_PORT to the port of the broker",
}
"""How an answer begins, and what it is."""


def not_mqtt(place: str, data: bytes, error: ProtocolError) -> ConnectFailed:
    """Return what a peer is told that answered CONNECT with `data`."""
    for begin, speech in _SPEECH.items():
        if data.startswith(begin):
            return AnotherProtocol(f"{place} answered no MQTT but {speech}")
    return HandshakeFailed(f"{place} answered no MQTT: {error}")
