"""One connection as a value: bytes in, messages out; the protocol without the network."""

from collections import deque
from collections.abc import Callable, Sequence

from attrs import define, field
from msgspec.structs import replace

from iotmock.mqtt.codec.decoder import Decoder
from iotmock.mqtt.codec.encoder import encode, encode_publish
from iotmock.mqtt.codec.packets import (
    V5,
    ConnAck,
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
    Subscription,
    UnsubAck,
    Unsubscribe,
)
from iotmock.mqtt.codec.properties import NO_PROPERTIES
from iotmock.mqtt.connection.reasons import explain, refusal
from iotmock.mqtt.errors import (
    ConnectionLost,
    ConnectRefused,
    InvalidMessage,
    ProtocolError,
    ReceiveMaximumExceeded,
)
from iotmock.mqtt.options import ConnectOptions
from iotmock.mqtt.session.limits import NO_LIMITS, Limits
from iotmock.mqtt.session.notes import Skipped
from iotmock.mqtt.session.session import Session

_QOS0_QUEUE = 10_000
_QUEUED_BYTES = 64 << 20
_LAST_ID = 65_535
_REFUSAL = 0x80
_LARGEST_ANSWER = 5
"""Bytes of PUBREL or PUBCOMP with a reason code."""
_ENDS = frozenset((0x00, 0x04, *range(0x80, 0x84), 0x90, *range(0x93, 0x9A)))
"""What a client may say with DISCONNECT (MQTT 5.0, 3.14.2.1)."""


