"""Python's cyclic garbage collector, kept from walking a fleet in which there is no garbage."""

import gc
from collections.abc import Iterator, Sized
from contextlib import contextmanager

import structlog
import trio
from attrs import define

log = structlog.get_logger()

PERIOD_S = 1.0
_THRESHOLDS = (2_000, 50, 10)
"""New objects before the collector looks at them, and such looks before it looks at those again.

Python's 700 are twenty devices. More garbage at a time would lie between what stays: memory that
is never given back.
"""
_STEP = 1_000
_GROWTH = 1.1
_SHRINKAGE = 0.1


@define(eq=False)
class Collector:
    """Freezes what stands (`gc.freeze`): the collector looks only at what came after.

    A device is thirty objects that live until it is deleted, and then reference counting frees all
    of them. The collector would walk them again and again: at 100,000 devices that doubles what a
    tick costs, and holds everything up for seconds (docs/explanation/performance.md).
    """

    fleet: Sized
    _stands: int = 0
    _most: int = 0

    async def run(self, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Look again and again until cancelled; then leave the process as it was found."""
        with _tamed():
            gc.disable()  # nothing that a start makes is garbage
            task_status.started()
            await trio.sleep(PERIOD_S)
            self._freeze(len(self.fleet))
            gc.enable()
            while True:
                await trio.sleep(PERIOD_S)
                self.look()

    def look(self) -> None:
        """Freeze after growth; once nine tenths of the fleet are gone, collect what they left."""
        devices = len(self.fleet)
        if devices >= max(self._stands + _STEP, self._stands * _GROWTH):
            self._freeze(devices)
        elif devices < self._most * _SHRINKAGE:
            gc.unfreeze()
            log.debug("the heap was collected", devices=devices, garbage=gc.collect())
            self._most = 0
            self._freeze(devices)
        self._stands = min(self._stands, devices)

    def _freeze(self, devices: int) -> None:
        # Without a collection before it, which would walk the fleet: what is garbage now is little.
        gc.freeze()
        self._stands, self._most = devices, max(self._most, devices)


@contextmanager
def _tamed() -> Iterator[None]:
    thresholds = gc.get_threshold()
    gc.set_threshold(*_THRESHOLDS)
    try:
        yield
    finally:
        gc.unfreeze()
        gc.set_threshold(*thresholds)
        gc.enable()
