"""From a query to the devices it asks for, without holding up the others."""

from collections.abc import Callable, Iterator, Sequence

import trio
from attrs import frozen
from msgspec import UNSET

from iotmock.actors.devices.device import MockDevice
from iotmock.rest.listing.order import Order
from iotmock.rest.listing.query import DeviceQuery

_WALK = 5_000
"""Devices that are looked at between two turns of the others: a few milliseconds."""

Condition = Callable[[MockDevice], bool]


@frozen
class Selection:
    """What a page consists of: the devices that meet all conditions, in an order."""

    conditions: Sequence[Condition]
    order: Order | None

    @classmethod
    def of(cls, query: DeviceQuery) -> "Selection":
        """Return what a query asks for."""
        order = None if query.sort is UNSET else Order.of(query.sort)
        return cls(tuple(_conditions(query)), order)

    @property
    def is_all(self) -> bool:
        """Whether it is the fleet as it stands: the usual question, which must cost no walk."""
        return not self.conditions and self.order is None

    async def page(
        self, devices: Sequence[MockDevice], offset: int, end: int
    ) -> tuple[list[MockDevice], int]:
        """Return the devices from `offset` to `end`, and how many there are in all."""
        found, total = list[MockDevice](), 0
        for begin in range(0, len(devices), _WALK):
            matching = self._matching(devices[begin : begin + _WALK])
            total += len(matching)
            found = self._joined(found, matching, end)
            await trio.lowlevel.checkpoint()
        return found[offset:], total

    def _matching(self, devices: Sequence[MockDevice]) -> list[MockDevice]:
        left = list(devices)
        for condition in self.conditions:
            left = list(filter(condition, left))
        return left

    def _joined(
        self, found: list[MockDevice], more: list[MockDevice], most: int
    ) -> list[MockDevice]:
        if self.order is not None:
            return self.order.first(found, more, most)
        return found + more[: most - len(found)]


def _conditions(query: DeviceQuery) -> Iterator[Condition]:
    kind, status, location = query.device_type, query.status, query.location
    if kind is not UNSET:
        yield lambda device: device.model.spec.device_type == kind
    if location is not UNSET:
        yield lambda device: device.model.spec.location == location
    if query.id_prefix is not UNSET:
        prefix = query.id_prefix
        yield lambda device: device.model.spec.device_id.startswith(prefix)
    if query.name is not UNSET:
        part = query.name.casefold()
        yield lambda device: part in device.model.spec.name.casefold()
    if status is not UNSET:
        yield lambda device: device.model.status == status
