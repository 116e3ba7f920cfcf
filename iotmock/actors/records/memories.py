"""What dialects remember of devices, until it is durable."""

from collections.abc import Callable, Mapping

from attrs import define, field

Memory = tuple[str, bytes | None]
"""A device's id, and what is kept of it; None: nothing any more."""
_AT_ONCE = 10_000
"""At midnight a whole fleet has something to be kept: it is collected over some writes."""


def _nothing(_: int | None) -> Mapping[str, bytes | None]:
    return {}


@define(eq=False)
class Memories:
    """Collects what has changed; what could not be written waits for the next write."""

    take_changed: Callable[[int | None], Mapping[str, bytes | None]] = _nothing
    """See `Remembers.take_changed`."""
    _waiting: dict[str, bytes | None] = field(factory=dict)

    def to_write(self, *, every: bool) -> list[Memory]:
        """Return what is to be written now; with `every` all that there is."""
        self._waiting |= self.take_changed(None if every else _AT_ONCE)
        return list(self._waiting.items())

    def confirm(self) -> None:
        """Note that what was to be written is durable."""
        self._waiting.clear()
