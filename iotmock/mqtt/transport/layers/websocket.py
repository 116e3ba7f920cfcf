"""MQTT over WebSocket (MQTT 5.0, 6; RFC 6455), as bytes to bytes."""

from contextlib import suppress

from wsproto import ConnectionType, WSConnection
from wsproto.events import (
    AcceptConnection,
    BytesMessage,
    CloseConnection,
    Event,
    Ping,
    RejectConnection,
    Request,
    TextMessage,
)
from wsproto.utilities import LocalProtocolError, RemoteProtocolError

from iotmock.mqtt.errors import ConnectionLost, ProtocolError, WebSocketRefused
from iotmock.mqtt.transport.address import Address, place_of

_SUBPROTOCOL = "mqtt"
_NORMAL = 1000
"""RFC 6455, 7.4.1."""
_USUAL_PORTS = {False: 80, True: 443}


class WebSocketLayer:
    """See `Layer`."""

    def __init__(self, address: Address, path: str, *, secure: bool) -> None:
        host, port = address.host, address.port
        named = place_of(host, port)
        if port == _USUAL_PORTS[secure]:
            named = named.rpartition(":")[0]
        self._place, self._path = address.place, path
        self._connection = WSConnection(ConnectionType.CLIENT)
        request = Request(host=named, target=path, subprotocols=[_SUBPROTOCOL])
        self._to_send = self._connection.send(request)
        self._end: str | None = None

    @property
    def pending(self) -> bool:
        """See `Layer.pending`."""
        return bool(self._to_send)

    def shake_hands(self, data: bytes) -> bool:
        """See `Layer.shake_hands`."""
        if not data:
            return False
        try:
            self._connection.receive_data(data)
            return any(self._is_accepted(event) for event in self._connection.events())
        except RemoteProtocolError as error:
            raise WebSocketRefused(
                f"{self._place} answers, but not with WebSocket ({error}): is this its port for it?"
            ) from error

    def _is_accepted(self, event: Event) -> bool:
        if isinstance(event, RejectConnection):
            raise WebSocketRefused(
                f"{self._place} answered {self._path} with HTTP {event.status_code}: "
                "is MQTT_WEBSOCKET_PATH right, and may this user connect?"
            )
        return isinstance(event, AcceptConnection)

    def closed(self) -> WebSocketRefused:
        """See `Layer.closed`."""
        return WebSocketRefused(
            f"{self._place} closed the connection when it was asked for a WebSocket: "
            "is this its port for it?"
        )

    def encode(self, data: bytes) -> bytes:
        """See `Layer.encode`."""
        own, self._to_send = self._to_send, b""
        if not data:
            return own
        try:
            return own + self._connection.send(BytesMessage(data))
        except LocalProtocolError:  # the peer has closed, which `decode` says
            return own

    def decode(self, data: bytes) -> bytes:
        """See `Layer.decode`."""
        if not data:
            if self._end is not None:
                raise ConnectionLost(self._end)
            return b""
        try:
            self._connection.receive_data(data)
            return b"".join([self._payload(event) for event in self._connection.events()])
        except (RemoteProtocolError, LocalProtocolError) as error:
            raise ProtocolError(f"WebSocket: {error}") from error

    def farewell(self) -> bytes:
        """See `Layer.farewell`: a close frame (RFC 6455, 5.5.1)."""
        with suppress(LocalProtocolError):  # the peer was first
            self._to_send += self._connection.send(CloseConnection(code=_NORMAL))
        return self.encode(b"")

    def _payload(self, event: Event) -> bytes:
        match event:
            case BytesMessage():
                return bytes(event.data)
            case TextMessage():
                raise ProtocolError("WebSocket: a frame of text, where MQTT is binary")
            case Ping():  # the most recent one is enough (RFC 6455, 5.5.3)
                self._to_send = self._connection.send(event.response())
            case CloseConnection():
                self._to_send = self._connection.send(event.response())
                self._end = f"{self._place} closed the WebSocket: {event.reason or event.code}"
        return b""
