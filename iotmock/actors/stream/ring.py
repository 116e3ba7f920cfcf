"""The last events, for listeners that come back."""

from collections import deque
from collections.abc import Iterator

from attrs import define, field

from iotmock.actors.stream.event import Event


@define(eq=False)
class Ring:
    """At most `capacity` events, the oldest first; `forgotten` is the number of the last to go."""

    capacity: int
    forgotten: int = 0
    _events: deque[Event] = field(factory=deque)

    def add(self, event: Event) -> None:
        """Keep an event, instead of the oldest where there is no room."""
        if len(self._events) >= self.capacity:
            self.forgotten = self._events.popleft().number
        self._events.append(event)

    def after(self, number: int) -> Iterator[Event]:
        """Yield what is kept of what came after the `number`th."""
        return (event for event in tuple(self._events) if event.number > number)
