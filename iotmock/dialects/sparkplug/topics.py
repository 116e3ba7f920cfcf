"""Sparkplug's topics (Sparkplug 3.0.0, 4)."""

from collections.abc import Callable

from attrs import frozen

NAMESPACE = "spBv1.0"


def host_topic(host: str) -> str:
    """Return where a host application says whether it is online."""
    return f"{NAMESPACE}/STATE/{host}"


@frozen
class EdgeNode:
    """An edge node: what it says of itself, hears, and says of its devices."""

    group: str
    name: str

    def topic(self, verb: str, device_id: str | None = None) -> str:
        """Return where it says something, of itself or of a device."""
        own = f"{NAMESPACE}/{self.group}/{verb}/{self.name}"
        return own if device_id is None else f"{own}/{device_id}"


@frozen
class EdgeNodes:
    """Who is an edge node: each connection that devices speak over.

    `place` says over which of a pool a device speaks, from 0; None: there is one for all.
    With `per_device` each device is the only one of an edge node of its own name.
    """

    group: str
    name: str
    place: Callable[[str], int] | None = None
    per_device: bool = False

    def of_device(self, device_id: str) -> EdgeNode:
        """Return whose device this is."""
        if self.per_device:
            return EdgeNode(self.group, device_id)
        return self.of_connection(0 if self.place is None else self.place(device_id))

    def of_connection(self, number: int) -> EdgeNode:
        """Return what a connection is that devices share: the `number`th of a pool, from 0."""
        name = self.name if self.place is None else f"{self.name}-{number + 1}"
        return EdgeNode(self.group, name)
