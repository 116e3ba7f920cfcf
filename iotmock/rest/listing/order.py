"""The order of a list: the first few of many, found part by part."""

from collections.abc import Callable
from typing import Any

from attrs import frozen

from iotmock.actors.devices.device import MockDevice

Key = Callable[[MockDevice], Any]

_KEYS: dict[str, Key] = {
    "status": lambda device: device.model.status,
    "interval": lambda device: device.interval,
    "created_at": lambda device: device.created_at,
}


@frozen
class Order:
    """By one key, upwards or downwards; devices that are alike by age."""

    key: Key
    downwards: bool

    @classmethod
    def of(cls, sort: str) -> "Order":
        """Return the order of a field, with `-` before it downwards."""
        name = sort.removeprefix("-")
        return cls(_KEYS.get(name) or _of_spec(name), sort.startswith("-"))

    def first(self, found: list[MockDevice], more: list[MockDevice], most: int) -> list[MockDevice]:
        """Return the first of both, `most` of them; `found` is in order and older."""
        if len(found) == most:
            more = self._before(found[-1], more)
        joined = sorted(found + more, key=self.key, reverse=self.downwards)
        return joined[:most]

    def _before(self, last: MockDevice, more: list[MockDevice]) -> list[MockDevice]:
        # Most of a large fleet are not on the page: they need not be sorted.
        key, bound = self.key, self.key(last)
        if self.downwards:
            return [device for device in more if key(device) > bound]
        return [device for device in more if key(device) < bound]


def _of_spec(name: str) -> Key:
    return lambda device: getattr(device.model.spec, name)
