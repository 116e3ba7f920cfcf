"""Who listens, and who did until a moment ago."""

from collections.abc import Iterator
from math import inf

import trio
from attrs import define, field

from iotmock.actors.errors import TooManyListenersError
from iotmock.actors.stream.event import KEPT, Event, EventKind
from iotmock.actors.stream.listener import Listener
from iotmock.actors.stream.routes import Routes, SpecOf
from iotmock.actors.stream.wanted import Wanted

_COMES_BACK_S = 30.0
"""For how long readings are kept on for a listener that has left."""


def _unknown(device_id: str) -> None:  # noqa: ARG001
    return None


@define(eq=False)
class Audience:
    """Listeners, and for each kind of events the routes to them."""

    most: int
    listeners: set[Listener] = field(factory=set)
    spec_of: SpecOf = _unknown
    came: int = 0
    """How many have ever listened."""
    refused: int = 0
    """How often one more was one too many."""
    _lost: int = 0
    """Of those who have left."""
    _latest: bytes | None = None
    """The last summary: who comes need not wait for the next."""
    _routes: dict[EventKind, Routes] = field(init=False)
    _gone: dict[Wanted, tuple[int, float]] = field(factory=dict)
    """Who wanted readings and has left: since which event it was there, and until when it may come
    back."""

    def __attrs_post_init__(self) -> None:
        self._routes = {kind: Routes(_unknown, keeps_all=kind != "reading") for kind in KEPT}

    def know(self, spec_of: SpecOf) -> None:
        """Ask this for what a device is: filters are about that."""
        self.spec_of = spec_of
        for routes in self._routes.values():
            routes.spec_of = spec_of

    def wants_reading(self, device_id: str) -> bool:
        """Return whether a device's readings are to be kept, for who listens or may come back."""
        return self._routes["reading"].of(device_id).kept

    @property
    def wants_readings(self) -> bool:
        """Whether anybody wants readings of any device."""
        return bool(self._routes["reading"].listeners or self._gone)

    def put(self, event: Event) -> None:
        """Hand an event to those who want it."""
        for listener in self._routes[event.kind].of(event.device_id).listeners:
            listener.put(event)

    def put_summary(self, data: bytes) -> None:
        """Hand a summary to those who want one."""
        self._latest = data
        for listener in self.listeners:
            if "summary" in listener.wanted.kinds:
                listener.put_summary(data)

    def forget(self, device_id: str) -> None:
        """Look anew at who wants a device: it is gone, or is elsewhere."""
        for routes in self._routes.values():
            routes.forget(device_id)

    def check_room(self) -> None:
        """See whether there is room for one more.

        Raises:
            TooManyListenersError: there is not.
        """
        if len(self.listeners) >= self.most:
            self.refused += 1
            raise TooManyListenersError(self.most)

    def add(self, listener: Listener) -> None:
        """Let it listen."""
        self.came += 1
        self.listeners.add(listener)
        for routes in self._routes_of(listener):
            routes.listeners.append(listener)
        if self._latest is not None and "summary" in listener.wanted.kinds:
            listener.put_summary(self._latest)
        self._turn()

    def remove(self, listener: Listener) -> None:
        """Let it listen no more."""
        self.listeners.discard(listener)
        self._lost += listener.dropped + listener.lost
        for routes in self._routes_of(listener):
            routes.listeners.remove(listener)
        if "reading" in listener.wanted.kinds and len(self._gone) < self.most:
            until = trio.current_time() + _COMES_BACK_S
            self._gone[listener.wanted] = listener.joined, until
        self._turn()

    def tidy(self) -> None:
        """Forget who does not come back."""
        now = trio.current_time()
        over = [wanted for wanted, (_, until) in self._gone.items() if until <= now]
        for wanted in over:
            del self._gone[wanted]
        if over:
            self._turn()

    @property
    def dropped(self) -> int:
        """How many events listeners have missed, as they were slower than these came."""
        return self._lost + sum(one.dropped + one.lost for one in self.listeners)

    def joined(self, wanted: Wanted) -> float:
        """Return since which event somebody has wanted just this."""
        here = [one.joined for one in self.listeners if one.wanted == wanted]
        left = self._gone.get(wanted)
        return min([*here, *([left[0]] if left else [])], default=inf)

    def _routes_of(self, listener: Listener) -> Iterator[Routes]:
        kinds = listener.wanted.kinds
        return (routes for kind, routes in self._routes.items() if kind in kinds)

    def _turn(self) -> None:
        self._routes["reading"].gone = tuple(self._gone)
        for routes in self._routes.values():
            routes.forget_all()
