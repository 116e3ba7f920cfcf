"""What commands ask of a service; they hand on what it shows, also what they do not know."""

from collections.abc import Iterator
from typing import Any, TypeVar

from iotmock.client.commands.known import Device, DeviceList, KnownFields
from iotmock.client.place import Place
from iotmock.client.request import of_device
from iotmock.client.synchronous.client import Client

T = TypeVar("T")

LONGEST_PAGE = 1_000
"""Devices in one answer; the service gives no more."""


class Service(Client):
    """A service whose devices are mappings, with all of their fields."""

    def get(self, path: str, kind: type[T], **query: Any) -> T:
        """Return an answer to GET, read as `kind`; a `query` of None is left out."""
        given = {name: value for name, value in query.items() if value is not None}
        return self.ask("GET", path, kind, query=given)

    def post(self, path: str, kind: type[T], body: object) -> T:
        """Return an answer to POST, read as `kind`."""
        return self.ask("POST", path, kind, body=body)

    def shown(self, device_id: str) -> Device:
        """Return a device."""
        answer = self.answered("GET", of_device(device_id))
        self.read_as(answer, KnownFields)
        return self.read_as(answer, Device)

    def page(self, limit: int, offset: int, **query: str | None) -> DeviceList:
        """Return at most LONGEST_PAGE of the devices that match."""
        return self.get("api/v1/devices", DeviceList, limit=limit, offset=offset, **query)

    def all_shown(self, **query: str | None) -> Iterator[Device]:
        """Yield the devices that match."""
        offset = 0
        while True:
            page = self.page(LONGEST_PAGE, offset, **query)
            yield from page.devices
            offset += LONGEST_PAGE
            if not page.devices or offset >= page.total:
                return


def connected(place: Place) -> Service:
    """Return a service, to be used as a block; the first request connects.

    Raises:
        UnreachableError: the URL can not be one.
    """
    return Service(place.url, token=place.token)
