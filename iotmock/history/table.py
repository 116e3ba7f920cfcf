"""A series as it is drawn: read from a CSV file, or collected while it is simulated."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from math import isfinite
from pathlib import Path

from attrs import Factory, define

from iotmock.history.series import Row

_COLUMNS = ("timestamp", "power")


class SeriesFileError(Exception):
    """A file is not a series of readings."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")


@define(eq=False)
class Table:
    """Times (Unix seconds, ascending), powers (kW) and, where known, voltages (V)."""

    name: str
    times: list[float] = Factory(list)
    powers: list[float] = Factory(list)
    voltages: list[float] = Factory(list)

    @property
    def step_s(self) -> float:
        """The usual time between two readings."""
        steps = sorted(later - sooner for sooner, later in pairwise(self.times))
        return steps[len(steps) // 2] if steps else 900.0

    def collecting(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Yield the rows on, and keep what is drawn of them."""
        for row in rows:
            self.times.append(row.now)
            self.powers.append(row.reading.power)
            self.voltages.append(row.reading.voltage)
            yield row


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
        raise SeriesFileError(path, "has fewer than two readings")
    return table


def _read(lines: Iterator[Sequence[str]], table: Table, path: Path) -> None:
    header = next(lines, [])
    if not set(_COLUMNS) <= set(header):
        raise SeriesFileError(path, f"must have the columns {' and '.join(_COLUMNS)}")
    time_at, power_at = (header.index(name) for name in _COLUMNS)
    voltage_at = header.index("voltage") if "voltage" in header else None
    for number, line in enumerate(lines, start=2):
        try:
            table.times.append(datetime.fromisoformat(line[time_at]).timestamp())
            table.powers.append(_finite(line[power_at]))
            if voltage_at is not None:
                table.voltages.append(_finite(line[voltage_at]))
        except (ValueError, IndexError):
            raise SeriesFileError(path, f"line {number} is no reading: {line!r}"[:200]) from None
        if len(table.times) > 1 and table.times[-1] <= table.times[-2]:
            raise SeriesFileError(path, f"line {number} is not later than the one before")


def _finite(text: str) -> float:
    value = float(text)
    if not isfinite(value):
        raise ValueError(text)
    return value
