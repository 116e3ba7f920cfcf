"""SUBSCRIBE and UNSUBSCRIBE: what was asked, and what the broker answered."""

from attrs import define, field

from iotmock.mqtt.codec.encoder import encode
from iotmock.mqtt.codec.packets import (
    Protocol,
    SubAck,
    Subscribe,
    Subscription,
    UnsubAck,
    Unsubscribe,
)
from iotmock.mqtt.errors import InvalidMessage, ProtocolError
from iotmock.mqtt.session.limits import Limits, too_large
from iotmock.mqtt.session.session import Session


@define(eq=False)
class Requests:
    """The requests of one connection; `answers` are those that nobody has taken yet."""

    session: Session
    protocol: Protocol
    answers: dict[int, tuple[int, ...]] = field(factory=dict)
    _asked: dict[int, int] = field(factory=dict)
    """By packet identifier, how many codes the answer must have."""

    def subscribe(
        self, subscriptions: tuple[Subscription, ...], limits: Limits
    ) -> tuple[int, bytes]:
        """Return a packet identifier and the bytes of SUBSCRIBE.

        Raises:
            InvalidMessage: it can not be sent; nothing has changed.
        """
        packet_id = self._reserve(subscriptions)
        return packet_id, self._written(Subscribe(packet_id, subscriptions), limits)

    def unsubscribe(self, topic_filters: tuple[str, ...], limits: Limits) -> tuple[int, bytes]:
        """Return a packet identifier and the bytes of UNSUBSCRIBE; see `subscribe`."""
        packet_id = self._reserve(topic_filters)
        return packet_id, self._written(Unsubscribe(packet_id, topic_filters), limits)

    def _reserve(self, asked: tuple[object, ...]) -> int:
        if not asked:
            raise InvalidMessage("a request needs at least one topic filter")
        packet_id = self.session.reserve()
        self._asked[packet_id] = len(asked)
        return packet_id

    def _written(self, packet: Subscribe | Unsubscribe, limits: Limits) -> bytes:
        try:
            data = encode(packet, self.protocol)
            if len(data) > limits.largest:
                raise InvalidMessage(too_large(data, limits))
        except InvalidMessage:
            self.session.release(packet.packet_id)
            self.forget(packet.packet_id)
            raise
        return data

    def receive(self, packet: SubAck | UnsubAck) -> None:
        """Take an answer.

        Raises:
            ProtocolError: it answers nothing that was asked, or with another number of codes.
        """
        packet_id = packet.packet_id
        if not self.session.release(packet_id):
            raise ProtocolError(f"{type(packet).__name__} answers nothing that was asked")
        asked = self._asked.pop(packet_id, None)  # None: whoever asked has given up
        if asked is not None:
            if isinstance(packet, SubAck) and len(packet.reason_codes) != asked:
                raise ProtocolError(f"SUBACK has {len(packet.reason_codes)} codes for {asked}")
            self.answers[packet_id] = packet.reason_codes

    def forget(self, packet_id: int) -> None:
        """Note that nobody waits for this answer any more."""
        self._asked.pop(packet_id, None)
        self.answers.pop(packet_id, None)
