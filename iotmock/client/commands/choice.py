"""Which devices a command is for: one by its id, or many by a pattern, a type, a location."""

import re
from fnmatch import fnmatchcase

from attrs import frozen

from iotmock.client.commands.known import Device
from iotmock.client.commands.service import Service
from iotmock.client.errors import RefusedError

_SIGNS = re.compile(r"[*?[]")
"""What no id has, and a pattern of fnmatch has."""
_ID = re.compile(r"[A-Za-z0-9_.-]{1,64}")
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

    @property
    def is_asked(self) -> bool:
        """Whether the service can be asked for just these."""
        return self.is_every or (
            len(self.patterns) == 1 and self.patterns[0] == f"{self._prefix}{ALL}"
        )

    @property
    def _prefix(self) -> str | None:
        """What all ids begin with, if that can be asked for."""
        if self.is_every or len(self.patterns) != 1:
            return None
        prefix = _SIGNS.split(self.patterns[0])[0]
        return prefix if _ID.fullmatch(prefix) else None

    def query(self) -> dict[str, str | None]:
        """Return what the service is asked; where a pattern is more than a prefix, for too many."""
        return {
            "device_type": self.device_type,
            "location": self.location,
            "name": self.name,
            "status": self.status,
            "id_prefix": self._prefix,
        }

    def find(self, service: Service, **how: str | None) -> list[Device]:
        """Return the devices that are meant; `how` is more of the query, as sort and fields.

        Raises:
            RefusedError, UnreachableError: see `Service`.
        """
        everyone = service.all_shown(**self.query(), **how)
        return [device for device in everyone if self.takes_id(str(device.get("device_id")))]

    def ids(self, service: Service) -> list[str]:
        """Return the ids of those that are meant, which are some.

        Raises:
            RefusedError: there is none. UnreachableError: see `Service`.
        """
        if self.single is not None:
            return [self.single]
        found = [str(device["device_id"]) for device in self.find(service, fields="device_id")]
        if not found:
            raise RefusedError(f"no device is {self}: `iotmock devices` lists those that there are")
        return found

    def __str__(self) -> str:
        told = {"type": self.device_type, "location": self.location, "name": self.name}
        words = [f"{key} {value!a}" for key, value in told.items() if value is not None]
        return ", ".join([*([] if self.is_every else [" or ".join(self.patterns)]), *words]) or ALL
