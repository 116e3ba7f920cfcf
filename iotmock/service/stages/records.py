"""The writers of both files, and what they still write at the end."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import structlog
import trio

from iotmock.actors.records.drifting import Drifting
from iotmock.actors.records.trimmer import Trimmer
from iotmock.actors.system import System
from iotmock.model.faults.notes import Closed
from iotmock.service.stages.tasks import background
from iotmock.settings.settings import Settings
from iotmock.storage import FaultLedger

log = structlog.get_logger()

_LAST_WRITE_S = 10.0
_NOT_LAST = "the last counters were not saved: the next life goes on from their reserves"
_LOST = "the state file is lost: the next life has what is in its place, and not these devices"


@asynccontextmanager
async def writing(system: System) -> AsyncIterator[None]:
    """Keep the registry file written; at the end, write the last counters."""
    counters, registry = system.supervisor.counters, system.registry
    drifting = Drifting(system.supervisor.children.drifting, registry.note)
    try:
        async with background(partial(registry.run, counters)), background(drifting.run):
            yield
    finally:
        drifting.note_all()
        with trio.move_on_after(_LAST_WRITE_S, shield=True):
            await registry.write_now(counters, closes=True)
        if reason := registry.failing:
            log.error(_LOST if registry.lost else _NOT_LAST, reason=reason)


@asynccontextmanager
async def noting(system: System, settings: Settings, file: FaultLedger) -> AsyncIterator[None]:
    """Keep the fault ledger written and trimmed, and go on with the faults that it has open."""
    trimmer = Trimmer(file, system.clock.now, settings.fault_ledger_days)
    orphans = system.faults.resume(file.open_faults())
    now = system.clock.now()
    system.ledger.tell([Closed(orphan.injection, now) for orphan in orphans])
    try:
        async with background(system.ledger.run), background(trimmer.run):
            yield
    finally:
        with trio.move_on_after(_LAST_WRITE_S, shield=True):
            await system.ledger.write_now()
        if waiting := system.ledger.waiting:
            log.error("notes of the fault ledger were not written", notes=waiting)
