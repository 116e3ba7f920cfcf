"""What a client and a broker remember of each other's messages; it outlives a connection."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence

from attrs import define, evolve, field
from attrs.validators import ge, le
from msgspec.structs import replace

from iotmock.mqtt.errors import InvalidMessage, ProtocolError
from iotmock.mqtt.packets import Message, PubAck, PubComp, Publish, PubRec, PubRel

_LAST_ID = 65_535
_REFUSAL = 0x80
_UNKNOWN_ID = 0x92


@define(eq=False)
class Session:
    """Session state of the client (MQTT 5.0, 4.1), without any I/O.

    At most `window` messages are on their way without an answer, and never more than the
    broker's receive maximum. Give the same session to the next client to go on with it.
    """

    window: int = field(default=500, validator=[ge(1), le(_LAST_ID)])
    acknowledged: int = 0
    """Messages at QoS 1 and 2 that the broker has taken."""
    refused: int = 0
    """Messages at QoS 1 and 2 that the broker has refused."""
    on_taken: Callable[[Sequence[Message]], None] | None = None
    """Called with the messages at QoS 1 and 2 that the broker has taken, all of a read at once."""
    _peer_window: int = _LAST_ID
    _outgoing: dict[int, Message] = field(factory=dict)
    _taken: list[Message] = field(factory=list)
    _received: set[int] = field(factory=set)
    """QoS 2: identifiers of ours that the broker has received and not completed."""
    _incoming: set[int] = field(factory=set)
    """QoS 2: identifiers of the broker that were delivered and not released."""
    _requests: set[int] = field(factory=set)
    _to_resend: deque[int] = field(factory=deque)
    _present: bool = False
    _last_id: int = 0
    _oldest: Message | None = None
    _oldest_since: float = 0.0

    @property
    def in_flight(self) -> int:
        """How many messages wait for the broker's answer."""
        return len(self._outgoing)

    def oldest_s(self, now: float) -> float:
        """Return for how many seconds the oldest message has waited for the broker's answer.

        As far as was seen, so that a message costs nothing: who asks every second knows it to the
        second.
        """
        oldest = next(iter(self._outgoing.values())) if self._outgoing else None
        if oldest is not self._oldest:
            self._oldest, self._oldest_since = oldest, now
        return now - self._oldest_since if oldest is not None else 0.0

    @property
    def free(self) -> int:
        """How many messages may be sent before one is answered."""
        return max(0, self._limit - len(self._outgoing))

    @property
    def is_roomy(self) -> bool:
        """Whether a batch is worth sending: the fewer writes, the more messages a second."""
        return self.free * 2 >= self._limit

    @property
    def _limit(self) -> int:
        return min(self.window, self._peer_window)

    # A connection begins

    def resume(self, *, present: bool, peer_window: int) -> Iterator[Publish | PubRel]:
        """Yield what must be sent again, in its first order, as far as the window admits.

        The rest follows with `next_resend`. With the session lost by the broker, everything goes
        out as new (MQTT 5.0, 4.4); otherwise with DUP, or as PUBREL where PUBREC had come.
        """
        self._present, self._peer_window = present, peer_window
        self._requests.clear()
        if not present:
            self._received.clear()
            self._incoming.clear()
        self._to_resend = deque(self._outgoing)
        for _ in range(self._limit):
            if not self._to_resend:
                return
            yield self._resend(self._to_resend.popleft())

    def next_resend(self) -> Publish | PubRel | None:
        """Return what the window kept back of `resume`, now that a message is settled."""
        while self._to_resend:
            packet_id = self._to_resend.popleft()
            if packet_id in self._outgoing:
                return self._resend(packet_id)
        return None

    def give_up(self, packet_id: int) -> None:
        """Count a message as refused that this broker can not be sent."""
        self._outgoing.pop(packet_id, None)
        self._received.discard(packet_id)
        self.refused += 1

    def _resend(self, packet_id: int) -> Publish | PubRel:
        if packet_id in self._received:
            return PubRel(packet_id)
        message = self._outgoing[packet_id]
        if message.properties.topic_alias is not None:  # it was of another connection (3.3.2.3.4)
            message = replace(message, properties=evolve(message.properties, topic_alias=None))
        if self._present:
            message = replace(message, dup=True)
        return Publish(message, packet_id)

    # Outgoing

    def register(self, message: Message) -> int:
        """Take a message into the window and return its packet identifier."""
        packet_id = self._free_id()
        self._outgoing[packet_id] = message
        return packet_id

    def withdraw(self, packet_id: int) -> None:
        """Take back a message that was never written."""
        del self._outgoing[packet_id]

    def reserve(self) -> int:
        """Return a packet identifier for SUBSCRIBE or UNSUBSCRIBE."""
        packet_id = self._free_id()
        self._requests.add(packet_id)
        return packet_id

    def release(self, packet_id: int) -> bool:
        """Free the identifier of an answered request; return whether it was one."""
        known = packet_id in self._requests
        self._requests.discard(packet_id)
        return known

    def _free_id(self) -> int:
        if len(self._outgoing) + len(self._requests) >= _LAST_ID:
            raise InvalidMessage("all packet identifiers are in use; wait for the broker's answers")
        packet_id = self._last_id
        while True:
            packet_id = packet_id % _LAST_ID + 1
            if packet_id not in self._outgoing and packet_id not in self._requests:
                self._last_id = packet_id
                return packet_id

    def receive(self, packet: PubRec) -> PubRel:
        """Note that the broker has a QoS 2 message; return what it is told.

        Raises:
            ProtocolError: the message is not of QoS 2.
        """
        message = self._outgoing.get(packet.packet_id)
        if message is None:
            return PubRel(packet.packet_id, _UNKNOWN_ID)
        if message.qos != 2:
            raise ProtocolError(f"packet {packet.packet_id} of QoS 1 was answered with PUBREC")
        self._received.add(packet.packet_id)
        return PubRel(packet.packet_id)

    def settle(self, packet: PubAck | PubRec | PubComp) -> bool:
        """Take the broker's last word on a message; return whether there was such a message.

        Raises:
            ProtocolError: it answers something that was never asked, or with the wrong packet.
        """
        packet_id = packet.packet_id
        message = self._outgoing.get(packet_id)
        if message is None:
            # A PUBCOMP may come twice over two connections.
            if isinstance(packet, PubComp):
                return False
            raise ProtocolError(f"packet {packet_id} was acknowledged and never sent")
        if not self._may_settle(packet, message):
            raise ProtocolError(f"packet {packet_id} was answered with {type(packet).__name__}")
        del self._outgoing[packet_id]
        self._received.discard(packet_id)
        if packet.reason_code >= _REFUSAL and packet.reason_code != _UNKNOWN_ID:
            self.refused += 1
        else:
            self.acknowledged += 1
            if self.on_taken is not None:
                self._taken.append(message)
        return True

    def report_taken(self) -> None:
        """Hand what the broker has taken since the last time to `on_taken`."""
        if self._taken and self.on_taken is not None:
            taken, self._taken = self._taken, []
            self.on_taken(taken)

    def _may_settle(self, packet: PubAck | PubRec | PubComp, message: Message) -> bool:
        if message.qos == 1:
            return isinstance(packet, PubAck)
        return isinstance(packet, PubRec) or packet.packet_id in self._received

    # Incoming

    def is_duplicate(self, packet_id: int) -> bool:
        """Say whether a QoS 2 message was delivered before."""
        return packet_id in self._incoming

    def deliver(self, packet_id: int) -> PubRec:
        """Note that the application took a QoS 2 message; return what the broker is told."""
        self._incoming.add(packet_id)
        return PubRec(packet_id)

    def complete(self, packet: PubRel) -> PubComp:
        """Take the broker's release of a QoS 2 message; return what it is told."""
        known = packet.packet_id in self._incoming
        self._incoming.discard(packet.packet_id)
        return PubComp(packet.packet_id, 0 if known else _UNKNOWN_ID)

    @property
    def unreleased(self) -> int:
        """How many delivered QoS 2 messages the broker has not released."""
        return len(self._incoming)
