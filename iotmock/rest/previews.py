"""The route of previews: worked out between the turns of others, however long they are."""

from collections.abc import Iterator
from itertools import islice

import trio
from attrs import field, frozen

from iotmock.actors.system import System
from iotmock.model.operations.preview import ahead
from iotmock.model.reading import Reading
from iotmock.model.spec import InvalidFieldError
from iotmock.rest.answers import Preview
from iotmock.rest.operation import Answer, Operation
from iotmock.rest.requests import PreviewQuery

_PATH = "/api/v1/devices/<device_id>/preview"
_LONGEST = 5_000
_SLICE = 25
"""Readings between two turns of the others: a millisecond or two."""


@frozen
class PreviewRoutes:
    """What devices will look like."""

    system: System
    _one: trio.CapacityLimiter = field(factory=lambda: trio.CapacityLimiter(1))
    """A long one takes most of a second of CPU: many share what one may take."""

    def operations(self) -> Iterator[Operation]:
        """Yield the row of the table."""
        yield Operation("GET", _PATH, self.preview, Preview, query=PreviewQuery)

    async def preview(self, device_id: str, query: PreviewQuery) -> Answer:
        """See what this device will look like, computed on a copy."""
        self.system.supervisor.get(device_id)
        if query.hours * 3600.0 / query.step > _LONGEST:
            raise InvalidFieldError(
                "step", f"hours and step give more than {_LONGEST} readings; widen step"
            )
        async with self._one:
            return Answer(Preview(await self._ahead(device_id, query)))

    async def _ahead(self, device_id: str, query: PreviewQuery) -> list[Reading]:
        # A thread would look at sites while they move on.
        device, now = self.system.supervisor.get(device_id), self.system.clock.now()
        coming, readings = ahead(device.model, now, query.hours, query.step), list[Reading]()
        while some := list(islice(coming, _SLICE)):
            readings += some
            await trio.lowlevel.checkpoint()
        return readings
