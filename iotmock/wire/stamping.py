"""Stamps on data messages, so that each can be accounted for (docs/explanation/verification.md)."""

import time
from collections import Counter
from collections.abc import Sequence

from attrs import define, field

from iotmock.actors.errors import WireDownError
from iotmock.actors.messages import Outgoing
from iotmock.mqtt import V5, Message, Protocol
from iotmock.mqtt.codec.properties import user_property
from iotmock.verification.latency import Latency
from iotmock.verification.stamp import LONGEST, PROPERTY, Stamper

_HEADS = [user_property(PROPERTY) + size.to_bytes(2, "big") for size in range(LONGEST + 1)]
"""What stands before a stamp, by its length."""


@define(eq=False)
class Stamping:
    """How data messages are stamped: as JSON, or as an MQTT 5 user property."""

    stamper: Stamper
    in_json: bool
    acknowledged: Latency = field(factory=Latency)
    """From when a message was due until the broker took it."""

    def begin(self) -> None:
        """Note that a batch goes out now."""
        self.stamper.begin(time.time())

    def message(self, outgoing: Outgoing, qos: int, *, retain: bool = False) -> Message:
        """Return a data message with its stamp."""
        topic, payload, stamp = outgoing.topic, outgoing.payload, outgoing.stamp
        assert stamp is not None, "only what has a stamp comes here"  # noqa: S101
        if self.in_json:
            stamped = self.stamper.with_field(stamp, payload)
            return Message(topic, stamped, qos, retain, due=stamp.due)
        text = self.stamper.text(stamp, payload)
        return Message(topic, payload, qos, retain, written=_HEADS[len(text)] + text, due=stamp.due)

    def note_taken(self, messages: Sequence[Message]) -> None:
        """Record how long data messages took until their PUBACKs, which came in one read."""
        now = time.time()
        for due, count in Counter([message.due for message in messages]).items():
            if due:
                due_of_day = self.stamper.of_day(due)
                self.acknowledged.record(int((now - due_of_day) * 1e6), count)

    def check(self, protocol: Protocol) -> None:
        """Check that the stamps arrive.

        Raises:
            WireDownError: the broker speaks no MQTT 5, which alone knows user properties.
        """
        if not self.in_json and protocol != V5:
            raise WireDownError(
                "MQTT_STAMP=properties needs MQTT 5, which the broker does not speak; "
                "use MQTT_STAMP=json"
            )
