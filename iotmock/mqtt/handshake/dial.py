"""Dialling: from an address to a channel on which CONNECT was answered."""

from contextlib import suppress

import anyio
from anyio.abc import SocketStream

from iotmock.mqtt.connection.connection import Connection
from iotmock.mqtt.errors import (
    ConnectFailed,
    ConnectionLost,
    ConnectRefused,
    HandshakeFailed,
    MqttError,
    ProtocolError,
)
from iotmock.mqtt.handshake.strangers import not_mqtt
from iotmock.mqtt.loss import NETWORK_ERRORS, as_lost
from iotmock.mqtt.transport.address import Address, look_up, place_of
from iotmock.mqtt.transport.channel import Channel
from iotmock.mqtt.transport.connect import connect
from iotmock.mqtt.transport.layers.layer import layer_of

_READ_SIZE = 65_536


async def dial(host: str, port: int, connection: Connection, timeout: float) -> Channel:
    """Connect within `timeout` seconds, and take `connection` through its handshake.

    Raises:
        ConnectFailed, ConnectRefused: no connection came about, and why.
    """
    error: type[ConnectFailed] = ConnectFailed
    try:
        with anyio.fail_after(timeout):
            channel = await _open(await look_up(host, port, connection.options.source), connection)
            error = HandshakeFailed
            await _shake_hands(channel, connection)
            return channel
    except TimeoutError:
        raise error(f"{place_of(host, port)} does not answer") from None


async def _open(address: Address, connection: Connection) -> Channel:
    layer = layer_of(connection.options, address)
    connected, _ = await connect(address)
    channel = Channel(await SocketStream.from_socket(connected), address.place, layer)
    try:
        await channel.shake_hands()
    except BaseException:
        await channel.aclose()
        raise
    return channel


async def _shake_hands(channel: Channel, connection: Connection) -> None:
    data = b""
    try:
        with suppress(anyio.BrokenResourceError):  # it may have said why before it closed
            await channel.stream.send(channel.encode(connection.drain()))
        while connection.connack is None:
            data = channel.decode(await channel.stream.receive(_READ_SIZE))
            connection.receive(data)
    except BaseException as error:
        await channel.aclose()
        if isinstance(error, Exception):
            raise as_failed(channel.place, connection, data, error) from error
        raise


def as_failed(place: str, connection: Connection, data: bytes, error: Exception) -> MqttError:
    """Return why the handshake came to nothing; `data` is what the peer said at last."""
    if isinstance(error, ConnectFailed | ConnectRefused):
        return error
    if connection.connack is None:
        if isinstance(error, ProtocolError):
            return not_mqtt(place, data, error)
        if isinstance(error, (ConnectionLost, *NETWORK_ERRORS)):
            return HandshakeFailed(f"{place} closed the connection at once")
    return ConnectFailed(str(as_lost(place, error)))
