"""A series as it is drawn: read from a CSV file, or collected while it is simulated."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from math import inf, isfinite
from pathlib import Path

from attrs import Factory, define

from iotmock.history.series import Row

_COLUMNS = ("timestamp", "power")
_AS_WE_DO = "`iotmock generate` writes such files"


class SeriesFileError(Exception):
    """A file is not a series of readings."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")


@define(eq=False)
class Table:
    """Times (Unix seconds, ascending), powers (kW) and, where known, voltages (V).

    Of a fleet the powers are those of all its devices together.
    """

    name: str
    times: list[float] = Factory(list)
    powers: list[float] = Factory(list)
    voltages: list[float] = Factory(list)

    @property
    def step_s(self) -> float:
        """The usual time between two readings."""
        steps = sorted(later - sooner for sooner, later in pairwise(self.times))
        return steps[len(steps) // 2] if steps else 900.0

    def collecting(self, rows: Iterable[Row], *, together: bool = False) -> Iterator[Row]:
        """Yield the rows on, and keep what is drawn of them: of many devices `together`."""
        for row in rows:
            if together:
                self.add(row.now, row.reading.power)
            else:
                self.times.append(row.now)
                self.powers.append(row.reading.power)
                self.voltages.append(row.reading.voltage)
            yield row

    def add(self, now: float, power: float) -> None:
        """Add the power of one more device, or begin a later time."""
        if self.times and self.times[-1] == now:
            self.powers[-1] += power
        else:
            self.times.append(now)
            self.powers.append(power)


def read_csv(path: Path) -> Table:
    """Read a file that `iotmock generate --format csv` wrote, or one with its columns.

    Raises:
        SeriesFileError: it is no CSV with the columns `timestamp` and `power`, or has no readings.
        OSError: it can not be read.
    """
    table = Table(path.stem)
    with path.open(encoding="utf-8-sig", newline="") as file:
        try:
            _read(csv.reader(file), table, path)
        except (UnicodeDecodeError, csv.Error) as error:
            raise SeriesFileError(path, f"is no CSV file ({error})") from error
    if len(table.times) < 2:
        raise SeriesFileError(path, "has fewer than two readings, which a page needs")
    return table


def _read(lines: Iterator[Sequence[str]], table: Table, path: Path) -> None:
    header = next(lines, [])
    if not set(_COLUMNS) <= set(header):
        raise SeriesFileError(path, f"must have the columns {' and '.join(_COLUMNS)}; {_AS_WE_DO}")
    places = {name: place for place, name in enumerate(header)}
    voltage_at = places.get("voltage")
    ids = _Ids(places.get("device_id"))
    for number, line in enumerate(lines, start=2):
        try:
            at = datetime.fromisoformat(line[places["timestamp"]]).timestamp()
            power = _finite(line[places["power"]])
            voltage = None if voltage_at is None else _finite(line[voltage_at])
            is_another = ids.is_another(line)
        except (ValueError, IndexError):
            text = f"line {number} is no reading, {','.join(line)[:100]!a}; {_AS_WE_DO}"
            raise SeriesFileError(path, text) from None
        last = table.times[-1] if table.times else -inf
        if at < last or (at == last and not is_another):
            text = f"line {number} is not later than the one before: sort them"
            raise SeriesFileError(path, text)
        table.add(at, power)
        if voltage is not None:
            table.voltages.append(voltage)
    if len(table.voltages) > len(table.times):  # of many devices
        table.voltages.clear()


@define
class _Ids:
    """Tells the lines of a fleet's other devices from those of the first."""

    place: int | None
    first: str | None = None

    def is_another(self, line: Sequence[str]) -> bool:
        if self.place is None:
            return False
        device_id = line[self.place]
        self.first = device_id if self.first is None else self.first
        return device_id != self.first


def _finite(text: str) -> float:
    value = float(text)
    if not isfinite(value):
        raise ValueError(text)
    return value
