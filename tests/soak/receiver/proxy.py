"""A proxy between a client and its broker that does to chosen messages what a test says."""

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from enum import Enum, auto
from functools import partial
from typing import Literal

import trio
from attrs import define, field
from msgspec.structs import replace

from iotmock.mqtt.codec.decoder import Decoder
from iotmock.mqtt.codec.encoder import encode
from iotmock.mqtt.codec.packets import V5, Packet, PubAck, Publish
from iotmock.verification.stamp import PROPERTY, Stamped, read_stamp, split_field

Handler = Callable[[Packet], Awaitable[None]]
_GONE = (trio.BrokenResourceError, trio.ClosedResourceError)


class Fate(Enum):
    """What becomes of a message. A swapped or delayed one comes after the device's next."""

    DROPPED = auto()
    TWICE = auto()
    SWAPPED = auto()
    DELAYED = auto()
    CHANGED = auto()


@define(eq=False)
class Proxy:
    """Tampers with what comes from one side; the other side sees whole conversations.

    For a message that it drops it acknowledges itself, and of the answers to a message that it
    sends twice it passes one on.
    """

    broker_port: int
    tampers_with: Literal["client", "broker"]
    fates: Mapping[tuple[str, int], Fate]
    delay_s: float = 0.2
    port: int = 0
    level: int = 2
    """Of a topic, where the device's id is if the stamp does not say it."""
    passed: int = 0
    away: bool = False
    _connections: set[trio.SocketStream] = field(factory=set)
    _nursery: trio.Nursery = field(init=False)

    async def serve(self, client: trio.SocketStream) -> None:
        """Carry one connection."""
        if self.away:
            await client.aclose()
            return
        broker = await trio.open_tcp_stream("127.0.0.1", self.broker_port)
        source, target = (client, broker) if self.tampers_with == "client" else (broker, client)
        link = Link(self, Way(source), Way(target))
        self._connections |= {client, broker}
        async with client, broker, trio.open_nursery() as nursery:
            link.nursery = nursery
            nursery.start_soon(link.carry, link.source, link.tamper)
            nursery.start_soon(link.carry, link.target, link.answer)

    async def cut(self) -> None:
        """Break every connection, and let none come about until `away` is False."""
        self.away = True
        for stream in self._connections:
            await trio.aclose_forcefully(stream)
        self._connections.clear()


@define(eq=False)
class Way:
    """One end of a connection; what several tasks write is whole packets."""

    stream: trio.SocketStream
    decoder: Decoder = field(factory=lambda: Decoder(V5))
    _lock: trio.Lock = field(factory=trio.Lock)

    async def send(self, packet: Packet) -> None:
        async with self._lock:
            await self.stream.send_all(encode(packet, V5))


@define(eq=False)
class Link:
    """One connection: `source` publishes what is tampered with, `target` answers."""

    proxy: Proxy
    source: Way
    target: Way
    nursery: trio.Nursery = field(init=False)
    _held: dict[str, Publish] = field(factory=dict)
    _delayed: dict[str, Publish] = field(factory=dict)
    _to_swallow: Counter[int] = field(factory=Counter)

    async def carry(self, way: Way, handle: Handler) -> None:
        try:
            async for data in way.stream:
                for packet in way.decoder.feed(bytes(data)):
                    await handle(packet)
        except _GONE:
            pass
        self.nursery.cancel_scope.cancel()

    async def answer(self, packet: Packet) -> None:
        if isinstance(packet, PubAck) and self._to_swallow[packet.packet_id]:
            self._to_swallow[packet.packet_id] -= 1
        else:
            await self.source.send(packet)

    async def tamper(self, packet: Packet) -> None:
        stamped = stamp_of(packet)
        if stamped is None or not isinstance(packet, Publish):
            await self.target.send(packet)
            return
        device = stamped.device.decode() or packet.message.topic.split("/")[self.proxy.level]
        held, delayed = self._held.pop(device, None), self._delayed.pop(device, None)
        await self._treat(packet, device, self.proxy.fates.get((device, stamped.number)))
        if held is not None:
            await self._pass(held)
        if delayed is not None:
            self.nursery.start_soon(self._pass_later, delayed)

    async def _treat(self, packet: Publish, device: str, fate: Fate | None) -> None:
        match fate:
            case Fate.DROPPED:
                if packet.packet_id is not None:
                    await self.source.send(PubAck(packet.packet_id))
            case Fate.TWICE:
                await self._pass(packet)
                await self._pass(packet)
                self._to_swallow[packet.packet_id or 0] += 1
            case Fate.SWAPPED:
                self._held[device] = packet
            case Fate.DELAYED:
                self._delayed[device] = packet
            case Fate.CHANGED:
                message = packet.message
                changed = message.payload.replace(b"1.5", b"9.5")
                await self._pass(replace(packet, message=replace(message, payload=changed)))
            case None:
                await self._pass(packet)

    async def _pass(self, packet: Publish) -> None:
        self.proxy.passed += 1
        await self.target.send(packet)

    async def _pass_later(self, packet: Publish) -> None:
        await trio.sleep(self.proxy.delay_s)
        await self._pass(packet)


def stamp_of(packet: Packet) -> Stamped | None:
    """Return the stamp of a data message, wherever it is."""
    if not isinstance(packet, Publish):
        return None
    found = dict(packet.message.properties.user_properties).get(PROPERTY)
    if found is not None:
        return read_stamp(found.encode())
    in_json = split_field(packet.message.payload)
    return read_stamp(in_json[0]) if in_json else None


@asynccontextmanager
async def running_proxy(
    broker_port: int,
    tampers_with: Literal["client", "broker"],
    fates: Mapping[tuple[str, int], Fate] | None = None,
    delay_s: float = 0.2,
    level: int = 2,
) -> AsyncIterator[Proxy]:
    """Run a proxy; `fates` are by device and number, and of no two that follow each other."""
    proxy = Proxy(broker_port, tampers_with, fates or {}, delay_s, level=level)
    async with trio.open_nursery() as nursery:
        serve = partial(trio.serve_tcp, proxy.serve, 0, host="127.0.0.1")
        listeners = await nursery.start(serve)
        proxy.port = listeners[0].socket.getsockname()[1]
        yield proxy
        nursery.cancel_scope.cancel()
