"""The actors of one service, together: what REST and the soak runner talk to."""

from attrs import frozen

from iotmock.actors.clock import Clock
from iotmock.actors.command_router import CommandRouter
from iotmock.actors.fault_router import FaultRouter
from iotmock.actors.ledger import Ledger
from iotmock.actors.link import Link
from iotmock.actors.pacer import Pacer
from iotmock.actors.platform_mirror import PlatformMirror
from iotmock.actors.publisher import Publisher
from iotmock.actors.registry_writer import RegistryWriter
from iotmock.actors.supervisor import Supervisor


@frozen
class System:
    """Every actor of a running service."""

    clock: Clock
    registry: RegistryWriter
    publisher: Publisher
    pacer: Pacer
    supervisor: Supervisor
    router: CommandRouter
    mirror: PlatformMirror
    link: Link
    ledger: Ledger
    faults: FaultRouter
