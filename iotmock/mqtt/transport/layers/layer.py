"""What may lie between MQTT and a socket: bytes to bytes, without I/O."""

from typing import Protocol

from attrs import define

from iotmock.mqtt.errors import ConnectFailed
from iotmock.mqtt.options import ConnectOptions
from iotmock.mqtt.transport.address import Address
from iotmock.mqtt.transport.layers.tls import TlsLayer
from iotmock.mqtt.transport.layers.websocket import WebSocketLayer


class Layer(Protocol):
    """TLS or WebSocket. Each call may leave something to send, which `pending` says.

    `encode` of nothing returns what the layer itself has to say.
    """

    @property
    def pending(self) -> bool:
        """Whether the layer itself has something to say."""
        ...

    def shake_hands(self, data: bytes) -> bool:
        """Take bytes of the peer, go on with the handshake, and return whether it is done.

        Raises:
            ConnectFailed: the two do not agree, and why.
        """
        ...

    def closed(self) -> ConnectFailed:
        """Return what a peer is told to have done that closes during the handshake."""
        ...

    def encode(self, data: bytes) -> bytes:
        """Return what must be sent for `data`, and of the layer's own."""
        ...

    def decode(self, data: bytes) -> bytes:
        """Return what the peer said in `data`; nothing stands for the end of what it sends.

        Raises:
            ConnectFailed, ProtocolError: it is not what the peer can have sent.
            ConnectionLost: the peer has said that it ends the connection, and why.
        """
        ...

    def farewell(self) -> bytes:
        """Return what must be sent to end it in order; nothing is encoded after."""
        ...


@define(eq=False)
class Stack:
    """One layer above another: WebSocket over TLS."""

    below: Layer
    above: Layer
    _is_below_done: bool = False

    @property
    def pending(self) -> bool:
        """See `Layer.pending`."""
        return self.below.pending or self.above.pending

    def shake_hands(self, data: bytes) -> bool:
        """See `Layer.shake_hands`."""
        if not self._is_below_done:
            self._is_below_done = self.below.shake_hands(data)
            return self._is_below_done and self.above.shake_hands(self.below.decode(b""))
        return self.above.shake_hands(self.below.decode(data))

    def closed(self) -> ConnectFailed:
        """See `Layer.closed`."""
        return self.above.closed() if self._is_below_done else self.below.closed()

    def encode(self, data: bytes) -> bytes:
        """See `Layer.encode`."""
        return self.below.encode(self.above.encode(data) if self._is_below_done else data)

    def decode(self, data: bytes) -> bytes:
        """See `Layer.decode`."""
        return self.above.decode(self.below.decode(data))

    def farewell(self) -> bytes:
        """See `Layer.farewell`."""
        return self.below.encode(self.above.farewell()) + self.below.farewell()


def layer_of(options: ConnectOptions, address: Address) -> Layer | None:
    """Return the layers that `options` want, or None for plain TCP.

    Raises:
        ConnectFailed: a certificate can not be used.
    """
    tls = None if options.tls is None else TlsLayer(options.tls, address)
    if options.websocket is None:
        return tls
    websocket = WebSocketLayer(address, options.websocket, secure=tls is not None)
    return websocket if tls is None else Stack(tls, websocket)
