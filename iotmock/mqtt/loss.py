"""Why a connection ended, in one sentence: the peer, the network, or an error of ours."""

import ssl

import anyio
import structlog

from iotmock.mqtt.errors import ConnectionLost, MqttError, ProtocolError

log = structlog.get_logger()

NETWORK_ERRORS = (
    OSError,
    anyio.BrokenResourceError,
    anyio.ClosedResourceError,
    anyio.EndOfStream,
)
"""What a stream raises when there is nobody at its other end, or nothing at this one."""


def as_lost(place: str, error: Exception) -> ConnectionLost:
    """Return what whoever uses the connection to `place` is told of an error in its tasks."""
    if isinstance(error, ConnectionLost):
        return error
    lost = ConnectionLost(_sentence(place, error))
    lost.__cause__ = error
    return lost


def _sentence(place: str, error: Exception) -> str:
    if isinstance(error, ProtocolError | ssl.SSLError):
        return f"{place} broke the protocol: {error}"
    if isinstance(error, MqttError):
        return str(error)
    if isinstance(error, NETWORK_ERRORS):
        return f"{place} closed the connection"
    # A peer's bytes have found a fault of ours: its connection ends, and nothing else.
    log.error("an error of ours ended a connection", broker=place, exc_info=error)
    return f"an error of ours ended the connection to {place}: {error!r}"
