"""The actors of one service, together: what REST and the soak runner talk to."""

from attrs import field, frozen

from iotmock.actors.devices.supervisor import Supervisor
from iotmock.actors.fleets.fleets import Fleets
from iotmock.actors.health import Health
from iotmock.actors.journal import Journal
from iotmock.actors.links.delivery import Delivery
from iotmock.actors.links.links import Links
from iotmock.actors.outbox.carrier import Carrier
from iotmock.actors.records.ledger import Ledger
from iotmock.actors.records.registry_writer import RegistryWriter
from iotmock.actors.routers.command_router import CommandRouter
from iotmock.actors.routers.fault_router import FaultRouter
from iotmock.actors.routers.platform_mirror import PlatformMirror
from iotmock.actors.stream.hub import Hub
from iotmock.actors.summary.summaries import Summaries
from iotmock.actors.time.clock import Clock
from iotmock.actors.time.pacer import Pacer


@frozen
class System:
    """Every actor of a running service."""

    clock: Clock
    registry: RegistryWriter
    publisher: Carrier
    pacer: Pacer
    supervisor: Supervisor
    router: CommandRouter
    mirror: PlatformMirror
    links: Links
    ledger: Ledger
    faults: FaultRouter
    fleets: Fleets
    delivery: Delivery
    health: Health
    journal: Journal = field(factory=Journal)
    summaries: Summaries = field(init=False)

    def __attrs_post_init__(self) -> None:
        parts = self.pacer, self.publisher, self.supervisor, self.links, self.ledger, self.health
        object.__setattr__(self, "summaries", Summaries(*parts))

    @property
    def hub(self) -> Hub:
        """Where all that happens comes together."""
        return self.supervisor.around.hub
