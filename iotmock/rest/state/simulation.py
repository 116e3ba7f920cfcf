"""The routes of the simulation as a whole."""

from collections.abc import Iterator

import msgspec
from attrs import frozen

from iotmock.actors.devices.supervisor import Supervisor
from iotmock.actors.routers.command_router import RouterStatistics
from iotmock.actors.routers.platform_mirror import MirrorStatistics
from iotmock.actors.summary.broker_state import BrokerState
from iotmock.actors.system import System
from iotmock.actors.time.clock import Speed
from iotmock.actors.time.punctuality import PacerStatistics
from iotmock.model.timestamp import rfc3339
from iotmock.rest.answers import Timestamp
from iotmock.rest.operation import Answer, Operation
from iotmock.rest.requests import NewSpeed, check_speed

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


class MessageCounts(msgspec.Struct, frozen=True):
    """Outgoing messages: accepted = acknowledged + refused + waiting + dropped + superseded.

    `backlog` is the part of `waiting` that has not been written to the broker yet.
    And what came in: commands over MQTT, events of the platform, and how many of both were dropped
    because they came at QoS 0 and faster than they were read.
    """

    accepted: int
    acknowledged: int
    refused: int
    waiting: int
    backlog: int
    dropped: int
    superseded: int
    commands: RouterStatistics
    platform_events: MirrorStatistics
    incoming_dropped: int

    @classmethod
    def of(cls, system: System) -> "MessageCounts":
        """Return the counts of now."""
        out = system.publisher.statistics()
        return cls(
            accepted=out.accepted,
            acknowledged=out.acknowledged,
            refused=out.refused,
            waiting=out.waiting,
            backlog=out.backlog,
            dropped=out.dropped,
            superseded=out.superseded,
            commands=system.router.statistics,
            platform_events=system.mirror.statistics,
            incoming_dropped=system.links.statistics().incoming_dropped,
        )


class SimulationStatus(msgspec.Struct, frozen=True):
    """The simulation as it stands. `since` is when it was started or stopped, `now` its time.

    `makes_history` says that it catches up with the time of day.

    `overloaded`: the machine is too small for the fleet; in the last half minute to minute more
    than 1 % of the ticks were joined with a later one, or came later than half their interval.
    """

    running: bool
    devices: DeviceCounts
    interval: float
    speed: Speed
    now: Timestamp
    makes_history: bool
    mqtt: BrokerState
    messages: MessageCounts
    ticks: PacerStatistics
    overloaded: bool
    since: Timestamp


@frozen
class SimulationRoutes:
    """The fleet as a whole."""

    system: System

    def operations(self) -> Iterator[Operation]:
        """Yield the rows of the table."""
        start, stop = self.start_simulation, self.stop_simulation
        yield Operation("GET", _STATUS, self.get_simulation_status, SimulationStatus)
        yield Operation("POST", "/api/v1/simulation/start", start, SimulationStatus)
        yield Operation("POST", "/api/v1/simulation/stop", stop, SimulationStatus)
        yield Operation(
            "POST",
            "/api/v1/simulation/speed",
            self.set_speed,
            SimulationStatus,
            body=NewSpeed,
            check=check_speed,
        )
        yield Operation("POST", "/api/v1/simulation/resync", self.resync, SimulationStatus)

    async def get_simulation_status(self) -> Answer:
        """Get the state and the counts of the simulation."""
        pacer = self.system.pacer
        status = SimulationStatus(
            running=pacer.running,
            devices=DeviceCounts.of(self.system.supervisor),
            interval=pacer.interval,
            speed=pacer.clock.pace,
            now=rfc3339(pacer.clock.now()),
            makes_history=pacer.clock.catches_up,
            mqtt=BrokerState.of(self.system.links.statistics()),
            messages=MessageCounts.of(self.system),
            ticks=pacer.statistics(),
            overloaded=pacer.counts.overloaded,
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

    async def set_speed(self, body: NewSpeed) -> Answer:
        """Let simulated time go on at another speed; while history is made, afterwards."""
        speed = body.speed if body.speed == "step" else body.speed + 0.0  # -0.0 is 0.0
        await self.system.pacer.set_speed(speed)
        return await self.get_simulation_status()

    async def resync(self) -> Answer:
        """Let simulated time go on from the time of day; history that is being made ends."""
        await self.system.pacer.resync()
        return await self.get_simulation_status()
