"""A stream with the layers on it."""

from contextlib import suppress

import anyio
from anyio.abc import ByteStream
from attrs import define

from iotmock.mqtt.loss import NETWORK_ERRORS
from iotmock.mqtt.transport.layers.layer import Layer

_READ_SIZE = 65_536
_FAREWELL_S = 1.0


@define(eq=False)
class Channel:
    """Where MQTT's bytes go and come from; `place` is for messages.

    `encode` and `decode` are of the bytes alone: whoever moves them owns the stream.
    """

    stream: ByteStream
    place: str
    layer: Layer | None = None

    @property
    def pending(self) -> bool:
        """Whether a layer has something of its own to say."""
        return self.layer is not None and self.layer.pending

    def encode(self, data: bytes) -> bytes:
        """Return what must be sent for `data`."""
        return data if self.layer is None else self.layer.encode(data)

    def decode(self, data: bytes) -> bytes:
        """Return what the peer said in `data`; see `Layer.decode`."""
        return data if self.layer is None else self.layer.decode(data)

    async def shake_hands(self) -> None:
        """Take the layers through their handshakes.

        Raises:
            ConnectFailed: peer and layer do not agree, and why.
        """
        layer, data = self.layer, b""
        if layer is None:
            return
        while not layer.shake_hands(data):
            await self.stream.send(layer.encode(b""))
            try:
                data = await self.stream.receive(_READ_SIZE)
            except (anyio.EndOfStream, anyio.BrokenResourceError) as error:
                raise layer.closed() from error

    async def say_farewell(self) -> None:
        """End the layers in order, within `_FAREWELL_S`; nothing else is being written."""
        if self.layer is None:
            return
        with anyio.move_on_after(_FAREWELL_S, shield=True), suppress(*NETWORK_ERRORS):
            await self.stream.send(self.layer.farewell())

    async def aclose(self) -> None:
        """Close the stream at once."""
        await anyio.aclose_forcefully(self.stream)
