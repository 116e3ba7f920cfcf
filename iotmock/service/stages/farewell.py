"""The end of devices: each says goodbye, and what waits is delivered, within SHUTDOWN_TIMEOUT."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
import trio

from iotmock.actors.errors import WireDownError
from iotmock.actors.outbox.undelivered import undelivered
from iotmock.actors.system import System

log = structlog.get_logger()

_LAST_RESULTS_S = 2.0
"""How long an end waits for results of commands that are not saved yet."""


@asynccontextmanager
async def farewell(system: System, timeout_s: float) -> AsyncIterator[None]:
    """At the end of the block, end the devices and send what waits; say what stayed behind."""
    yield
    with trio.move_on_after(timeout_s):
        system.supervisor.close()
        with trio.move_on_after(timeout_s / 2) as patience:
            await system.supervisor.wait_ended()
        if patience.cancelled_caught:
            log.warning("devices or requests are not done at the end", waited_s=timeout_s / 2)
        system.supervisor.children.say_goodbye()
        with trio.move_on_after(_LAST_RESULTS_S):
            await system.registry.after_save.wait_empty()
            await system.ledger.after_save.wait_empty()
        try:
            await system.publisher.wait_drained()
        except WireDownError as error:
            log.warning("the broker is away at the end", reason=str(error))
    if facts := undelivered(system.publisher):
        log.warning("messages were not delivered", **facts)
