"""One connection as a value: bytes in, messages out; the protocol without the network."""

from collections import deque
from collections.abc import Callable, Sequence

from attrs import define, evolve, field
from msgspec.structs import replace

from iotmock.mqtt.decoder import Decoder
from iotmock.mqtt.encoder import encode, encode_publish
from iotmock.mqtt.errors import (
    BadCredentials,
    ConnectionLost,
    ConnectRefused,
    InvalidMessage,
    ProtocolError,
    ReceiveMaximumExceeded,
    UnsupportedProtocol,
)
from iotmock.mqtt.options import ConnectOptions
from iotmock.mqtt.packets import (
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
from iotmock.mqtt.properties import NO_PROPERTIES
from iotmock.mqtt.session import Session

_QOS0_QUEUE = 10_000
_QUEUED_BYTES = 64 << 20
_NO_LIMIT = 268_435_460
_LAST_ID = 65_535
_REFUSAL = 0x80
_VERSION_CODES = {0x01, 0x84}
_CREDENTIAL_CODES = {0x04, 0x05, 0x86, 0x87}
_REASONS = {
    0x02: "the client id was rejected",
    0x03: "the broker is unavailable",
    0x85: "the client id is not valid",
    0x88: "the broker is unavailable",
    0x89: "the broker is busy",
    0x8A: "the client is banned",
    0x8B: "the broker is shutting down",
    0x8D: "the keep-alive time ran out",
    0x8E: "another client with the same client id has connected; give each its own",
    0x95: "a packet was too large for the broker",
    0x97: "a quota of the broker is exceeded",
    0x98: "an administrator ended the connection",
}


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
    _largest: int = _NO_LIMIT
    _restricted: bool = False

    def __attrs_post_init__(self) -> None:
        self._decoder = Decoder(self.protocol, self.options.maximum_packet_size)
        self.keep_alive = self.options.keep_alive
        self._send(self.options.connect_packet(self.protocol))

    def _send(self, packet: Packet) -> None:
        self.outgoing.append(encode(packet, self.protocol))

    def drain(self) -> bytes:
        """Return the bytes that wait to be written; they wait no more."""
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
                if self.connack is None:
                    self._receive_connack(packet)
                else:
                    self._receive(packet)
        finally:
            self.session.report_taken()

    def _receive_connack(self, packet: Packet) -> None:
        if not isinstance(packet, ConnAck):
            raise ProtocolError(f"{type(packet).__name__} came before CONNACK")
        if packet.reason_code != 0:
            raise _refusal(packet.reason_code, self.options)
        self.connack, limits = packet, packet.properties
        self._largest = limits.maximum_packet_size or _NO_LIMIT
        self._restricted = limits.maximum_qos is not None or limits.retain_available == 0
        if limits.server_keep_alive is not None:
            self.keep_alive = limits.server_keep_alive
        present, peer_window = packet.session_present, limits.receive_maximum or _LAST_ID
        for again in self.session.resume(present=present, peer_window=peer_window):
            self._send_again(again)

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
            case Disconnect(reason_code=code):
                reason = _REASONS.get(code, f"reason code 0x{code:02x}")
                raise ConnectionLost(f"the broker ended the connection: {reason}")
            case _:
                raise ProtocolError(f"a broker does not send {type(packet).__name__}")

    def _receive_answer(self, packet: PubAck | PubRec | PubComp) -> None:
        if not self.session.settle(packet):
            return
        if packet.packet_id in self.watched:
            self.settled[packet.packet_id] = packet.reason_code
        if (again := self.session.next_resend()) is not None:
            self._send_again(again)

    def _send_again(self, packet: Publish | PubRel) -> None:
        data = encode(packet, self.protocol)
        while len(data) > self._largest:  # it went to a broker that took more
            self.session.give_up(packet.packet_id or 0)
            following = self.session.next_resend()
            if following is None:
                return
            packet, data = following, encode(following, self.protocol)
        self.outgoing.append(data)

    def _receive_request_answer(self, packet: SubAck | UnsubAck) -> None:
        packet_id = packet.packet_id
        if not self.session.release(packet_id):
            raise ProtocolError(f"{type(packet).__name__} answers nothing that was asked")
        asked = self._asked.pop(packet_id, None)  # None: whoever asked has given up
        if asked is not None:
            if isinstance(packet, SubAck) and len(packet.reason_codes) != asked:
                raise ProtocolError(f"SUBACK has {len(packet.reason_codes)} codes for {asked}")
            self.answers[packet_id] = packet.reason_codes

    def _receive_message(self, packet: Publish) -> None:
        packet = self._resolve_alias(packet)
        if packet.packet_id is None:
            self._queue_or_drop(packet)
            return
        if packet.message.qos == 2:
            if self.session.is_duplicate(packet.packet_id):
                self._send(PubRec(packet.packet_id))
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

    def _queue_or_drop(self, packet: Publish) -> None:
        if len(self.arrived) < _QOS0_QUEUE and self._arrived_bytes < _QUEUED_BYTES:
            self._queue(packet)
        else:
            self.dropped += 1

    def _queue(self, packet: Publish) -> None:
        self._arrived_bytes += len(packet.message.payload)
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
        return evolve(packet, message=replace(message, topic=self._aliases[alias]))

    # What we say

    def take(self) -> Message:
        """Return the next message that arrived, and acknowledge it."""
        packet = self.arrived.popleft()
        self._arrived_bytes -= len(packet.message.payload)
        if packet.packet_id is not None:
            self._unacknowledged -= 1
            if packet.message.qos == 1:
                self._send(PubAck(packet.packet_id))
            else:
                self._untaken.discard(packet.packet_id)
                self._send(self.session.deliver(packet.packet_id))
        return packet.message

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

        Raises:
            InvalidMessage: it can not be sent; nothing has changed.
        """
        if message.qos and not message.topic:
            raise InvalidMessage("at QoS 1 and 2 a message needs its topic: it may go out again")
        packet_id = self.session.register(message) if message.qos else None
        try:
            data = encode_publish(message, packet_id, self.protocol)
            if len(data) > self._largest:
                raise InvalidMessage(f"{len(data)} bytes are over the broker's {self._largest}")
            if self._restricted or message.properties is not NO_PROPERTIES:
                self._check_limits(message)
        except InvalidMessage:
            if packet_id is not None:
                self.session.withdraw(packet_id)
            raise
        self.outgoing.append(data)
        return packet_id

    def _check_limits(self, message: Message) -> None:
        assert self.connack is not None, "limits come with CONNACK"  # noqa: S101
        limits, alias = self.connack.properties, message.properties.topic_alias
        if limits.maximum_qos is not None and message.qos > limits.maximum_qos:
            raise InvalidMessage(f"QoS {message.qos} is over the broker's {limits.maximum_qos}")
        if message.retain and limits.retain_available == 0:
            raise InvalidMessage("the broker retains no messages")
        if alias is not None and alias > (limits.topic_alias_maximum or 0):
            raise InvalidMessage(f"topic alias {alias} is over {limits.topic_alias_maximum or 0}")

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
            if len(data) > self._largest:
                raise InvalidMessage(f"{len(data)} bytes are over the broker's {self._largest}")
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
        """Write DISCONNECT; MQTT 3.1.1 knows only the orderly one."""
        if self.protocol == V5 or reason_code == 0:
            self._send(Disconnect(reason_code))


def _refusal(code: int, options: ConnectOptions) -> ConnectRefused:
    if code in _VERSION_CODES:
        return UnsupportedProtocol(code, "the broker does not speak this version of MQTT")
    if code in _CREDENTIAL_CODES:
        return BadCredentials(
            code, f"the broker refused user {options.username!r}: unknown or wrong password"
        )
    reason = _REASONS.get(code, f"reason code 0x{code:02x}")
    return ConnectRefused(code, f"the broker refused the connection: {reason}")
