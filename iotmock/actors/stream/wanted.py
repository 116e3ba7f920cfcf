"""What a listener wants to hear of."""

from attrs import frozen

from iotmock.actors.stream.event import EventKind
from iotmock.model.spec import DeviceSpec

DEFAULT_KINDS: frozenset[EventKind] = frozenset({"status", "command", "fault", "summary"})


@frozen
class Wanted:
    """Kinds of events, of the devices that meet all that is given; None is met by all.

    A summary is of the whole fleet, whatever devices are wanted.
    """

    kinds: frozenset[EventKind] = DEFAULT_KINDS
    device_ids: frozenset[str] | None = None
    location: str | None = None
    device_type: str | None = None

    @property
    def needs_spec(self) -> bool:
        """Whether an id alone does not tell which devices are wanted."""
        return self.location is not None or self.device_type is not None

    def takes(self, device_id: str, spec: DeviceSpec | None) -> bool:
        """Return whether a device is wanted; it has no `spec` once it is gone."""
        if self.device_ids is not None and device_id not in self.device_ids:
            return False
        if not self.needs_spec:
            return True
        return spec is not None and self._takes(spec)

    def _takes(self, spec: DeviceSpec) -> bool:
        return self.location in {None, spec.location} and self.device_type in {
            None,
            spec.device_type,
        }
