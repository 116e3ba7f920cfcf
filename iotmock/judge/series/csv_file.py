"""Batches of a CSV file: with commas, semicolons or tabs, with decimal commas, gzip or not."""

import csv
import gzip
import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from math import isfinite, nan
from pathlib import Path
from typing import TextIO

import numpy as np
from attrs import frozen

from iotmock.judge.series.batch import ROWS, Batch, RealSeriesError
from iotmock.judge.series.columns import ColumnError, Columns, Power, Wanted, columns_of
from iotmock.judge.series.moments import (
    AmbiguousTimesError,
    NoTimeError,
    Reader,
    reader_of,
    told,
)

_SAMPLE = 10_000
_NOTHING = {"", "nan", "na", "n/a", "null", "none", "?", "-", "unavailable", "unknown"}
_DECIMAL_COMMA = re.compile(r"[-+]?\d+,\d+")
_NUMBER = re.compile(r"[-+]?\d+([.,]\d*)?")
_LONGEST_LINE = 131_072
Line = Sequence[str]


@frozen
class CsvFile:
    """A CSV file whose columns, times and decimals are known."""

    path: Path
    columns: Columns
    delimiter: str
    has_decimal_commas: bool
    moment: Reader
    times: tuple[int, ...]
    powers: tuple[int, ...]
    device: int | None
    steps: Sequence[float]
    """From one time to the next in the first rows of its first device, s."""

    def batches(self) -> Iterator[Batch]:
        """Yield all rows.

        Raises:
            RealSeriesError: a row has no time, or a power that is none.
        """
        with _opened(self.path) as file:
            lines = _lines(self.path, file, self.delimiter)
            next(lines)
            while rows := list(islice(lines, ROWS)):
                yield from self._batches(rows)

    def _batches(self, rows: Sequence[tuple[int, Line]]) -> Iterator[Batch]:
        """Yield a batch for each column of powers."""
        self._refuse_short(rows)
        moments = np.array([self._moment(number, line) for number, line in rows])
        written, offsets = moments[:, 0], moments[:, 1]
        for place, power in zip(self.powers, self.columns.powers, strict=True):
            powers = np.array([self._power(number, line, place, power) for number, line in rows])
            devices = [self.columns.device_of(power, self._device(line)) for _, line in rows]
            named = None if devices[0] is None else [one or "" for one in devices]
            yield Batch(written, offsets, powers * power.scale, named)

    def _device(self, line: Line) -> str | None:
        return None if self.device is None else line[self.device]

    def _refuse_short(self, rows: Sequence[tuple[int, Line]]) -> None:
        needed = max(*self.times, *self.powers, self.device or 0)
        short = next((number for number, line in rows if len(line) <= needed), None)
        if short is not None:
            raise RealSeriesError(self.path, f"line {short} has too few columns")

    def _moment(self, number: int, line: Line) -> tuple[float, float]:
        try:
            return told(self.moment, _time(line, self.times))
        except NoTimeError as error:
            raise self._refusal(number, self.columns.times[0], str(error)) from None

    def _power(self, number: int, line: Line, place: int, power: Power) -> float:
        text = line[place].strip()
        try:
            value = float(text.replace(",", ".") if self.has_decimal_commas else text)
        except ValueError:
            if text.lower() in _NOTHING:
                return nan
            what = f"{text[:60]!a} is no number; where nothing was measured it must be empty"
            raise self._refusal(number, power.name, what) from None
        return value if isfinite(value) else nan

    def _refusal(self, number: int, column: str, what: str) -> RealSeriesError:
        return RealSeriesError(self.path, f"line {number}, column {column!a}: {what}")


def csv_file(path: Path, wanted: Wanted, form: str | None) -> CsvFile:
    """Look at the first rows of a file; `form` is that of its times, as strptime has it.

    Raises:
        RealSeriesError: it is no CSV file with columns of times and powers.
        OSError: it can not be read.
    """
    delimiter = _delimiter(path)
    with _opened(path) as file:
        lines = [line for _, line in islice(_lines(path, file, delimiter), _SAMPLE + 1)]
    if len(lines) < 2:
        raise RealSeriesError(path, "must have a line of column names and lines of readings")
    if any(map(_is_number, lines[0])):
        raise RealSeriesError(path, "must name its columns in its first line, as timestamp,power")
    try:
        return _known(path, delimiter, columns_of(lines[0], wanted), lines, form)
    except (ColumnError, AmbiguousTimesError) as error:
        raise RealSeriesError(path, str(error)) from error


def _is_number(text: str) -> bool:
    return _NUMBER.fullmatch(text.strip()) is not None


def _first_time(path: Path, columns: Columns, text: str, moment: Reader) -> None:
    """Refuse a file none of whose times can be read by its first one."""
    try:
        told(moment, text)
    except NoTimeError as error:
        reason = f"line 2, column {columns.times[0]!a}: {error}"
        raise RealSeriesError(path, reason) from None


def _known(
    path: Path, delimiter: str, columns: Columns, lines: Sequence[Line], form: str | None
) -> CsvFile:
    head, rows = list(lines[0]), [line for line in lines[1:] if len(line) == len(lines[0])]
    times = tuple(map(head.index, columns.times))
    powers = tuple(head.index(one.name) for one in columns.powers)
    device = None if columns.device is None else head.index(columns.device)
    commas = delimiter != "," and any(
        _DECIMAL_COMMA.fullmatch(line[place].strip()) for line in rows for place in powers
    )
    moment = reader_of([_time(line, times) for line in rows], form)
    if not rows:
        raise ColumnError("line 2 has not as many columns as there are names")
    _first_time(path, columns, _time(rows[0], times), moment)
    first = [line for line in rows if device is None or line[device] == rows[0][device]]
    steps = _steps([_time(line, times) for line in first], moment)
    return CsvFile(path, columns, delimiter, commas, moment, times, powers, device, steps)


def _time(line: Line, places: tuple[int, ...]) -> str:
    return line[places[0]] if len(places) == 1 else " ".join(line[place] for place in places)


def _steps(times: Sequence[str], moment: Reader) -> list[float]:
    """Return the steps of those times that can be read: what can not is told when it is met."""
    seconds = []
    for text in times:
        try:
            seconds.append(told(moment, text)[0])
        except NoTimeError:
            continue
    return [float(step) for step in np.diff(sorted(set(seconds)))]


def _delimiter(path: Path) -> str:
    with _opened(path) as file, _none_but_csv(path):
        return max((",", ";", "\t"), key=file.readline(_LONGEST_LINE).count)


def _opened(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return io.TextIOWrapper(gzip.open(path), encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def _lines(path: Path, file: TextIO, delimiter: str) -> Iterator[tuple[int, Line]]:
    """Yield the lines that have something with their numbers."""
    reader = csv.reader(file, delimiter=delimiter)
    with _none_but_csv(path):
        for line in reader:
            if line:
                yield reader.line_num, line


@contextmanager
def _none_but_csv(path: Path) -> Iterator[None]:
    try:
        yield
    except (UnicodeDecodeError, csv.Error, gzip.BadGzipFile, EOFError) as error:
        raise RealSeriesError(path, "is no CSV file in UTF-8; save it as one") from error
