"""Who wants the events of which device: found once for each device, and not for each event."""

from collections.abc import Callable, Sequence

from attrs import define, field

from iotmock.actors.stream.listener import Listener
from iotmock.actors.stream.wanted import Wanted
from iotmock.model.spec import DeviceSpec

SpecOf = Callable[[str], DeviceSpec | None]
_MOST_KNOWN = 1 << 18
"""Devices whose listeners are remembered; then it begins anew."""


@define(eq=False)
class Route:
    """Where the events of a device go: into the ring, and to these listeners."""

    kept: bool
    listeners: Sequence[Listener]


@define(eq=False)
class Routes:
    """The routes of one kind of events. A table that fills itself as devices say something.

    Whatever changes who wants what, or what a device is, forgets what was found.
    """

    spec_of: SpecOf
    keeps_all: bool
    """Whether the ring keeps what nobody wants."""
    listeners: list[Listener] = field(factory=list)
    gone: tuple[Wanted, ...] = ()
    """What those want who left a moment ago, and may come back for what they missed."""
    _found: dict[str, Route] = field(factory=dict)
    _same: dict[tuple[bool, tuple[int, ...]], Route] = field(factory=dict)

    def of(self, device_id: str) -> Route:
        """Return where the events of a device go."""
        route = self._found.get(device_id)
        return self._find(device_id) if route is None else route

    def _find(self, device_id: str) -> Route:
        if len(self._found) >= _MOST_KNOWN:
            self._found.clear()
        spec = self.spec_of(device_id)
        takers = [one for one in self.listeners if one.wanted.takes(device_id, spec)]
        kept = self.keeps_all or bool(takers) or self._is_missed(device_id, spec)
        key = kept, tuple(map(id, takers))  # of many devices the route is the same
        route = self._found[device_id] = self._same.setdefault(key, Route(kept, takers))
        return route

    def _is_missed(self, device_id: str, spec: DeviceSpec | None) -> bool:
        return any(wanted.takes(device_id, spec) for wanted in self.gone)

    def forget(self, device_id: str) -> None:
        """Find the route of a device anew: it is gone, or is elsewhere."""
        self._found.pop(device_id, None)

    def forget_all(self) -> None:
        """Find all routes anew."""
        self._found.clear()
        self._same.clear()
