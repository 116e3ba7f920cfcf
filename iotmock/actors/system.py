"""The actors of one service, together: what REST and the soak runner talk to."""

from attrs import field, frozen

from iotmock.actors.carrier import Carrier
from iotmock.actors.clock import Clock
from iotmock.actors.command_router import CommandRouter
from iotmock.actors.delivery import Delivery
from iotmock.actors.fault_router import FaultRouter
from iotmock.actors.fleets import Fleets
from iotmock.actors.health import Health
from iotmock.actors.journal import Journal
from iotmock.actors.ledger import Ledger
from iotmock.actors.links import Links
from iotmock.actors.pacer import Pacer
from iotmock.actors.platform_mirror import PlatformMirror
from iotmock.actors.registry_writer import RegistryWriter
from iotmock.actors.supervisor import Supervisor


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
