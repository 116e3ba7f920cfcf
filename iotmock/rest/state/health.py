"""The routes of the service's health: for people, and for orchestrators."""

from collections.abc import Iterator
from typing import Literal

import msgspec
import trio
from attrs import frozen
from werkzeug.exceptions import ServiceUnavailable

from iotmock.actors.system import System
from iotmock.rest.operation import Answer, Operation

LIVEZ = "/livez"


class Health(msgspec.Struct, frozen=True):
    """Whether all is well, and in `problems` what is not and what to do."""

    status: Literal["healthy", "degraded"]
    mqtt: Literal["connecting", "connected"]
    devices: int
    version: str
    problems: list[str]


class Probe(msgspec.Struct, frozen=True):
    """A probe's answer where all is well; otherwise it is a problem of status 503."""

    status: Literal["alive", "ready"]


@frozen
class HealthRoutes:
    """How the service is."""

    system: System
    version: str

    def operations(self) -> Iterator[Operation]:
        """Yield the rows of the table."""
        yield Operation("GET", "/health", self.get_health, Health, is_open=True)
        yield Operation("GET", LIVEZ, self.get_livez, Probe, is_open=True)
        yield Operation("GET", "/readyz", self.get_readyz, Probe, is_open=True)

    async def get_health(self) -> Answer:
        """Say whether the service is well, and what to do about what is not.

        200 whenever the actors run; `degraded` while messages are not delivered, are refused or
        not answered, while a part is not whole, or what is written can not be kept.
        """
        problems = list(self.system.health.problems())
        status: Literal["healthy", "degraded"] = "degraded" if problems else "healthy"
        devices = len(self.system.supervisor)
        state = self.system.links.statistics().state
        return Answer(Health(status, state, devices, self.version, problems))

    async def get_livez(self) -> Answer:
        """Say whether the event loop and the actors run; 503 calls for a restart."""
        await self._check_alive()
        return Answer(Probe("alive"))

    async def get_readyz(self) -> Answer:
        """Say whether requests are served: started, not ending, alive; a broker may be missing."""
        await self._check_alive()
        return Answer(Probe("ready"))

    async def _check_alive(self) -> None:
        # After the whole process was held, everyone has a turn before anyone is called dead.
        await trio.lowlevel.checkpoint()
        if not self.system.health.alive:
            raise ServiceUnavailable("an actor has not moved on for a long time")
