"""What every device of a service shares."""

from attrs import define, field

from iotmock.actors.outbox.carrier import Carrier
from iotmock.actors.ports.dialect import Dialect
from iotmock.actors.records.ledger import Ledger
from iotmock.actors.records.registry_writer import RegistryWriter
from iotmock.actors.stream.hub import Hub
from iotmock.actors.stream.tap import Tell
from iotmock.actors.time.clock import Clock
from iotmock.actors.time.pacer import Pacer
from iotmock.model.measures.full_meters import FullMeters
from iotmock.verification.stamp import Numbering


@define(eq=False)
class Surroundings:
    """What every device of a service shares: where it sends to, and the clock for its answers.

    With a `numbering` its data messages are stamped.
    """

    clock: Clock
    publisher: Carrier
    registry: RegistryWriter
    pacer: Pacer
    ledger: Ledger
    announces_faults: bool = False
    numbering: Numbering | None = None
    hub: Hub = field(factory=Hub)
    dialect: Dialect = field(kw_only=True)
    full: FullMeters = field(factory=FullMeters, kw_only=True)
    """Who measures more where that is asked for."""
    send: Tell = field(init=False)
    """Takes readings: the publisher, or who listens before it does."""

    def __attrs_post_init__(self) -> None:
        self.send = self.publisher.tell
        self.hub.tap.fit(self)
