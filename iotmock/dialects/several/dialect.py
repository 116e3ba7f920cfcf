"""The dialect of a service: its own words, and those of fleets that have others."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from attrs import define, evolve, field

from iotmock.actors.messages import Incoming, IncomingCommand, Outgoing
from iotmock.actors.ports.channel import ReadsItself
from iotmock.actors.ports.dialect import Dialect, Entry, Heard, Node, Voice
from iotmock.actors.ports.memories import Remembers
from iotmock.model.device import Device


def _the_services(device_id: str) -> str | None:  # noqa: ARG001
    return None


@define(eq=False)
class Several:
    """See `Dialect`. A connection says and numbers what its service's words want."""

    usual: Dialect
    make: Callable[[str], Dialect]
    """Makes one by its name, or raises what is wrong with it."""
    name_of: Callable[[str], str | None] = _the_services
    """Which words a device has, by its id; None: the service's."""
    others: dict[str, Dialect] = field(factory=dict)

    @property
    def name(self) -> str:
        """See `Dialect.name`."""
        return self.usual.name

    @property
    def qos(self) -> int | None:
        """See `Dialect.qos`."""
        return self.usual.qos

    def take_up(self, name: str) -> bool:
        """Have words ready for fleets; return whether they are new. Raises what `make` does."""
        if name == self.usual.name or name in self.others:
            return False
        self.others[name] = self.make(name)
        return True

    def take_changed(self, most: int | None) -> dict[str, bytes | None]:
        """See `Remembers.take_changed`; `most` is of each dialect."""
        every = (self.usual, *self.others.values())
        taken = (one.take_changed(most) for one in every if isinstance(one, Remembers))
        return {device_id: memory for part in taken for device_id, memory in part.items()}

    def readable(self, topic: str, payload: bytes) -> str | None:
        """See `ReadsItself.readable`."""
        every = (self.usual, *self.others.values())
        said = (one.readable(topic, payload) for one in every if isinstance(one, ReadsItself))
        return next((text for text in said if text is not None), None)

    def of(self, device_id: str) -> Dialect:
        """Return the words of a device."""
        name = self.name_of(device_id)
        return self.usual if name is None else self.others.get(name, self.usual)

    def entry(self, node: Node) -> Entry:
        """See `Dialect.entry`."""
        entry = self.usual.entry(node)
        others = [other.entry(node) for other in self.others.values()]
        if not others:
            return entry
        every = (entry, *others)
        filters = dict.fromkeys(one for part in every for one in part.filters)
        states = dict.fromkeys(one for part in every for one in part.states)
        return evolve(entry, filters=tuple(filters), states=tuple(states))

    def voice(self, device: Device) -> Voice:
        """See `Dialect.voice`."""
        return self.of(device.spec.device_id).voice(device)

    def gone(self, device_id: str, device: Device | None) -> Iterable[Outgoing]:
        """See `Dialect.gone`."""
        return self.of(device_id).gone(device_id, device)

    def hear(self, heard: Heard, device_id: str | None = None) -> Sequence[Incoming]:
        """See `Dialect.hear`: a device understands its own words alone."""
        if not self.others:
            return self.usual.hear(heard, device_id)
        for dialect in (self.usual, *self.others.values()):
            if found := list(self._meant(dialect, dialect.hear(heard, device_id))):
                return found
        return ()

    def _meant(self, dialect: Dialect, found: Sequence[Incoming]) -> Iterator[Incoming]:
        for one in found:
            if not isinstance(one, IncomingCommand) or self.of(one.device_id) is dialect:
                yield one
