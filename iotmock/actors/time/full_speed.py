"""What holds a pacer back at full speed, so that nothing is lost: devices, wire and registry."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Protocol

import trio
from attrs import define

from iotmock.actors.outbox.carrier import Carrier
from iotmock.actors.records.registry_writer import RESERVED_S
from iotmock.actors.time.clock import Clock

_TURNS = 50
_FASTER = 2.0
_SHARE = 0.5


class Ticked(Protocol):
    """What must be known of a device."""

    tick_waits: bool


@define(eq=False)
class FullSpeed:
    """Says when time may move on.

    When devices have used what they were given, the backlog is not half full, and every counter's
    reserve on disk covers what is to come.
    """

    clock: Clock
    publisher: Carrier
    save_counters: Callable[[], Awaitable[None]]
    _reserved_to: float = -float("inf")
    _saved_at: float = 0.0
    _saved_now: float = 0.0

    async def wait_for(self, devices: Iterable[Ticked]) -> None:
        """Wait until these devices have used their ticks; one that is being restarted is left."""
        waiting = list(devices)
        for _ in range(_TURNS):
            await trio.lowlevel.checkpoint()
            waiting = [device for device in waiting if device.tick_waits]
            if not waiting:
                break
        await self.publisher.wait_room(_SHARE)

    async def reserve(self, due: float) -> None:
        """See to it that a kill after `due` could take no counter back."""
        if due <= self._reserved_to:
            return
        self._learn_rate(due)
        await self.save()

    async def save(self) -> None:
        """Save the counters, with reserves for time as it runs now."""
        await self.save_counters()
        self._saved_at, self._saved_now = trio.current_time(), self.clock.now()
        self._reserved_to = self.clock.now() + self.clock.span(RESERVED_S)

    def _learn_rate(self, due: float) -> None:
        elapsed = trio.current_time() - self._saved_at
        if self._reserved_to > 0.0 and elapsed > 0.0:
            self.clock.rate = _FASTER * (self.clock.now() - self._saved_now) / elapsed
        self.clock.rate = max(self.clock.rate, due - self.clock.now(), 1.0)
