"""Which devices a command is for: one by its id, or many by a pattern, a type, a location."""

import re
from fnmatch import fnmatchcase

from attrs import frozen

from iotmock.client.answers import Device
from iotmock.client.errors import RefusedError
from iotmock.client.service import Service

_SIGNS = re.compile(r"[*?[]")
"""What no id has, and a pattern of fnmatch has."""
ALL = "*"


@frozen
class Choice:
    """Ids or patterns, of which a device must meet one, and what it must be beside that."""

    patterns: tuple[str, ...] = ()
    device_type: str | None = None
    location: str | None = None
    name: str | None = None
    status: str | None = None

    @property
    def single(self) -> str | None:
        """The id, if there can be no other device."""
        ids = self.plain_ids
        return ids[0] if len(ids) == 1 and not self.narrows else None

    @property
    def plain_ids(self) -> tuple[str, ...]:
        """The ids, if they are no patterns."""
        return () if any(map(_SIGNS.search, self.patterns)) else self.patterns

    @property
    def narrows(self) -> bool:
        """Whether ids alone do not say who is meant."""
        told = (self.device_type, self.location, self.name, self.status)
        return any(one is not None for one in told)

    @property
    def is_every(self) -> bool:
        """Whether the ids leave nobody out."""
        return not self.patterns or ALL in self.patterns

    def takes_id(self, device_id: str) -> bool:
        """Return whether a device may be meant, by its id."""
        return self.is_every or any(fnmatchcase(device_id, one) for one in self.patterns)

    def takes(self, device: Device) -> bool:
        """Return whether a device is meant."""
        return (
            self.takes_id(str(device.get("device_id")))
            and self.location in {None, device.get("location")}
            and (self.name is None or self.name.lower() in str(device.get("name")).lower())
        )

    def find(self, service: Service) -> list[Device]:
        """Return the devices that are meant, in the service's order.

        Raises:
            RefusedError, UnreachableError: see `Service`.
        """
        everyone = service.every_device(device_type=self.device_type, status=self.status)
        return [device for device in everyone if self.takes(device)]

    def ids(self, service: Service) -> list[str]:
        """Return the ids of those that are meant, which are some.

        Raises:
            RefusedError: there is none. UnreachableError: see `Service`.
        """
        if self.single is not None:
            return [self.single]
        found = [str(device["device_id"]) for device in self.find(service)]
        if not found:
            raise RefusedError(f"no device is {self}: `iotmock devices` lists those that there are")
        return found

    def __str__(self) -> str:
        told = {"type": self.device_type, "location": self.location, "name": self.name}
        words = [f"{key} {value!a}" for key, value in told.items() if value is not None]
        return ", ".join([*([] if self.is_every else [" or ".join(self.patterns)]), *words]) or ALL