@define(eq=False)
class Connection:
    """The client's side of one connection. `outgoing` are the bytes that wait to be written.

    `arrived` are messages that nobody has taken yet, `answers` those of SUBSCRIBE and
    UNSUBSCRIBE, `settled` the outcomes of messages: all three are read by the owner.
    """

    options: ConnectOptions
    session: Session
    protocol: Protocol
    connack: ConnAck | None = None
    limits: Limits = NO_LIMITS
    """What the broker takes; another value once it has turned out to take less."""
    outgoing: list[bytes] = field(factory=list, repr=False)  # CONNECT holds the password
    arrived: deque[Publish] = field(factory=deque)
    answers: dict[int, tuple[int, ...]] = field(factory=dict)
    settled: dict[int, int] = field(factory=dict)
    watched: set[int] = field(factory=set)
    """The messages whose outcome somebody waits for; only theirs go to `settled`."""
    dropped: int = 0
    """QoS 0 messages that came while too many waited."""
    keep_alive: int = 0
    _decoder: Decoder = field(init=False)
    _asked: dict[int, int] = field(factory=dict)
    _untaken: set[int] = field(factory=set)
    """QoS 2: identifiers that arrived and that nobody has taken."""
    _unacknowledged: int = 0
    _arrived_bytes: int = 0
    _aliases: dict[int, str] = field(factory=dict)
    _restricted: bool = False
    _largest: int = NO_LIMITS.largest
    _turn: int = 0
    """How many messages were taken."""
    _in_turn: deque[tuple[int, PubAck | PubRec]] = field(factory=deque)
    """Answers to what nobody takes, and how many messages are taken before."""
    _to_the_end: int | None = None
    """How many of `outgoing` still go out, once DISCONNECT is the last of them."""

    def __attrs_post_init__(self) -> None:
        self._decoder = Decoder(self.protocol, self.options.maximum_packet_size)
        self.keep_alive = self.options.keep_alive
        if self.protocol != V5:  # which says by itself what it takes
            self.limits = Limits(self.options.maximum_qos, self.options.retain)
        self._send(self.options.connect_packet(self.protocol))

    def _send(self, packet: Packet) -> None:
        self.outgoing.append(encode(packet, self.protocol))

    def drain(self) -> bytes:
        """Return the bytes that wait to be written; they wait no more."""
        if self._to_the_end is not None:
            del self.outgoing[self._to_the_end :]
            self._to_the_end = 0
        data = b"".join(self.outgoing)
        self.outgoing.clear()
        self.options.traffic.written += len(data)
        return data

    # What the peer says

    def receive(self, data: bytes) -> None:
        """Take bytes from the broker.

        Raises:
            ProtocolError: the broker broke the protocol.
            ConnectRefused: it refused CONNECT.
            ConnectionLost: it said DISCONNECT.
        """
        self.options.traffic.read += len(data)
        try:
            for packet in self._decoder.feed(data):
                if type(packet) is PubAck and self.connack is not None:
                    self._receive_answer(packet)  # as most of what a broker says to a fleet
                elif self.connack is None:
                    self._receive_connack(packet)
                else:
                    self._receive(packet)
            if self.session.maximum_qos < self.limits.maximum_qos:
                self._limit(self.limits.at_most(self.session.maximum_qos))
        finally:
            self.session.report()

    def _limit(self, limits: Limits) -> None:
        self.limits, self._restricted, self._largest = limits, limits.restricts, limits.largest

    def _receive_connack(self, packet: Packet) -> None:
        if not isinstance(packet, ConnAck):
            raise ProtocolError(f"{type(packet).__name__} came before CONNACK")
        if packet.reason_code != 0:
            raise refusal(packet.reason_code, packet.properties, self.options)
        self.connack, said = packet, packet.properties
        if packet.session_present and self.options.clean_start and self.protocol == V5:
            raise ProtocolError("the broker goes on with a session where a new one was asked for")
        self._check_packet_size(packet)
        if said.server_keep_alive is not None:
            self.keep_alive = said.server_keep_alive
        self._give_up_suspect()
        self._limit(self.limits.with_properties(said).at_most(self.session.maximum_qos))
        present, peer_window = packet.session_present, said.receive_maximum or _LAST_ID
        self.session.resume(present=present, peer_window=peer_window, limits=self.limits)
        for _ in self.session.resend_window():
            self._send_next_again()

    def _check_packet_size(self, packet: ConnAck) -> None:
        most = packet.properties.maximum_packet_size
        if most is not None and most < _LARGEST_ANSWER:
            text = f"the broker takes packets of at most {most} bytes, too few for an answer"
            raise ConnectRefused(0x95, f"{text}; raise its maximum packet size")

    def _give_up_suspect(self) -> None:
        suspect = self.session.suspected()
        if suspect is None:
            return
        if suspect.qos == 2 and self.session.maximum_qos == 2:
            self.session.maximum_qos = 1  # perhaps it does not know QoS 2 and can not say so
        else:
            self.session.give_up_first("three connections ended over it")

    def _receive(self, packet: Packet) -> None:
        match packet:
            case PubRec() if packet.reason_code < _REFUSAL:
                self._send(self.session.receive(packet))
            case PubAck() | PubRec() | PubComp():
                self._receive_answer(packet)
            case Publish():
                self._receive_message(packet)
            case PubRel():
                self._send(self.session.complete(packet))
            case SubAck() | UnsubAck():
                self._receive_request_answer(packet)
            case PingResp():
                pass  # that it came is all it says
            case Disconnect(reason_code=code, properties=said):
                reason = explain(code, said, self.options.client_id)
                raise ConnectionLost(f"the broker ended the connection: {reason}")
            case _:
                raise ProtocolError(f"a broker does not send {type(packet).__name__}")

    def _receive_answer(self, packet: PubAck | PubRec | PubComp) -> None:
        if not self.session.settle(packet):
            return
        if packet.packet_id in self.watched:
            self.settled[packet.packet_id] = packet.reason_code
        if self.session.to_resend:
            self._send_next_again()

    def _send_next_again(self) -> None:
        while (packet := self.session.next_resend()) is not None:
            data = encode(packet, self.protocol)
            if len(data) > self.limits.largest:  # it went to a broker that took more
                self.session.give_up(packet.packet_id or 0, _too_large(data, self.limits))
                continue
            self.outgoing.append(data)
            if packet.packet_id is not None:
                return

    def _receive_request_answer(self, packet: SubAck | UnsubAck) -> None:
        packet_id = packet.packet_id
        if not self.session.release(packet_id):
            raise ProtocolError(f"{type(packet).__name__} answers nothing that was asked")
        asked = self._asked.pop(packet_id, None)  # None: whoever asked has given up
        if asked is not None:
            if isinstance(packet, SubAck) and len(packet.reason_codes) != asked:
                raise ProtocolError(f"SUBACK has {len(packet.reason_codes)} codes for {asked}")
            self.answers[packet_id] = packet.reason_codes

    def _skip(self, packet: Publish) -> None:
        message = packet.message
        self.options.traffic.skipped += 1
        self.session.note(Skipped(message.topic, packet.skipped))
        if packet.packet_id is not None:
            answer = PubAck if message.qos == 1 else self.session.deliver
            self._answer_in_turn(answer(packet.packet_id))

    def _receive_message(self, packet: Publish) -> None:
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
        if self._owed > _LAST_ID or self._arrived_bytes > _QUEUED_BYTES:
            raise ReceiveMaximumExceeded("the broker sent more unacknowledged messages than fit")
        self._queue(packet)

    def _answer_in_turn(self, answer: PubAck | PubRec) -> None:
        # Answers go out in the order of the messages, also of those that nobody takes (4.6).
        self._in_turn.append((self._turn + len(self.arrived), answer))
        self._send_whose_turn_it_is()

    def _send_whose_turn_it_is(self) -> None:
        while self._in_turn and self._in_turn[0][0] <= self._turn:
            self._send(self._in_turn.popleft()[1])

    def _queue_or_drop(self, packet: Publish) -> None:
        if len(self.arrived) < _QOS0_QUEUE and self._arrived_bytes < _QUEUED_BYTES:
            self._queue(packet)
        else:
            self.dropped += 1

    def _queue(self, packet: Publish) -> None:
        self._arrived_bytes += _held(packet.message)
        self.arrived.append(packet)

    @property
    def _owed(self) -> int:
        return self._unacknowledged + self.session.unreleased

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

    # What we say

    def take(self) -> Message:
        """Return the next message that arrived, and acknowledge it."""
        packet = self.arrived.popleft()
        self._turn += 1
        self._arrived_bytes -= _held(packet.message)
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

    def publish(self, messages: Sequence[Message]) -> int:
        """Write as many of the messages as the window admits; return how many.

        Raises:
            InvalidMessage: the first can not be sent; a later one only ends the count.
        """
        free = self.session.free
        for count, message in enumerate(messages):
            if message.qos:
                if free == 0:
                    return count
                free -= 1
            try:
                self.publish_one(message)
            except InvalidMessage:
                if count:
                    return count
                raise
        return len(messages)

    def publish_one(self, message: Message) -> int | None:
        """Write a message, for which the window has room; return its packet identifier.

        It goes out at the highest QoS that the broker takes, and retained only where it retains.

        Raises:
            InvalidMessage: it can not be sent; nothing has changed.
        """
        if message.qos and not message.topic:
            raise InvalidMessage("at QoS 1 and 2 a message needs its topic: it may go out again")
        if self._restricted:
            message = self.limits.within(message)
        packet_id = self.session.register(message) if message.qos else None
        try:
            data = encode_publish(message, packet_id, self.protocol)
            if len(data) > self._largest:
                raise InvalidMessage(_too_large(data, self.limits))
            if message.properties is not NO_PROPERTIES:
                self._check_properties(message)
        except InvalidMessage:
            if packet_id is not None:
                self.session.withdraw(packet_id)
            raise
        self.outgoing.append(data)
        return packet_id

    def _check_properties(self, message: Message) -> None:
        alias, most = message.properties.topic_alias, self.limits.topic_aliases
        if alias is not None and not 1 <= alias <= most:
            raise InvalidMessage(f"topic alias {alias} is not from 1 to {most}")
        if message.properties.subscription_identifiers:
            raise InvalidMessage("only a broker says subscription identifiers with a message")

    def subscribe(self, subscriptions: tuple[Subscription, ...]) -> int:
        """Write SUBSCRIBE; the answer comes under the returned packet identifier."""
        return self._request(lambda packet_id: Subscribe(packet_id, subscriptions), subscriptions)

    def unsubscribe(self, topic_filters: tuple[str, ...]) -> int:
        """Write UNSUBSCRIBE; the answer comes under the returned packet identifier."""
        return self._request(lambda packet_id: Unsubscribe(packet_id, topic_filters), topic_filters)

    def _request(
        self, make: Callable[[int], Subscribe | Unsubscribe], asked: tuple[object, ...]
    ) -> int:
        if not asked:
            raise InvalidMessage("a request needs at least one topic filter")
        packet_id = self.session.reserve()
        try:
            data = encode(make(packet_id), self.protocol)
            if len(data) > self.limits.largest:
                raise InvalidMessage(_too_large(data, self.limits))
        except InvalidMessage:
            self.session.release(packet_id)
            raise
        self.outgoing.append(data)
        self._asked[packet_id] = len(asked)
        return packet_id

    def forget_request(self, packet_id: int) -> None:
        """Note that nobody waits for this answer any more."""
        self._asked.pop(packet_id, None)
        self.answers.pop(packet_id, None)

    def ping(self) -> None:
        """Write PINGREQ."""
        self._send(PingReq())

    def disconnect(self, reason_code: int = 0) -> None:
        """Write DISCONNECT, the last packet; MQTT 3.1.1 knows only the orderly one.

        Raises:
            InvalidMessage: no client ends a connection with this reason.
        """
        if reason_code not in _ENDS:
            raise InvalidMessage(f"a client sends no DISCONNECT with 0x{reason_code:02x}")
        if self._to_the_end is not None or (reason_code and self.protocol != V5):
            return
        self._send(Disconnect(reason_code))
        self._to_the_end = len(self.outgoing)


def _held(message: Message) -> int:
    properties = message.properties
    return len(message.payload) + (0 if properties is NO_PROPERTIES else properties.held)


def _too_large(data: bytes, limits: Limits) -> str:
    return f"{len(data)} bytes are over the broker's {limits.largest}"
