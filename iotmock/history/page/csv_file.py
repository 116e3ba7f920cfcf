"""A series from a CSV file."""

import csv
from collections.abc import Iterator, Sequence
from datetime import datetime
from math import inf, isfinite
from pathlib import Path

from attrs import define, field

from iotmock.history.page.table import POWER, QUANTITIES, Table

_COLUMNS = ("timestamp", POWER)
_AS_WE_DO = "`iotmock generate` writes such files"


class SeriesFileError(Exception):
    """A file is not a series of readings."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")


def read_csv(path: Path) -> Table:
    """Read a file that `iotmock generate --format csv` wrote, or one with its columns.

    Raises:
        SeriesFileError: it is no CSV with the columns `timestamp` and `power`, or has no readings.
        OSError: it can not be read.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        try:
            table = _table(csv.reader(file), path)
        except (UnicodeDecodeError, csv.Error) as error:
            raise SeriesFileError(path, f"is no CSV file ({error})") from error
    if len(table.times) < 2:
        raise SeriesFileError(path, "has fewer than two readings, which a page needs")
    return table


def _table(lines: Iterator[Sequence[str]], path: Path) -> Table:
    header = next(lines, [])
    if not set(_COLUMNS) <= set(header):
        raise SeriesFileError(path, f"must have the columns {' and '.join(_COLUMNS)}; {_AS_WE_DO}")
    reader = _Reader({name: place for place, name in enumerate(header)}, Table(path.stem))
    for number, line in enumerate(lines, start=2):
        if (problem := reader.take(line)) is not None:
            raise SeriesFileError(path, f"line {number} {problem}")
    return reader.table


@define(eq=False)
class _Reader:
    """Reads lines whose columns are at these places."""

    places: dict[str, int]
    table: Table
    _last: float = -inf
    _at_last: set[str] = field(factory=set)
    """Devices with a reading of the last time."""

    def take(self, line: Sequence[str]) -> str | None:
        """Add a line to the table; return what is wrong with it, if something is."""
        try:
            at = datetime.fromisoformat(line[self.places["timestamp"]]).timestamp()
            device_id = line[self.places["device_id"]] if "device_id" in self.places else ""
            values = {
                name: _finite(line[self.places[name]]) for name in QUANTITIES if name in self.places
            }
        except (ValueError, IndexError):
            return f"is no reading, {','.join(line)[:100]!a}; {_AS_WE_DO}"
        if at < self._last or (at == self._last and device_id in self._at_last):
            return "is not later than the one before: sort them"
        if at > self._last:
            self._at_last.clear()
        self._last = at
        self._at_last.add(device_id)
        self.table.add(at, device_id, values)
        return None


def _finite(text: str) -> float:
    value = float(text)
    if not isfinite(value):
        raise ValueError(text)
    return value
