"""What a broker takes, and what a message becomes that it would not take as it is."""

from attrs import evolve, frozen
from msgspec.structs import replace

from iotmock.mqtt.codec.packets import Message
from iotmock.mqtt.codec.properties import Properties

_NO_LIMIT = 268_435_460


@frozen
class Limits:
    """The limits of one connection (MQTT 5.0, 3.2.2.3), and what was learnt without being told.

    `largest` is the largest packet in bytes.
    """

    maximum_qos: int = 2
    retain: bool = True
    largest: int = _NO_LIMIT
    topic_aliases: int = 0
    wildcards: bool = True

    @property
    def restricts(self) -> bool:
        """Whether a message may have to be lowered."""
        return self.maximum_qos < 2 or not self.retain

    def with_properties(self, said: Properties) -> "Limits":
        """Return the limits that hold once CONNACK has said these."""
        most = 2 if said.maximum_qos is None else said.maximum_qos
        return Limits(
            min(self.maximum_qos, most),
            self.retain and said.retain_available != 0,
            said.maximum_packet_size or _NO_LIMIT,
            said.topic_alias_maximum or 0,
            said.wildcard_subscription_available != 0,
        )

    def at_most(self, qos: int) -> "Limits":
        """Return the limits of a broker that has turned out to know no higher QoS."""
        return evolve(self, maximum_qos=min(qos, self.maximum_qos))

    def within(self, message: Message) -> Message:
        """Return a message at the highest QoS there is, and retained only where that is known."""
        retain = message.retain and self.retain
        if message.qos <= self.maximum_qos and message.retain == retain:
            return message
        return replace(message, qos=min(message.qos, self.maximum_qos), retain=retain)


NO_LIMITS = Limits()


def too_large(data: bytes, limits: Limits) -> str:
    """Return why a packet is not sent."""
    return f"{len(data)} bytes are over the broker's {limits.largest}"
