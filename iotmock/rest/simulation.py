"""The routes of the simulation as a whole, and of the service's health."""

from collections.abc import Iterator
from typing import Literal

import msgspec
from attrs import frozen

from iotmock.actors.command_router import RouterStatistics
from iotmock.actors.link import Link
from iotmock.actors.pacer import PacerStatistics
from iotmock.actors.platform_mirror import MirrorStatistics
from iotmock.actors.supervisor import Supervisor
from iotmock.actors.system import System
from iotmock.model.timestamp import rfc3339
from iotmock.rest.answers import Timestamp
from iotmock.rest.operation import Answer, Operation

_Link = Literal["connecting", "connected"]
_STATUS = "/api/v1/simulation/status"


class DeviceCounts(msgspec.Struct, frozen=True):
    """How many devices there are, and how many of them are so."""

    total: int
    online: int
    enabled: int
    error: int

    @classmethod
    def of(cls, supervisor: Supervisor) -> "DeviceCounts":
        """Count the fleet."""
        statuses = [device.model.status for device in supervisor]
        enabled = sum(device.model.enabled for device in supervisor)
        return cls(len(statuses), statuses.count("online"), enabled, statuses.count("error"))


class BrokerState(msgspec.Struct, frozen=True):
    """The connection to the broker."""

    connected: bool
    state: _Link
    broker: str
    connects: int
    last_error: str | None

    @classmethod
    def of(cls, link: Link) -> "BrokerState":
        """Return the state of now."""
        connected = link.state == "connected"
        return cls(connected, link.state, link.wire.address, link.connects, link.last_error)


class MessageCounts(msgspec.Struct, frozen=True):
    """Outgoing messages: accepted = acknowledged + refused + waiting + dropped + superseded.

    And what came in: commands over MQTT, and events of the platform.
    """

    accepted: int
    acknowledged: int
    refused: int
    waiting: int
    dropped: int
    superseded: int
    commands: RouterStatistics
    platform_events: MirrorStatistics

    @classmethod
    def of(cls, system: System) -> "MessageCounts":
        """Return the counts of now."""
        out = system.publisher.statistics()
        return cls(
            accepted=out.accepted,
            acknowledged=out.acknowledged,
            refused=out.refused,
            waiting=out.waiting,
            dropped=out.dropped,
            superseded=out.superseded,
            commands=system.router.statistics,
            platform_events=system.mirror.statistics,
        )


class SimulationStatus(msgspec.Struct, frozen=True):
    """The simulation as it stands. `since` is when it was started or stopped."""

    running: bool
    devices: DeviceCounts
    interval: float
    mqtt: BrokerState
    messages: MessageCounts
    ticks: PacerStatistics
    since: Timestamp


class Health(msgspec.Struct, frozen=True):
    """Whether all is well, and in `problems` what is not."""

    status: Literal["healthy", "degraded"]
    mqtt: _Link
    devices: int
    version: str
    problems: list[str]


@frozen
class SimulationRoutes:
    """The fleet as a whole."""

    system: System
    version: str

    def operations(self) -> Iterator[Operation]:
        """Yield the rows of the table."""
        start, stop = self.start_simulation, self.stop_simulation
        yield Operation("GET", _STATUS, self.get_simulation_status, SimulationStatus)
        yield Operation("POST", "/api/v1/simulation/start", start, SimulationStatus)
        yield Operation("POST", "/api/v1/simulation/stop", stop, SimulationStatus)
        yield Operation("GET", "/health", self.get_health, Health)

    async def get_simulation_status(self) -> Answer:
        """Get the state and the counts of the simulation."""
        pacer = self.system.pacer
        status = SimulationStatus(
            running=pacer.running,
            devices=DeviceCounts.of(self.system.supervisor),
            interval=pacer.interval,
            mqtt=BrokerState.of(self.system.link),
            messages=MessageCounts.of(self.system),
            ticks=pacer.statistics(),
            since=rfc3339(pacer.since),
        )
        return Answer(status)

    async def start_simulation(self) -> Answer:
        """Let simulated time go on; no error when it runs already."""
        self.system.pacer.start()
        return await self.get_simulation_status()

    async def stop_simulation(self) -> Answer:
        """Stop simulated time; no error when it is stopped already."""
        self.system.pacer.stop()
        return await self.get_simulation_status()

    async def get_health(self) -> Answer:
        """Say whether the service is well; degraded is still 200."""
        problems = list(self._problems())
        status: Literal["healthy", "degraded"] = "degraded" if problems else "healthy"
        devices = len(self.system.supervisor)
        return Answer(Health(status, self.system.link.state, devices, self.version, problems))

    def _problems(self) -> Iterator[str]:
        link, registry = self.system.link, self.system.registry
        if link.state != "connected":
            reason = link.last_error or "not tried yet"
            yield f"no connection to the broker {link.wire.address}: {reason}"
        if registry.failing is not None:
            yield f"the state file can not be written: {registry.failing}"
        if self.system.ledger.failing is not None:
            yield f"the fault ledger can not be written: {self.system.ledger.failing}"
        if self.system.ledger.unnoted:
            yield f"the fault ledger left out {self.system.ledger.unnoted} affected messages"
