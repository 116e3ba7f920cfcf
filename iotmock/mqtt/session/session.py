"""What a client and a broker remember of each other's messages; it outlives a connection."""

from collections import deque
from collections.abc import Callable, Sequence

from attrs import define, evolve, field, setters
from attrs.validators import ge, le
from msgspec.structs import replace

from iotmock.mqtt.codec.packets import Message, PubAck, PubComp, Publish, PubRec, PubRel
from iotmock.mqtt.errors import InvalidMessage, ProtocolError
from iotmock.mqtt.session.limits import NO_LIMITS, Limits
from iotmock.mqtt.session.notes import GivenUp, Note, Refused

_LAST_ID = 65_535
_REFUSAL = 0x80
_UNKNOWN_ID = 0x92
_MOST_ENDS = 3
_NOTHING: deque[int] = deque()
"""Where nothing is to be sent again; never added to. A deque of one's own is 0.6 kB a device."""


@define(eq=False, on_setattr=setters.NO_OP)  # else every assignment costs a call
class Session:
    """Session state of the client (MQTT 5.0, 4.1), without any I/O.

    At most `window` messages are on their way without an answer, and never more than the
    broker's receive maximum. Give the same session to the next client to go on with it.
    Long because identifiers, window and what is sent again are one state, which no packet may leave
    half changed.
    """

    window: int = field(default=500, validator=[ge(1), le(_LAST_ID)])
    acknowledged: int = 0
    """Messages at QoS 1 and 2 that the broker has taken."""
    refused: int = 0
    """Messages at QoS 1 and 2 that the broker has refused."""
    maximum_qos: int = 2
    """The highest QoS that the broker has turned out to know."""
    on_taken: Callable[[Sequence[Message]], None] | None = None
    """Called with the messages at QoS 1 and 2 that the broker has taken, all of a read at once."""
    on_notes: Callable[[Sequence[Note]], None] | None = None
    """Called with what else has happened to messages, all of a read at once."""
    _peer_window: int = _LAST_ID
    _outgoing: dict[int, Message] = field(factory=dict)
    _taken: list[Message] = field(factory=list)
    _notes: list[Note] = field(factory=list)
    _limits: Limits = NO_LIMITS
    _suspect: Message | None = None
    _ends: int = 0
    """How many connections running have ended while the suspect was first on its way."""
    _received: set[int] = field(factory=set)
    """QoS 2: identifiers of ours that the broker has received and not completed."""
    _incoming: set[int] = field(factory=set)
    """QoS 2: identifiers of the broker that were delivered and not released."""
    _requests: set[int] = field(factory=set)
    to_resend: deque[int] = _NOTHING
    """Packet identifiers of what must be sent again over this connection."""
    _present: bool = False
    _last_id: int = 0
    _oldest: Message | None = None
    _oldest_since: float = 0.0
    _limit: int = field(init=False)
    """How many messages may be on their way over this connection."""

    def __attrs_post_init__(self) -> None:
        self._limit = min(self.window, self._peer_window)

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

    def unanswered(self) -> tuple[Message, ...]:
        """Return the messages that wait for the broker's answer."""
        return tuple(self._outgoing.values())

    @property
    def free(self) -> int:
        """How many messages may be sent before one is answered."""
        free = self._limit - len(self._outgoing)
        return max(0, free)

    @property
    def is_roomy(self) -> bool:
        """Whether a batch is worth sending: the fewer writes, the more messages a second."""
        return self.free * 2 >= self._limit

    # A connection begins

    def resume(self, *, present: bool, peer_window: int, limits: Limits = NO_LIMITS) -> None:
        """Begin with a new connection; `next_resend` gives what must be sent again over it.

        With the session lost by the broker, everything goes out as new (MQTT 5.0, 4.4); otherwise
        with DUP, or as PUBREL where PUBREC had come.
        """
        self._present, self._peer_window, self._limits = present, peer_window, limits
        self._limit = min(self.window, peer_window)
        self._requests.clear()
        if not present:
            self._received.clear()
            self._incoming.clear()
        self.to_resend = deque(self._outgoing) if self._outgoing else _NOTHING

    def suspected(self) -> Message | None:
        """Note that a connection has ended; return the message that seems to be the reason.

        That is one that was first on its way when three connections running have ended.
        """
        first = next(iter(self._outgoing.values()), None)
        self._ends = self._ends + 1 if first is self._suspect else 1
        self._suspect = first
        return first if self._ends >= _MOST_ENDS else None

    def give_up_first(self, reason: str) -> None:
        """Give up the message that has been on its way for the longest time."""
        self.give_up(next(iter(self._outgoing)), reason)

    def resend_window(self) -> range:
        """Return as many numbers as messages may be sent again at once."""
        return range(min(self._limit, len(self.to_resend)))

    def next_resend(self) -> Publish | PubRel | None:
        """Return what is to be sent again next, in its first order and within the limits."""
        while self.to_resend:
            packet_id = self.to_resend.popleft()
            if packet_id in self._outgoing:
                return self._resend(packet_id)
        return None

    def give_up(self, packet_id: int, reason: str) -> None:
        """Count a message as refused that is sent no more."""
        message = self._outgoing.pop(packet_id, None)
        self._received.discard(packet_id)
        self.refused += 1
        if message is not None:
            self.note(GivenUp(message, reason))

    def _resend(self, packet_id: int) -> Publish | PubRel:
        if packet_id in self._received:
            return PubRel(packet_id)
        message = self._outgoing[packet_id] = self._limits.within(self._outgoing[packet_id])
        if message.properties.topic_alias is not None:  # it was of another connection (3.3.2.3.4)
            message = replace(message, properties=evolve(message.properties, topic_alias=None))
        if message.qos == 0:  # nobody answers for it any more
            self.settle(PubAck(packet_id))
            return Publish(message)
        if self._present:
            message = replace(message, dup=True)
        return Publish(message, packet_id)

    # Outgoing

    def register(self, message: Message) -> int:
        """Take a message into the window and return its packet identifier."""
        packet_id = self._last_id % _LAST_ID + 1
        if packet_id in self._outgoing or packet_id in self._requests:
            packet_id = self._free_id()
        self._last_id = packet_id
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

        A broker that answers twice, or for nothing, harms no one; and a PUBCOMP may come twice.

        Raises:
            ProtocolError: it answers with the wrong packet.
        """
        packet_id = packet.packet_id
        message = self._outgoing.get(packet_id)
        if message is None:
            return False
        if message.qos != 1 or type(packet) is not PubAck:
            if not (self._may_settle(packet, message) or self._settles_lower(packet, message)):
                raise ProtocolError(f"packet {packet_id} was answered with {type(packet).__name__}")
            self._received.discard(packet_id)
        del self._outgoing[packet_id]
        if packet.reason_code >= _REFUSAL and packet.reason_code != _UNKNOWN_ID:
            self.refused += 1
            self.note(Refused(message, packet.reason_code))
        else:
            self.acknowledged += 1
            if self.on_taken is not None:
                self._taken.append(message)
        return True

    def note(self, note: Note) -> None:
        """Keep a note for `report`."""
        if self.on_notes is not None:
            self._notes.append(note)

    def report(self) -> None:
        """Hand what has happened since the last time to `on_taken` and `on_notes`."""
        if self._taken and self.on_taken is not None:
            taken, self._taken = self._taken, []
            self.on_taken(taken)
        if self._notes and self.on_notes is not None:
            notes, self._notes = self._notes, []
            self.on_notes(notes)

    def _may_settle(self, packet: PubAck | PubRec | PubComp, message: Message) -> bool:
        if message.qos == 1:
            return isinstance(packet, PubAck)
        done = packet.packet_id in self._received and not isinstance(packet, PubAck)
        return isinstance(packet, PubRec) or done

    def _settles_lower(self, packet: PubAck | PubRec | PubComp, message: Message) -> bool:
        # RabbitMQ takes a message at QoS 2 as one at QoS 1, and says so with PUBACK.
        if not isinstance(packet, PubAck) or message.qos == 1:
            return message.qos == 0
        self.maximum_qos = 1
        return True

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
