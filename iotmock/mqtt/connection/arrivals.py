"""The messages that a broker sends: kept until somebody takes them, and answered then, in order."""

from collections import deque

from attrs import define, field
from msgspec.structs import replace

from iotmock.mqtt.codec.encoder import encode
from iotmock.mqtt.codec.packets import Message, Packet, Protocol, PubAck, Publish, PubRec
from iotmock.mqtt.codec.properties import NO_PROPERTIES
from iotmock.mqtt.errors import ProtocolError, ReceiveMaximumExceeded
from iotmock.mqtt.options import ConnectOptions
from iotmock.mqtt.session.notes import Skipped
from iotmock.mqtt.session.session import Session

_QOS0_QUEUE = 10_000
_QUEUED_BYTES = 64 << 20
_LAST_ID = 65_535


@define(eq=False)
class Arrivals:
    """What arrived over one connection. Answers are appended to `outgoing`, the connection's own.

    A connection makes it with the first message: most of a fleet's never get one.
    """

    options: ConnectOptions
    session: Session
    protocol: Protocol
    outgoing: list[bytes] = field(repr=False)
    waiting: deque[Publish] = field(factory=deque)
    """What nobody has taken yet."""
    dropped: int = 0
    """QoS 0 messages that came while too many waited."""
    held: int = 0
    """Bytes of what is `waiting`."""
    _untaken: set[int] = field(factory=set)
    """QoS 2: identifiers that arrived and that nobody has taken."""
    _unacknowledged: int = 0
    _aliases: dict[int, str] = field(factory=dict)
    _turn: int = 0
    """How many messages were taken."""
    _in_turn: deque[tuple[int, PubAck | PubRec]] = field(factory=deque)
    """Answers to what nobody takes, and how many messages are taken before."""

    def _send(self, packet: Packet) -> None:
        self.outgoing.append(encode(packet, self.protocol))

    def receive(self, packet: Publish) -> None:
        """Take a message of the broker in.

        Raises:
            ProtocolError: the broker broke the protocol.
        """
        if packet.skipped:
            self._skip(packet)
            return
        packet = self._resolve_alias(packet)
        if packet.packet_id is None:
            self._queue_or_drop(packet)
            return
        if packet.message.qos == 2:
            if self.session.is_duplicate(packet.packet_id):
                self._answer_in_turn(PubRec(packet.packet_id))
                return
            if packet.packet_id in self._untaken:
                return  # its PUBREC goes out when it is taken
            self._untaken.add(packet.packet_id)
        self._unacknowledged += 1
        # Mosquitto 2.0.11 goes beyond the receive maximum, so what ends a connection is what would
        # not fit (docs/decisions.md).
        if self._owed > _LAST_ID or self.held > _QUEUED_BYTES:
            raise ReceiveMaximumExceeded("the broker sent more unacknowledged messages than fit")
        self._queue(packet)

    def _skip(self, packet: Publish) -> None:
        message = packet.message
        self.options.traffic.skipped += 1
        self.session.note(Skipped(message.topic, packet.skipped))
        if packet.packet_id is not None:
            answer = PubAck if message.qos == 1 else self.session.deliver
            self._answer_in_turn(answer(packet.packet_id))

    def _resolve_alias(self, packet: Publish) -> Publish:
        message, alias = packet.message, packet.message.properties.topic_alias
        if alias is None:
            return packet
        if alias > self.options.topic_alias_maximum:
            raise ProtocolError(f"topic alias {alias} is over the maximum")
        if message.topic:
            self._aliases[alias] = message.topic
        elif alias not in self._aliases:
            raise ProtocolError(f"topic alias {alias} stands for nothing")
        return replace(packet, message=replace(message, topic=self._aliases[alias]))

    def _answer_in_turn(self, answer: PubAck | PubRec) -> None:
        # Answers go out in the order of the messages, also of those that nobody takes (4.6).
        self._in_turn.append((self._turn + len(self.waiting), answer))
        self._send_whose_turn_it_is()

    def _send_whose_turn_it_is(self) -> None:
        while self._in_turn and self._in_turn[0][0] <= self._turn:
            self._send(self._in_turn.popleft()[1])

    def _queue_or_drop(self, packet: Publish) -> None:
        if len(self.waiting) < _QOS0_QUEUE and self.held < _QUEUED_BYTES:
            self._queue(packet)
        else:
            self.dropped += 1

    def _queue(self, packet: Publish) -> None:
        self.held += _held(packet.message)
        self.waiting.append(packet)

    @property
    def _owed(self) -> int:
        return self._unacknowledged + self.session.unreleased

    def take(self) -> Message:
        """Return the next message that arrived, and acknowledge it."""
        packet = self.waiting.popleft()
        self._turn += 1
        self.held -= _held(packet.message)
        if packet.packet_id is not None:
            self._unacknowledged -= 1
            if packet.message.qos == 1:
                self._send(PubAck(packet.packet_id))
            else:
                self._untaken.discard(packet.packet_id)
                self._send(self.session.deliver(packet.packet_id))
        self._send_whose_turn_it_is()
        message = packet.message
        # Whoever hands it on sends it for the first time (MQTT 5.0, 3.3.1.1).
        return replace(message, dup=False) if message.dup else message


def _held(message: Message) -> int:
    properties = message.properties
    return len(message.payload) + (0 if properties is NO_PROPERTIES else properties.held)
