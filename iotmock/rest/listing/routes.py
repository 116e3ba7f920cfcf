"""The route of the list of devices."""

from collections.abc import Iterator
from itertools import islice

from attrs import frozen
from quart import request

from iotmock.actors.devices.device import MockDevice
from iotmock.actors.system import System
from iotmock.rest.answers import Device
from iotmock.rest.http.links import links
from iotmock.rest.listing.query import DeviceQuery
from iotmock.rest.listing.selection import Selection
from iotmock.rest.listing.sparse import DeviceList, listed
from iotmock.rest.operation import Answer, Operation


@frozen
class DeviceListRoutes:
    """The fleet, a page at a time."""

    system: System

    def operations(self) -> Iterator[Operation]:
        """Yield the row of the table."""
        yield Operation(
            "GET", "/api/v1/devices", self.list_devices, DeviceList, query=DeviceQuery, pages=True
        )

    async def list_devices(self, query: DeviceQuery) -> Answer:
        """List devices, the oldest first or by a field.

        `Link` says where the first, previous, next and last page are.
        """
        page, total = await self._page(query)
        devices = [Device.of(device, self.system) for device in page]
        where = links(request.args, query.limit, query.offset, total)
        return Answer(listed(devices, query.fields, total), headers=where)

    async def _page(self, query: DeviceQuery) -> tuple[list[MockDevice], int]:
        supervisor, end = self.system.supervisor, query.offset + query.limit
        if isinstance(query.device_type, str):
            supervisor.catalogue.get(query.device_type)  # refuses a type that does not exist
        selection = Selection.of(query)
        if selection.is_all:
            return list(islice(supervisor, query.offset, end)), len(supervisor)
        return await selection.page(tuple(supervisor), query.offset, end)
