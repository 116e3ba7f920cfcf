"""How many devices are in which status: kept as they change, so that nobody walks the fleet."""

from attrs import define, field

from iotmock.model.reading import Status


@define(eq=False)
class Statuses:
    """Those that are not as nearly all are: not `online`, or not enabled."""

    _troubled: dict[str, Status] = field(factory=dict)
    _disabled: set[str] = field(factory=set)

    def note(self, device_id: str, status: Status, *, enabled: bool) -> None:
        """Take note of how a device is."""
        if status == "online":
            self._troubled.pop(device_id, None)
        else:
            self._troubled[device_id] = status
        if enabled:
            self._disabled.discard(device_id)
        else:
            self._disabled.add(device_id)

    def forget(self, device_id: str) -> None:
        """Take note that a device is gone."""
        self._troubled.pop(device_id, None)
        self._disabled.discard(device_id)

    def count(self, status: Status) -> int:
        """Return how many that are not online are so."""
        return sum(one == status for one in self._troubled.values())

    @property
    def disabled(self) -> int:
        """How many are switched off."""
        return len(self._disabled)
