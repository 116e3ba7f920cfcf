"""A series as it is drawn, of one device or of many: collected while it is read or simulated."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from attrs import Factory, define, field

from iotmock.history.series import Row

POWER, VOLTAGE, CURRENT, ENERGY = QUANTITIES = ("power", "voltage", "current", "energy")
MOST_TOLD_APART = 6
"""With more devices than that a line for each would be a thicket: they are shown together."""


@define(eq=False)
class Track:
    """Times (Unix s, ascending) and what was measured at each, by quantity: kW, V, A, kWh."""

    times: list[float] = Factory(list)
    values: dict[str, list[float]] = Factory(dict)

    def add(self, at: float, values: dict[str, float]) -> None:
        """Add a reading that is later than all before."""
        self.times.append(at)
        for name, value in values.items():
            self.values.setdefault(name, []).append(value)


@define(eq=False)
class Facts:
    """What there is to say of a device in a line: kW and kWh."""

    readings: int = 0
    sum_kw: float = 0.0
    peak_kw: float = 0.0

    def add(self, power: float) -> None:
        """Take up a reading."""
        self.readings += 1
        self.sum_kw += power
        self.peak_kw = max(self.peak_kw, power)

    @property
    def mean_kw(self) -> float:
        """The mean power."""
        return self.sum_kw / self.readings


@define(eq=False)
class Table:
    """A series under the name of its file or fleet.

    `together` has the sums of all devices, of voltage the means, with lowest and highest in
    `voltages`; `apart` has each device's own, unless there are too many.
    """

    file_name: str
    together: Track = Factory(Track)
    apart: dict[str, Track] = Factory(dict)
    devices: dict[str, Facts] = Factory(dict)
    voltages: list[tuple[float, float]] = Factory(list)
    _there: int = field(default=0)
    """Devices with a reading of the last time."""

    @property
    def times(self) -> list[float]:
        """When there are readings, Unix s."""
        return self.together.times

    @property
    def powers(self) -> list[float]:
        """The power of all devices together at each time, kW."""
        return self.together.values.get(POWER, [])

    @property
    def name(self) -> str:
        """What a page calls it: the device's id where there is one alone."""
        ids = [one for one in self.devices if one]
        return ids[0] if len(ids) == 1 else self.file_name

    @property
    def step_s(self) -> float:
        """The usual time between two readings."""
        steps = sorted(later - sooner for sooner, later in pairwise(self.times))
        return steps[len(steps) // 2] if steps else 900.0

    def collecting(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Yield the rows on, and keep what is drawn of them."""
        for row in rows:
            one = row.reading
            measured = (one.power, one.voltage, one.current, one.energy)
            self.add(row.now, one.device_id, dict(zip(QUANTITIES, measured, strict=True)))
            yield row

    def add(self, at: float, device_id: str, values: dict[str, float]) -> None:
        """Add a reading, of the last time or of a later one."""
        self.devices.setdefault(device_id, Facts()).add(values[POWER])
        self._add_together(at, values)
        if len(self.devices) > MOST_TOLD_APART:
            self.apart.clear()
        else:
            self.apart.setdefault(device_id, Track()).add(at, values)

    def _add_together(self, at: float, values: dict[str, float]) -> None:
        if self.times and self.times[-1] == at:
            self._there += 1
            for name, value in values.items():
                self._join(self.together.values[name], name, value)
        else:
            self._there = 1
            self.together.add(at, values)
            if VOLTAGE in values:
                self.voltages.append((values[VOLTAGE], values[VOLTAGE]))

    def _join(self, column: list[float], name: str, value: float) -> None:
        if name != VOLTAGE:
            column[-1] += value
            return
        column[-1] += (value - column[-1]) / self._there
        low, high = self.voltages[-1]
        self.voltages[-1] = min(low, value), max(high, value)


def has_all(table: Table, name: str) -> bool:
    """Return whether a quantity was measured at all times."""
    return len(table.together.values.get(name, ())) == len(table.times)


def together_of(names: Sequence[str]) -> str:
    """Return the first few names as a text."""
    few = ", ".join(names[:MOST_TOLD_APART])
    left = len(names) - MOST_TOLD_APART
    return f"{few} and {left:,} more" if left > 0 else few
