"""A broker out of its mind: it floods, lies, cuts, hangs and sometimes does what it should."""

import socket
import struct
from collections.abc import Iterator
from random import Random

import trio
from attrs import define, field

from iotmock.mqtt.codec.decoder import Decoder
from iotmock.mqtt.codec.encoder import encode
from iotmock.mqtt.codec.packets import (
    V5,
    V311,
    ConnAck,
    Connect,
    Disconnect,
    Message,
    Packet,
    PingReq,
    PingResp,
    Protocol,
    PubAck,
    PubComp,
    Publish,
    PubRec,
    PubRel,
    SubAck,
    Subscribe,
    UnsubAck,
    Unsubscribe,
)
from iotmock.mqtt.codec.properties import Properties
from iotmock.mqtt.errors import InvalidMessage, ProtocolError
from tests.mqtt.lives.dress import TlsStream, WebSocketStream

_GONE = (trio.BrokenResourceError, trio.ClosedResourceError, trio.BusyResourceError, OSError)


@define(eq=False)
class Peer:
    """What one connection meets; an honest one only answers, and rightly."""

    random: Random
    stream: trio.SocketStream | TlsStream | WebSocketStream
    socket: trio.socket.SocketType
    honest: bool = False
    protocol: Protocol = V5
    _decoder: Decoder = field(factory=lambda: Decoder(V5))

    async def live(self) -> None:
        """Answer and misbehave until one of the two has had enough."""
        try:
            async with trio.open_nursery() as nursery:
                await self._read_connect()
                if not self.honest:
                    nursery.start_soon(self._misbehave, nursery)
                await self._answer()
                nursery.cancel_scope.cancel()
        except* (ProtocolError, InvalidMessage, *_GONE):
            pass  # it has left, or we can not say what we drew
        finally:
            with trio.CancelScope() as at_once:
                at_once.cancel()
                await self.stream.aclose()

    async def _read_connect(self) -> None:
        data = bytes(await self.stream.receive_some(65_536))
        self.protocol = V5 if data[8:9] == b"\x05" else V311
        self._decoder = Decoder(self.protocol)
        for packet in self._decoder.feed(data):
            if isinstance(packet, Connect):
                await self.stream.send_all(self._connack())

    def _connack(self) -> bytes:
        chance = self.random
        if self.honest or chance.random() < 0.8:
            limits = Properties()
            if self.protocol == V5 and chance.random() < 0.5 and not self.honest:
                limits = Properties(
                    receive_maximum=chance.randint(1, 300),
                    maximum_packet_size=chance.choice([None, 40, 2_000]),
                    server_keep_alive=chance.choice([None, 1]),
                )
            present = not self.honest and chance.random() < 0.5
            return encode(ConnAck(present, 0, limits), self.protocol)
        return chance.choice(
            [
                encode(ConnAck(False, chance.choice([1, 2, 3, 4, 5])), V311),
                encode(ConnAck(False, chance.choice([0x84, 0x87, 0x9D])), V5),
                chance.randbytes(20),
                b"\x15\x03\x03\x00\x02\x02\x28",
                b"",
            ]
        )

    async def _answer(self) -> None:
        while data := await self.stream.receive_some(self.random.choice([10, 1_000, 65_536])):
            answers = [
                encode(answer, self.protocol)
                for packet in self._decoder.feed(bytes(data))
                for answer in self._answers(packet)
                if self.honest or self.random.random() < 0.98
            ]
            if answers:
                await self.stream.send_all(b"".join(answers))

    def _answers(self, packet: Packet) -> Iterator[Packet]:
        match packet:
            case Publish(message=message, packet_id=int(packet_id)):
                yield (PubAck if message.qos == 1 else PubRec)(packet_id, self._code())
            case PubRec():
                yield PubRel(packet.packet_id)
            case PubRel():
                yield PubComp(packet.packet_id)
            case Subscribe(packet_id=packet_id, subscriptions=asked):
                yield SubAck(packet_id, tuple(self._code() or one.qos for one in asked))
            case Unsubscribe(packet_id=packet_id, topic_filters=asked):
                yield UnsubAck(packet_id, (0,) * len(asked) if self.protocol == V5 else ())
            case PingReq():
                yield PingResp()

    def _code(self) -> int:
        lies = self.protocol == V5 and not self.honest
        return 0x87 if lies and self.random.random() < 0.05 else 0

    async def _misbehave(self, nursery: trio.Nursery) -> None:
        for _ in range(self.random.randint(0, 12)):
            await trio.sleep(self.random.choice([0.0, 0.0, 0.001, 0.01]))
            with trio.move_on_after(0.5):
                await self.stream.send_all(self._something())
        await self._end()
        nursery.cancel_scope.cancel()

    def _something(self) -> bytes:
        chance = self.random
        match chance.randrange(7):
            case 0 | 1 | 2:
                return self._flood()
            case 3:
                acks = _acks(chance.choice([1, 2, 3, 65_535]))
                return encode(chance.choice(acks), self.protocol)
            case 4:
                return self._mutated(self._flood())
            case 5:
                return chance.randbytes(chance.randint(1, 200))
        other: tuple[Packet, ...] = (PingResp(), ConnAck(False, 0))
        return encode(chance.choice(other), self.protocol)

    def _flood(self) -> bytes:
        chance = self.random
        qos, size = chance.choice([0, 1, 1, 2]), chance.choice([0, 30, 3_000])
        message = Message("energy/devices/d/commands", bytes(size), qos)
        first = chance.randint(1, 60_000)
        ids = range(first, first + chance.choice([1, 30, 2_000]))
        packets = (Publish(message, number if qos else None) for number in ids)
        return b"".join(encode(packet, self.protocol) for packet in packets)

    def _mutated(self, data: bytes) -> bytes:
        changed = bytearray(data)
        for _ in range(self.random.randint(1, 4)):
            changed[self.random.randrange(len(changed))] = self.random.randrange(256)
        return bytes(changed)

    async def _end(self) -> None:
        match self.random.randrange(6):
            case 0:
                await self.stream.send_all(b"\x00\x00" + self._flood())
            case 1:
                await self.stream.send_all(encode(Disconnect(0x8E), V5))
            case 2:  # with a linger of 0, closing resets
                off = struct.pack("ii", 1, 0)
                self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, off)
            case 3:
                await self.stream.send_eof()
            case 4:
                await trio.sleep(self.random.choice([0.05, 0.5]))


def _acks(number: int) -> tuple[Packet, ...]:
    return PubAck(number), PubRec(number), PubRel(number), PubComp(number)
