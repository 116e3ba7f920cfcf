"""Previews, worked out between the turns of others: a long one takes most of a second of CPU."""

from itertools import islice

import trio
from attrs import field, frozen

from iotmock.actors.system import System
from iotmock.model.operations.preview import ahead
from iotmock.model.reading import Reading
from iotmock.model.spec import InvalidFieldError

_LONGEST = 5_000
_SLICE = 25
"""Readings between two turns of the others: a millisecond or two."""


@frozen
class Previews:
    """One is worked out at a time, so that many take no more of the CPU than one."""

    system: System
    _turn: trio.CapacityLimiter = field(factory=lambda: trio.CapacityLimiter(1))

    async def of(self, device_id: str, hours: float, step_s: float) -> list[Reading]:
        """Return the readings of the coming hours.

        Raises:
            UnknownDeviceError: there is no such device.
            InvalidFieldError: they are too many.
        """
        self.system.supervisor.get(device_id)
        if hours * 3600.0 / step_s > _LONGEST:
            raise InvalidFieldError(
                "step", f"hours and step give more than {_LONGEST} readings; widen step"
            )
        async with self._turn:
            return await self._ahead(device_id, hours, step_s)

    async def _ahead(self, device_id: str, hours: float, step_s: float) -> list[Reading]:
        device, now = self.system.supervisor.get(device_id), self.system.clock.now()
        coming, readings = ahead(device.model, now, hours, step_s), list[Reading]()
        while some := list(islice(coming, _SLICE)):
            readings += some
            await trio.lowlevel.checkpoint()
        return readings
