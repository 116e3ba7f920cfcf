"""What a life's connections wear over TCP: nothing, TLS, or WebSocket; the peer's side of it."""

import ssl
from random import Random

import trio
from attrs import define, field
from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, BytesMessage, Event, Ping, Request, TextMessage
from wsproto.utilities import LocalProtocolError, RemoteProtocolError

DRESSES = ("plain", "plain", "tls", "websocket")


@define(eq=False)
class WebSocketStream:
    """The server's end of a WebSocket that is not always in its right mind."""

    random: Random
    stream: trio.SocketStream
    honest: bool
    _connection: WSConnection = field(factory=lambda: WSConnection(ConnectionType.SERVER))

    async def receive_some(self, size: int) -> bytes:
        """Return what came in frames, or nothing at the end."""
        while data := await self.stream.receive_some(size):
            said = await self._heard(bytes(data))
            if said:
                return said
        return b""

    async def _heard(self, data: bytes) -> bytes:
        said = b""
        try:
            self._connection.receive_data(data)
            for event in self._connection.events():
                if isinstance(event, Request):
                    await self._say(AcceptConnection(subprotocol="mqtt"))
                elif isinstance(event, BytesMessage):
                    said += bytes(event.data)
        except (RemoteProtocolError, LocalProtocolError):
            return b""
        return said

    async def send_all(self, data: bytes) -> None:
        """Send it in frames, or what looks like it."""
        chance = 1.0 if self.honest else self.random.random()
        if chance < 0.02:
            await self.stream.send_all(data)
        elif chance < 0.04:
            await self._say(TextMessage("x"))
        elif chance < 0.1:
            await self._say(Ping(b"x"))
        size = len(data) if self.honest else self.random.choice([1_000, 100_000])
        for place in range(0, len(data), size or 1):
            await self._say(BytesMessage(data[place : place + size]))

    async def _say(self, event: Event) -> None:
        try:
            await self.stream.send_all(self._connection.send(event))
        except LocalProtocolError:
            raise trio.BrokenResourceError from None

    async def send_eof(self) -> None:
        """End what is sent, without a word of WebSocket."""
        await self.stream.send_eof()

    async def aclose(self) -> None:
        """Close the stream."""
        await self.stream.aclose()


@define(eq=False)
class TlsStream:
    """The server's end of TLS; noise goes below it."""

    random: Random
    stream: trio.SocketStream
    honest: bool
    inner: "trio.SSLStream[trio.SocketStream]"

    @classmethod
    def over(
        cls, random: Random, stream: trio.SocketStream, context: ssl.SSLContext, *, honest: bool
    ) -> "TlsStream":
        """Return it, with the handshake to come."""
        return cls(random, stream, honest, trio.SSLStream(stream, context, server_side=True))

    async def receive_some(self, size: int) -> bytes:
        """Return what came."""
        return bytes(await self.inner.receive_some(size))

    async def send_all(self, data: bytes) -> None:
        """Send it, and sometimes bytes that no cipher knows."""
        if not self.honest and self.random.random() < 0.02:
            await self.stream.send_all(self.random.randbytes(50))
        await self.inner.send_all(data)

    async def send_eof(self) -> None:
        """End what is sent, without a word of TLS."""
        await self.stream.send_eof()

    async def aclose(self) -> None:
        """Close the stream."""
        await self.stream.aclose()
