"""What the meters of single devices showed in the last quarter of an hour.

Of every device where there are few; of a large fleet, of those that somebody looks at.
"""

from array import array
from collections.abc import Iterable, Iterator

from attrs import define, field, frozen

from iotmock.actors.devices.device import MockDevice
from iotmock.actors.devices.supervisor import Supervisor

_FEW = 1_000
"""Devices: to look at them takes 3 ms every 5 s, and what they showed 7 MB."""
_KEPT = 180
_COLUMNS = 5
"""Of a row: when, power, voltage, current, energy; 40 bytes, where a `Reading` has 300."""


@frozen
class Shown:
    """What a meter showed at a reading: s since 1970 (simulated), kW, V, A, kWh."""

    at: float
    power: float
    voltage: float
    current: float
    energy: float


@define(eq=False)
class Meters:
    """Looks at meters when it is told to, and not with each message."""

    supervisor: Supervisor
    _rows: dict[str, "array[float]"] = field(factory=dict)

    def look(self) -> None:
        """Keep what they show; to be called every 5 s."""
        before, self._rows = self._rows, {}
        for device in self._looked_at():
            rows = self._rows[device.device_id] = before.get(device.device_id, array("d"))
            _add(rows, device)

    def shown_by(self, device_id: str) -> Iterator[Shown]:
        """Yield what the meter of a device showed, the oldest first."""
        rows = self._rows.get(device_id, ())
        for begin in range(0, len(rows), _COLUMNS):
            yield Shown(*rows[begin : begin + _COLUMNS])

    def _looked_at(self) -> Iterable[MockDevice]:
        if len(self.supervisor) <= _FEW:
            return self.supervisor
        return map(self.supervisor.get, self.supervisor.around.hub.watches)


def _add(rows: "array[float]", device: MockDevice) -> None:
    at = device.last_seen
    if at is None or (rows and rows[-_COLUMNS] == at):  # it has said nothing since
        return
    if rows and rows[-_COLUMNS] > at:  # simulated time was set back
        del rows[:]
    shown = device.reading(at)
    rows.extend((at, shown.power, shown.voltage, shown.current, shown.energy))
    del rows[: -_KEPT * _COLUMNS]
