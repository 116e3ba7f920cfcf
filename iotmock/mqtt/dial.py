"""Dialling: from an address to a stream on which CONNECT was answered."""

import ssl

import anyio
from anyio.abc import ByteStream

from iotmock.mqtt.connection import Connection
from iotmock.mqtt.errors import ConnectFailed, HandshakeFailed, ProtocolError
from iotmock.mqtt.options import ConnectOptions

_READ_SIZE = 65_536


async def dial(host: str, port: int, connection: Connection, timeout: float) -> ByteStream:
    """Connect within `timeout` seconds, and take `connection` through its handshake.

    Raises:
        ConnectFailed, ConnectRefused: no connection came about, and why.
    """
    place = f"{host}:{port}"
    error: type[ConnectFailed] = ConnectFailed
    try:
        with anyio.fail_after(timeout):
            stream = await _open(host, port, connection.options)
            error = HandshakeFailed
            await _shake_hands(place, stream, connection)
            return stream
    except TimeoutError:
        raise error(f"{place} does not answer") from None


async def _open(host: str, port: int, options: ConnectOptions) -> ByteStream:
    tls, source = options.tls, options.source
    try:
        if tls is None:
            return await anyio.connect_tcp(host, port, local_host=source)
        return await anyio.connect_tcp(
            host, port, local_host=source, ssl_context=tls, tls_standard_compatible=False
        )
    except (anyio.EndOfStream, anyio.BrokenResourceError) as error:
        raise ConnectFailed(f"{host}:{port} closed the connection during TLS") from error
    except ssl.SSLError as error:
        raise ConnectFailed(f"{host}:{port} and we agree on no TLS: {error}") from error
    except OSError as error:
        raise ConnectFailed(f"nothing answers at {host}:{port}: {_plain(error)}") from error


def _plain(error: OSError) -> str:
    # anyio wraps what each address of the host answered.
    cause = error.__cause__
    while isinstance(cause, BaseExceptionGroup):
        cause = cause.exceptions[0]
    return str(cause or error)


async def _shake_hands(place: str, stream: ByteStream, connection: Connection) -> None:
    try:
        await stream.send(connection.drain())
        while connection.connack is None:
            connection.receive(await stream.receive(_READ_SIZE))
    except BaseException as error:
        await anyio.aclose_forcefully(stream)
        if isinstance(error, ProtocolError) and connection.connack is not None:
            raise ConnectFailed(f"{place} broke the protocol: {error}") from error
        if isinstance(error, ProtocolError):
            raise HandshakeFailed(f"{place} answered no MQTT: {error}") from error
        if isinstance(error, anyio.EndOfStream | anyio.BrokenResourceError | OSError):
            raise HandshakeFailed(f"{place} closed the connection at once") from error
        raise
