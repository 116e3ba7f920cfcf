"""A broker that does as it is told: with every limit, refusal and bad habit that there is.

Built on the project's codec over real sockets; on anyio, so that tests on trio and asyncio have it.
Whatever it is not told it does as MQTT wants: it acknowledges, and forwards nothing.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from enum import Enum
from typing import Any

import anyio
from anyio.abc import SocketAttribute, SocketStream
from attrs import define, field

from iotmock.mqtt import NO_PROPERTIES, V5, V311, Message, Properties, Protocol, Subscription, Will
from iotmock.mqtt.codec.decoder import Decoder
from iotmock.mqtt.codec.encoder import encode
from iotmock.mqtt.codec.packets import (
    ConnAck,
    Connect,
    Disconnect,
    Packet,
    PingReq,
    PingResp,
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
from tests.patience import SLACK

_READ_SIZE = 65_536
_NETWORK_ERRORS = (
    anyio.EndOfStream,
    anyio.BrokenResourceError,
    anyio.ClosedResourceError,
    OSError,
)


class Deed(Enum):
    """What a broker may do instead of answering."""

    SILENCE = "say nothing"
    CLOSE = "close the connection"


SILENCE, CLOSE = Deed.SILENCE, Deed.CLOSE
Answer = int | Deed
"""A reason code, or what the broker does instead of answering."""


class _Over(Exception):  # noqa: N818 - it is no error
    """The broker ends this connection."""


@define(eq=False)
class Rules:
    """What the broker does; may be changed while it runs. A rule that is a function is asked."""

    speaks: tuple[Protocol, ...] = (V5, V311)
    limits: Properties = NO_PROPERTIES
    """The properties of CONNACK. What they forbid ends the connection, as with real brokers."""
    closes_at_a_limit: bool = False
    """Without a word, as brokers of MQTT 3.1.1 must, for which limits hold as well."""
    connack: Callable[[Connect], Answer] = lambda _: 0
    connack_properties: Properties | None = None
    """Of a CONNACK that refuses."""
    suback: Callable[[Subscription], Answer] = lambda subscription: subscription.qos
    puback: Callable[[Message], Answer] = lambda _: 0
    """CLOSE is how mosquitto takes a message that it does not like."""
    takes: Callable[[Packet], bool] = lambda _: True
    """The broker closes at once at a packet that it does not take."""
    answers_qos_2_with_puback: bool = False
    answers_pings: bool = True

    def refuses(self, will: Will | None) -> int:
        """Return the reason why the limits forbid a will; 0 if they do not."""
        if will is not None and will.retain and self.limits.retain_available == 0:
            return 0x9A
        most = self.limits.maximum_qos
        return 0x9B if will is not None and most is not None and will.qos > most else 0

    def forbids(self, subscription: Subscription) -> int:
        """Return the reason why the limits forbid a subscription; 0 if they do not."""
        name = subscription.topic_filter
        if self.limits.wildcard_subscription_available == 0 and set(name) & {"+", "#"}:
            return 0xA2
        return 0x9E if self.limits.shared_subscription_available == 0 and "$share" in name else 0


@define(eq=False)
class Peer:
    """One connection of a client, as the broker sees it."""

    broker: "ScriptedBroker"
    stream: SocketStream
    connect: Connect
    decoder: Decoder
    heard: list[Packet] = field(factory=list)
    is_open: bool = True
    _sending: anyio.Lock = field(factory=anyio.Lock)

    @property
    def client_id(self) -> str:
        return self.connect.client_id

    @property
    def messages(self) -> list[Message]:
        return [packet.message for packet in self.heard if isinstance(packet, Publish)]

    @property
    def filters(self) -> list[str]:
        return [
            one.topic_filter
            for packet in self.heard
            if isinstance(packet, Subscribe)
            for one in packet.subscriptions
        ]

    async def send(self, *packets: Packet) -> None:
        protocol = self.connect.protocol
        await self.write(b"".join(encode(packet, protocol) for packet in packets))

    async def write(self, data: bytes) -> None:
        async with self._sending:
            await self.stream.send(data)

    async def disconnect(self, code: int, properties: Properties = NO_PROPERTIES) -> None:
        """Say DISCONNECT with a reason, where the version knows that, and close."""
        if self.connect.protocol == V5:
            await self.send(Disconnect(code, properties))
        await self.stream.aclose()

    async def live(self) -> None:
        while True:
            for packet in self.decoder.feed(await self.stream.receive(_READ_SIZE)):
                self.heard.append(packet)
                await self._take(packet)
                self.broker.note()

    async def _take(self, packet: Packet) -> None:
        if not self.broker.rules.takes(packet):
            raise _Over
        match packet:
            case Publish():
                await self._take_message(packet)
            case PubRel():
                await self.send(PubComp(packet.packet_id))
            case Subscribe():
                await self._subscribe(packet)
            case Unsubscribe():
                codes = (0,) * len(packet.topic_filters)
                await self.send(UnsubAck(packet.packet_id, codes))
            case PingReq() if self.broker.rules.answers_pings:
                await self.send(PingResp())
            case Disconnect():
                raise _Over

    async def _take_message(self, packet: Publish) -> None:
        message, limits = packet.message, self.broker.rules.limits
        largest = limits.maximum_packet_size
        if largest is not None and len(encode(packet, self.connect.protocol)) > largest:
            await self.refuse(0x95)
        if limits.maximum_qos is not None and message.qos > limits.maximum_qos:
            await self.refuse(0x9B)
        if limits.retain_available == 0 and message.retain:
            await self.refuse(0x9A)
        answer = self.broker.rules.puback(message)
        if answer is CLOSE:
            raise _Over
        if packet.packet_id is None or answer is SILENCE:
            return
        assert isinstance(answer, int)
        plain = message.qos == 1 or self.broker.rules.answers_qos_2_with_puback
        await self.send((PubAck if plain else PubRec)(packet.packet_id, answer))

    async def _subscribe(self, packet: Subscribe) -> None:
        codes = []
        for one in packet.subscriptions:
            if code := self.broker.rules.forbids(one):
                await self.refuse(code)
            answer = self.broker.rules.suback(one)
            if answer is CLOSE:
                raise _Over
            codes += [answer] if isinstance(answer, int) else []
        if codes:
            await self.send(SubAck(packet.packet_id, tuple(codes)))

    async def refuse(self, code: int) -> None:
        """End the connection for something that the limits forbid."""
        if not self.broker.rules.closes_at_a_limit:
            await self.disconnect(code)
        raise _Over


@define(eq=False)
class ScriptedBroker:
    """Listens at `port`; `peers` are all connections that there have been, with what they said."""

    port: int
    rules: Rules
    peers: list[Peer] = field(factory=list)
    connects: list[Connect] = field(factory=list)
    """Every CONNECT, also those that were refused."""
    _sessions: set[str] = field(factory=set)
    _news: anyio.Event = field(factory=anyio.Event)

    @property
    def messages(self) -> list[Message]:
        """All messages of all connections."""
        return [message for peer in self.peers for message in peer.messages]

    def at(self, topic_end: str) -> list[Message]:
        """The messages whose topic ends so."""
        return [message for message in self.messages if message.topic.endswith(topic_end)]

    def peer(self, client_id: str) -> Peer:
        """The open connection of a client."""
        return next(p for p in self.peers if p.is_open and p.client_id == client_id)

    def note(self) -> None:
        self._news.set()
        self._news = anyio.Event()

    async def wait_for(self, condition: Callable[[], bool], seconds: float = 20.0) -> None:
        """Wait until a condition holds that only what is heard can bring about."""
        with anyio.fail_after(seconds * SLACK):
            while not condition():
                await self._news.wait()

    async def serve(self, stream: SocketStream) -> None:
        async with stream:
            with suppress(*_NETWORK_ERRORS, _Over):
                await self._serve(stream)

    async def _serve(self, stream: SocketStream) -> None:
        connect = await self._read_connect(stream)
        self.connects.append(connect)
        self.note()
        if not await self._accept(stream, connect):
            return
        peer = Peer(self, stream, connect, Decoder(connect.protocol, 1 << 28))
        self.peers.append(peer)
        self.note()
        try:
            await peer.live()
        finally:
            peer.is_open = False
            self.note()

    async def _read_connect(self, stream: SocketStream) -> Connect:
        decoder = Decoder(V311)
        while True:
            for packet in decoder.feed(await stream.receive(_READ_SIZE)):
                assert isinstance(packet, Connect)
                return packet

    async def _accept(self, stream: SocketStream, connect: Connect) -> bool:
        answer, protocol = self._answer_to(connect), connect.protocol
        if answer is SILENCE:
            await anyio.sleep_forever()
        if not isinstance(answer, int):
            return False
        limits = self.rules.limits if answer == 0 else self.rules.connack_properties
        properties = limits if protocol == V5 and limits is not None else NO_PROPERTIES
        present = not (answer or connect.clean_start) and connect.client_id in self._sessions
        self._sessions.add(connect.client_id)
        await stream.send(encode(ConnAck(present, answer, properties), protocol))
        return answer == 0

    def _answer_to(self, connect: Connect) -> Answer:
        if connect.protocol not in self.rules.speaks:
            return 0x84 if connect.protocol == V5 else 0x01
        refusal = self.rules.refuses(connect.will)
        if not refusal:
            return self.rules.connack(connect)
        closes = self.rules.closes_at_a_limit or connect.protocol == V311
        return CLOSE if closes else refusal


@asynccontextmanager
async def scripted_broker(rules: Rules | None = None) -> AsyncIterator[ScriptedBroker]:
    """Run a broker during the block, at a free port of this machine."""
    listener = await anyio.create_tcp_listener(local_host="127.0.0.1")
    port = listener.extra(SocketAttribute.local_port)
    broker = ScriptedBroker(port, rules or Rules())
    async with listener, anyio.create_task_group() as tasks:
        tasks.start_soon(listener.serve, broker.serve)
        yield broker
        tasks.cancel_scope.cancel()


def limited(**properties: Any) -> Rules:
    """Rules of a broker with these limits, by the names of their properties."""
    return Rules(limits=Properties(**properties))
