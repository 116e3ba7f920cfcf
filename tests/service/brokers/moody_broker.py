"""A broker that speaks MQTT 5 as far as a fleet needs it, and answers as a test wants it to."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Literal

import trio
from attrs import define, field

from iotmock.mqtt.codec.decoder import Decoder
from iotmock.mqtt.codec.encoder import encode
from iotmock.mqtt.codec.packets import (
    V5,
    ConnAck,
    Connect,
    Message,
    Packet,
    PingReq,
    PingResp,
    PubAck,
    Publish,
    SubAck,
    Subscribe,
)

Mood = Literal["willing", "forgetful", "silent", "refusing", "deaf"]
_ROOM = 4_096
_NOT_AUTHORIZED = 0x87
_UNAVAILABLE = 0x88
_GONE = (trio.BrokenResourceError, trio.ClosedResourceError)


@define(eq=False)
class Peer:
    """One connection: who it is, and which of its messages have no answer."""

    stream: trio.SocketStream
    name: str = ""
    unanswered: list[int] = field(factory=list)
    _speaks: trio.Lock = field(factory=trio.Lock)

    async def say(self, packet: Packet) -> None:
        async with self._speaks:
            await self.stream.send_all(encode(packet, V5))


@define(eq=False)
class MoodyBroker:
    """`silent` it reads and says nothing of messages, `deaf` it does not even read.

    `forgetful` it leaves one message of each connection without an answer, as long as it is so.
    """

    port: int = 0
    mood: Mood = "willing"
    unwelcome: set[str] = field(factory=set)
    """Clients that may not connect."""
    peers: list[Peer] = field(factory=list)
    _hears: trio.Event = field(factory=trio.Event)

    async def become(self, mood: Mood) -> None:
        """Have another mood from now on; a willing broker answers what it owes."""
        self.mood = mood
        if mood == "willing":
            for peer in list(self.peers):  # some may go meanwhile
                with suppress(*_GONE):
                    await self._answer(peer)
        if mood == "deaf":
            self._hears = trio.Event()
        else:
            self._hears.set()

    async def turn_away(self, name: str) -> None:
        """End a client's connection, and refuse it until it is welcome again."""
        self.unwelcome.add(name)
        for peer in [peer for peer in self.peers if peer.name == name]:
            await peer.stream.aclose()

    async def flood(self, name: str, topic: str, messages: int) -> None:
        """Send a client so many messages at QoS 0, as fast as its network takes them."""
        [peer] = [peer for peer in self.peers if peer.name == name]
        message = Publish(Message(topic, b'{"command": "no such command"}', 0), None)
        for _ in range(messages):
            await peer.say(message)

    async def serve(self, stream: trio.SocketStream) -> None:
        """Serve one connection."""
        peer, decoder = Peer(stream), Decoder(V5, 1 << 20)
        self.peers.append(peer)
        try:
            while data := await stream.receive_some(_ROOM):
                await self._hears.wait()
                for packet in decoder.feed(data):
                    await self._receive(peer, packet)
        except _GONE:
            pass
        finally:
            self.peers.remove(peer)
            await trio.aclose_forcefully(stream)

    async def _receive(self, peer: Peer, packet: Packet) -> None:
        match packet:
            case Connect():
                peer.name = packet.client_id
                code = _UNAVAILABLE if peer.name in self.unwelcome else 0
                await peer.say(ConnAck(False, code))
            case Subscribe():
                await peer.say(SubAck(packet.packet_id, (1,) * len(packet.subscriptions)))
            case PingReq():
                await peer.say(PingResp())
            case Publish(packet_id=int(packet_id)):
                peer.unanswered.append(packet_id)
                await self._answer(peer)

    async def _answer(self, peer: Peer) -> None:
        kept = {"silent": len(peer.unanswered), "forgetful": 1}.get(self.mood, 0)
        code = _NOT_AUTHORIZED if self.mood == "refusing" else 0
        answers, peer.unanswered = peer.unanswered[kept:], peer.unanswered[:kept]
        for packet_id in answers:
            await peer.say(PubAck(packet_id, code))


@asynccontextmanager
async def moody_broker() -> AsyncIterator[MoodyBroker]:
    """Run such a broker on a free port, in this process."""
    broker = MoodyBroker()
    broker._hears.set()
    [listener] = await trio.open_tcp_listeners(0, host="127.0.0.1")
    listener.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _ROOM)
    broker.port = listener.socket.getsockname()[1]
    async with trio.open_nursery() as nursery:
        nursery.start_soon(trio.serve_listeners, broker.serve, [listener])
        yield broker
        nursery.cancel_scope.cancel()
