"""The last messages of single devices, kept while somebody looks at them."""

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence

from attrs import define, field, frozen

from iotmock.actors.messages import Outgoing

MOST_KEPT = 100
"""Messages of one device: some 30 KB."""
_MOST_WATCHED = 100
_KEPT_S = 300.0


@frozen
class Said:
    """A message as it was given to the carrier, and when, in Unix seconds."""

    at: float
    message: Outgoing


@define(eq=False)
class Watch:
    """One device that is looked at, in Unix seconds."""

    since: float
    until: float
    said: deque[Said] = field(factory=lambda: deque(maxlen=MOST_KEPT))


@define(eq=False)
class Watches:
    """Devices that somebody has asked about in the last minutes.

    Nothing is kept of others. A device beyond the hundredth takes the place of the one that was
    not asked about for longest.
    """

    on_turn: Callable[[], None]
    """Called when there is a first one, or none any more."""
    _by_device: dict[str, Watch] = field(factory=dict)

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_device)

    def __len__(self) -> int:
        return len(self._by_device)

    def note(self, message: Outgoing) -> None:
        """Keep a message, if its device is watched."""
        if self._by_device and (watch := self._by_device.get(message.device_id)) is not None:
            watch.said.append(Said(time.time(), message))

    def look(self, device_id: str) -> tuple[Sequence[Said], float]:
        """Return the last messages of a device, the oldest first, and since when they are kept.

        They are kept from the first look on, and for five minutes after the last.
        """
        now = time.time()
        watch = self._by_device.pop(device_id, None) or Watch(now, now)
        watch.until = now + _KEPT_S
        if len(self._by_device) >= _MOST_WATCHED:
            del self._by_device[next(iter(self._by_device))]
        self._by_device[device_id] = watch
        self.on_turn()
        return tuple(watch.said), watch.since

    def forget(self, device_id: str) -> None:
        """Keep nothing of a device: it is gone."""
        if self._by_device.pop(device_id, None) is not None:
            self.on_turn()

    def tidy(self) -> None:
        """Keep nothing of devices that nobody has asked about for long."""
        now = time.time()
        for device_id in [name for name, watch in self._by_device.items() if watch.until <= now]:
            self.forget(device_id)
