"""The link: keeps a connection to the broker up, for ever, and says so in the log."""

import random
from math import inf
from typing import Literal

import structlog
import trio
from attrs import define, field

from iotmock.actors.command_router import CommandRouter
from iotmock.actors.errors import WireDownError, leaves
from iotmock.actors.messages import IncomingCommand
from iotmock.actors.platform_mirror import PlatformMirror
from iotmock.actors.ports import Connection, Wire
from iotmock.actors.publisher import Publisher

log = structlog.get_logger()

FIRST_DELAY_S = 0.5
LONGEST_DELAY_S = 30.0
_SAME_COMPLAINT_S = 60.0
_STEADY_S = 5.0
"""A connection that lasted this long makes the next delay a short one again."""


@define(eq=False)
class Link:
    """Connects, announces the fleet, pumps the publisher and routes what arrives; again and again.

    Delays are exponential with full jitter (Brooker, "Exponential backoff and jitter", 2015).
    """

    wire: Wire
    publisher: Publisher
    router: CommandRouter
    mirror: PlatformMirror
    state: Literal["connecting", "connected"] = "connecting"
    last_error: str | None = None
    connects: int = 0
    _failures: int = 0
    _up_since: float = 0.0
    _complained: dict[str, float] = field(factory=dict)

    async def run(self, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Keep the connection up until cancelled; started with the first attempt's outcome."""
        first_attempt = task_status
        while True:
            try:
                async with self.wire.connect() as connection:
                    self._note_up()
                    first_attempt.started()
                    first_attempt = trio.TASK_STATUS_IGNORED
                    await self._serve(connection)
            except* WireDownError as group:
                self._note_down(next(leaves(group)))
            first_attempt.started()
            first_attempt = trio.TASK_STATUS_IGNORED
            await trio.sleep(self._delay())

    async def _serve(self, connection: Connection) -> None:
        await self.router.supervisor.announce()
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self.publisher.pump, connection)
            await self._route(connection)

    async def _route(self, connection: Connection) -> None:
        async for message in connection.incoming():
            if isinstance(message, IncomingCommand):
                await self.publisher.wait_room()
                self.router.route(message)
            else:
                await self.mirror.tell(message)

    def _note_up(self) -> None:
        self.state, self.last_error = "connected", None
        self.connects += 1
        self._up_since = trio.current_time()
        self._complained.clear()
        log.info("connected to the broker", broker=self.wire.address)

    def _note_down(self, error: WireDownError) -> None:
        if self.state == "connected" and trio.current_time() - self._up_since > _STEADY_S:
            self._failures = 0
        self.state, self.last_error = "connecting", str(error)
        self._failures += 1
        now = trio.current_time()
        if now - self._complained.get(str(error), -inf) >= _SAME_COMPLAINT_S:
            self._complained[str(error)] = now
            log.warning("no connection to the broker; will keep trying", reason=str(error))

    def _delay(self) -> float:
        ceiling = min(LONGEST_DELAY_S, FIRST_DELAY_S * 2.0 ** min(self._failures - 1, 10))
        return random.uniform(0.0, ceiling)  # noqa: S311
