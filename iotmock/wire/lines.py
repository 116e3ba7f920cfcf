"""A connection for each device: what all of them share."""

from collections.abc import Sequence

from attrs import define, field

from iotmock.actors.ports.dialect import Dialect
from iotmock.actors.ports.wire import Terms
from iotmock.mqtt import Session
from iotmock.mqtt.lines.watch import Watch
from iotmock.wire.broker.approach import Approach
from iotmock.wire.broker.terms import BrokerTerms
from iotmock.wire.endpoint import Endpoint
from iotmock.wire.line import MqttLine
from iotmock.wire.shared import MqttWire
from iotmock.wire.stamping import Stamping


@define(eq=False)
class MqttLines:
    """See `LineWire` of the actors' ports: the lines of all devices, and their counts.

    acknowledged + refused + outdated + in_flight are all that lines have taken. At QoS 0 a message
    counts as acknowledged once the network has it.
    """

    service: MqttWire
    """The connection of the service itself."""
    endpoint: Endpoint
    window: int = 500
    acknowledged: int = 0
    refused: int = 0
    outdated: int = 0
    in_flight: int = 0
    watch: Watch[MqttLine] = field(factory=Watch)
    stamping: Stamping | None = field(init=False)
    """How data messages are stamped; as on the service's connection, and nearer to each message."""

    def __attrs_post_init__(self) -> None:
        self.stamping = self.service.stamping

    @property
    def address(self) -> str:
        """See `LineWire.address`."""
        return self.service.address

    @property
    def broker(self) -> BrokerTerms:
        """What the broker takes, and what it has refused."""
        return self.service.broker

    @property
    def terms(self) -> Terms:
        """See `LineWire.terms`."""
        return self.broker.now()

    @property
    def dialect(self) -> Dialect:
        """What devices understand."""
        return self.service.dialect

    def line(self, device_id: str) -> MqttLine:
        """See `LineWire.line`."""
        session = Session(window=self.window)
        session.on_notes = self.broker.note
        if self.stamping is not None:
            session.on_taken = self.stamping.note_taken
        return MqttLine(device_id, self, session, Approach(device_id, self.broker))

    async def wait_ready(self) -> Sequence[MqttLine]:
        """See `LineWire.wait_ready`."""
        return await self.watch.wait()

    def close(self) -> None:
        """See `LineWire.close`."""
        self.watch.close()
