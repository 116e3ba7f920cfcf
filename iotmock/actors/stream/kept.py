"""What is kept of each kind of events, and whether that is all there was."""

from collections.abc import Iterator
from heapq import merge
from operator import attrgetter

from attrs import define, field

from iotmock.actors.stream.event import KEPT, Event, EventKind
from iotmock.actors.stream.ring import Ring
from iotmock.actors.stream.wanted import Wanted

CAPACITY = 2_000


@define(eq=False)
class Kept:
    """A ring for each kind: readings are many, and must not push the others out."""

    _rings: dict[EventKind, Ring] = field(factory=lambda: {kind: Ring(CAPACITY) for kind in KEPT})

    def add(self, event: Event) -> None:
        """Keep an event."""
        self._rings[event.kind].add(event)

    def has_all_since(self, number: int, wanted: Wanted) -> bool:
        """Return whether nothing of these kinds was forgotten that came after the `number`th."""
        return all(ring.forgotten <= number for ring in self._of(wanted))

    def after(self, number: int, wanted: Wanted) -> Iterator[Event]:
        """Yield what is kept of these kinds from after the `number`th, in order."""
        return merge(*(ring.after(number) for ring in self._of(wanted)), key=attrgetter("number"))

    def _of(self, wanted: Wanted) -> list[Ring]:
        return [ring for kind, ring in self._rings.items() if kind in wanted.kinds]
