"""How one device connects, by what its earlier attempts have shown."""

import structlog
from attrs import define, field

from iotmock.actors.ports.dialect import Entry
from iotmock.mqtt import ConnectOptions, InvalidMessage, MqttError, SubscribeRefused, Subscription
from iotmock.mqtt.connection.connection import Connection
from iotmock.wire.broker.doubt import Doubt
from iotmock.wire.broker.hearing import SUBSCRIPTION_GIVEN_UP, subscriptions_of
from iotmock.wire.broker.strikes import Strikes
from iotmock.wire.broker.terms import BrokerTerms

log = structlog.get_logger()


@define(eq=False)
class Approach:
    """What a line remembers from one attempt to the next."""

    device_id: str
    broker: BrokerTerms
    resumes: bool = False
    _doubt: Doubt | None = None
    """Only while CONNECT is refused without a reason."""
    _strikes: Strikes = field(factory=Strikes)
    """Of the subscription to the device's commands."""

    def options(self, options: ConnectOptions) -> ConnectOptions:
        """Return how to connect, with a will that the broker may take."""
        return self.broker.options(options if self._doubt is None else self._doubt.lowered(options))

    def subscriptions(self, entry: Entry) -> tuple[Subscription, ...]:
        """Return what to subscribe to; nothing when the broker does not let it."""
        return () if self._strikes.out else subscriptions_of(entry)

    def note_up(self) -> None:
        """Note that the connection stands.

        Raises:
            WireDownError: whether it does for a lesser will must be tried once more.
        """
        self.resumes = True
        if not self._strikes.out:
            self._strikes.clear()
        if self._doubt is not None:
            self.broker.note_accepted(self._doubt)
            self._doubt = None

    def note_failure(self, connection: Connection, error: MqttError, entry: Entry) -> None:
        """Learn from a connection that did not come about."""
        if connection.connack is None:
            self.broker.note_refusal(error)
            self._doubt = self._doubt or Doubt()
            self._doubt.note_failure(error, connection.protocol)
            return
        if isinstance(error, SubscribeRefused | InvalidMessage):
            self._strikes.put_out()
        else:
            self._strikes.add()
        if self._strikes.out:
            log.warning(SUBSCRIPTION_GIVEN_UP, filter=", ".join(entry.filters), reason=str(error))
