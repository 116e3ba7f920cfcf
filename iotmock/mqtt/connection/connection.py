"""One connection as a value: bytes in, messages out; the protocol without the network.

What arrives is kept in `arrivals.py`, requests in `requests.py`; `terms.py` judges CONNACK.
"""

from collections.abc import Sequence

from attrs import define, field

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
    Subscription,
    UnsubAck,
)
from iotmock.mqtt.codec.properties import NO_PROPERTIES
from iotmock.mqtt.connection.arrivals import Arrivals
from iotmock.mqtt.connection.reasons import explain
from iotmock.mqtt.connection.requests import Requests
from iotmock.mqtt.connection.terms import accepted, check_terms
from iotmock.mqtt.errors import (
    ConnectionLost,
    InvalidMessage,
    ProtocolError,
)
from iotmock.mqtt.options import ConnectOptions
from iotmock.mqtt.session.limits import NO_LIMITS, Limits, too_large
from iotmock.mqtt.session.session import Session

_LAST_ID = 65_535
_REFUSAL = 0x80
_ENDS = frozenset((0x00, 0x04, *range(0x80, 0x84), 0x90, *range(0x93, 0x9A)))
"""What a client may say with DISCONNECT (MQTT 5.0, 3.14.2.1)."""


@define(eq=False)
class Connection:
    """The client's side of one connection. `outgoing` are the bytes that wait to be written.

    `arrived` are messages that nobody has taken yet, `answers` those of SUBSCRIBE and
    UNSUBSCRIBE, `settled` the outcomes of messages: all three are read by the owner. Long because
    every packet finds its way here, in both directions.
    """

    options: ConnectOptions
    session: Session
    protocol: Protocol
    connack: ConnAck | None = None
    limits: Limits = NO_LIMITS
    """What the broker takes; another value once it has turned out to take less."""
    outgoing: list[bytes] = field(factory=list, repr=False)  # CONNECT holds the password
    settled: dict[int, int] = field(factory=dict)
    watched: set[int] = field(factory=set)
    """The messages whose outcome somebody waits for; only theirs go to `settled`."""
    keep_alive: int = 0
    _decoder: Decoder = field(init=False)
    requests: Requests = field(init=False)
    _arrivals: Arrivals | None = None
    _restricted: bool = False
    _largest: int = NO_LIMITS.largest
    _to_the_end: int | None = None
    """How many of `outgoing` still go out, once DISCONNECT is the last of them."""

    def __attrs_post_init__(self) -> None:
        self.requests = Requests(self.session, self.protocol)
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
            puback = self._decoder.puback(data) if self.connack is not None else None
            if puback is not None:
                self._receive_answer(puback)
            else:
                self._receive_packets(data)
            if self.session.maximum_qos < self.limits.maximum_qos:
                self._limit(self.limits.at_most(self.session.maximum_qos))
        finally:
            self.session.report()

    def _receive_packets(self, data: bytes) -> None:
        for packet in self._decoder.feed(data):
            if type(packet) is PubAck and self.connack is not None:
                self._receive_answer(packet)  # as most of what a broker says to a fleet
            elif self.connack is None:
                self._receive_connack(packet)
            else:
                self._receive(packet)

    def _limit(self, limits: Limits) -> None:
        self.limits, self._restricted, self._largest = limits, limits.restricts, limits.largest

    def _receive_connack(self, packet: Packet) -> None:
        self.connack = connack = accepted(packet, self.options)
        check_terms(connack, self.options, self.protocol)
        said = connack.properties
        if said.server_keep_alive is not None:
            self.keep_alive = said.server_keep_alive
        self._give_up_suspect()
        self._limit(self.limits.with_properties(said).at_most(self.session.maximum_qos))
        present, peer_window = connack.session_present, said.receive_maximum or _LAST_ID
        self.session.resume(present=present, peer_window=peer_window, limits=self.limits)
        for _ in self.session.resend_window():
            self._send_next_again()

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
                self.requests.receive(packet)
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
                self.session.give_up(packet.packet_id or 0, too_large(data, self.limits))
                continue
            self.outgoing.append(data)
            if packet.packet_id is not None:
                return

    def _receive_message(self, packet: Publish) -> None:
        if self._arrivals is None:
            self._arrivals = Arrivals(self.options, self.session, self.protocol, self.outgoing)
        self._arrivals.receive(packet)

    @property
    def arrived(self) -> Sequence[Publish]:
        """The messages that nobody has taken yet."""
        return () if self._arrivals is None else self._arrivals.waiting

    @property
    def dropped(self) -> int:
        """How many messages at QoS 0 came while too many waited."""
        return 0 if self._arrivals is None else self._arrivals.dropped

    # What we say

    def take(self) -> Message:
        """Return the next message that arrived, and acknowledge it."""
        assert self._arrivals is not None, "something has arrived"  # noqa: S101
        return self._arrivals.take()

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
                raise InvalidMessage(too_large(data, self.limits))
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
        packet_id, data = self.requests.subscribe(subscriptions, self.limits)
        self.outgoing.append(data)
        return packet_id

    def unsubscribe(self, topic_filters: tuple[str, ...]) -> int:
        """Write UNSUBSCRIBE; the answer comes under the returned packet identifier."""
        packet_id, data = self.requests.unsubscribe(topic_filters, self.limits)
        self.outgoing.append(data)
        return packet_id

    @property
    def answers(self) -> dict[int, tuple[int, ...]]:
        """The answers to SUBSCRIBE and UNSUBSCRIBE; whoever waits for one takes it out."""
        return self.requests.answers

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
