"""Batches of a Parquet file."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from attrs import define, frozen

from iotmock.history.formats import arrow
from iotmock.judge.piece import Values
from iotmock.judge.series.batch import ROWS, Batch, RealSeriesError
from iotmock.judge.series.columns import ColumnError, Columns, Power, Wanted, columns_of
from iotmock.judge.series.moments import (
    FIRST,
    LAST,
    AmbiguousTimesError,
    Moment,
    NoTimeError,
    Reader,
    reader_of,
    told,
)

_SAMPLE = 10_000


@frozen
class ParquetFile:
    """A Parquet file whose columns are known; `steps` as of `CsvFile`."""

    path: Path
    columns: Columns
    form: str | None
    steps: Sequence[float]

    def batches(self) -> Iterator[Batch]:
        """Yield all rows.

        Raises:
            RealSeriesError: a row has no time, or a column is not of a type that it can have.
        """
        yield from _batches(self.path, self.columns, self.form)


def parquet_file(path: Path, wanted: Wanted, form: str | None) -> ParquetFile:
    """Look at the first rows of a file.

    Raises:
        MissingExtraError: pyarrow is not installed.
        RealSeriesError: it is no Parquet file with columns of times and powers.
        OSError: it can not be read.
    """
    with path.open("rb"):  # what the system says of a file is told as of any other
        pass
    try:
        columns = columns_of(_opened(path).schema_arrow.names, wanted)
    except ColumnError as error:
        raise RealSeriesError(path, str(error)) from error
    first = next(_batches(path, columns, form), None)
    if first is None:
        raise RealSeriesError(path, "has no readings")
    written = first.written[:_SAMPLE]
    if first.devices is not None:
        written = written[np.array(first.devices[:_SAMPLE]) == first.devices[0]]
    steps = [float(step) for step in np.diff(np.unique(written))]
    return ParquetFile(path, columns, form, steps)


def _opened(path: Path) -> Any:
    _, parquet = arrow()
    with _none_but_parquet(path):
        return parquet.ParquetFile(path)


@contextmanager
def _none_but_parquet(path: Path) -> Iterator[None]:
    pa, _ = arrow()
    try:
        yield
    except (pa.ArrowException, OSError) as error:
        raise RealSeriesError(path, "is no Parquet file, or a damaged one") from error


def _batches(path: Path, columns: Columns, form: str | None) -> Iterator[Batch]:
    device = [columns.device] if columns.device is not None else []
    names = [*columns.times, *(power.name for power in columns.powers), *device]
    times, row = _Times(path, columns.times, form), 0
    with _none_but_parquet(path):
        for read in _opened(path).iter_batches(ROWS, columns=names):
            yield from _of_rows(read, columns, times, row)
            row += read.num_rows


def _of_rows(read: Any, columns: Columns, times: "_Times", before: int) -> Iterator[Batch]:
    """Yield a batch for each column of powers."""
    pa, _ = arrow()
    written, offsets = times.read(pa, [read.column(name) for name in columns.times], before)
    rows: list[str | None] = [None] * read.num_rows
    if columns.device is not None:
        ids = read.column(columns.device).cast(pa.string()).to_pylist()
        rows = [one or "" for one in ids]
    for power in columns.powers:
        powers = _powers(pa, read.column(power.name), times.path, power) * power.scale
        devices = [columns.device_of(power, row) for row in rows]
        named = None if None in devices else [one or "" for one in devices]
        yield Batch(written, offsets, powers, named)


@define(eq=False)
class _Times:
    """Reads columns of times; how texts are written is decided by the first of them."""

    path: Path
    names: tuple[str, ...]
    form: str | None
    _reader: Reader | None = None

    def read(self, pa: Any, columns: Sequence[Any], before: int) -> tuple[Values, Values]:
        """Return what clocks showed, and their offsets; `before` so many rows were read."""
        if len(columns) == 1 and pa.types.is_timestamp(columns[0].type):
            # A column that has a zone is of UTC inside.
            zone = columns[0].type.tz
            micros = columns[0].cast(pa.timestamp("us", zone), safe=False).cast(pa.int64())
            written = _numbers(pa, micros) / 1e6
            offsets = np.full(written.size, np.nan if zone is None else 0.0)
        else:
            written, offsets = self._of_texts(columns, before)
        self._refuse_lost(written, before)
        return written, offsets

    def _of_texts(self, columns: Sequence[Any], before: int) -> tuple[Values, Values]:
        parts = zip(*(column.to_pylist() for column in columns), strict=True)
        texts = [" ".join(str(one) for one in row) for row in parts]
        try:
            self._reader = reader = self._reader or reader_of(texts, self.form)
        except AmbiguousTimesError as error:
            raise RealSeriesError(self.path, str(error)) from error
        moments = [
            self._moment(reader, text, before + at) for at, text in enumerate(texts, start=1)
        ]
        both = np.array(moments).reshape(-1, 2)
        return both[:, 0], both[:, 1]

    def _moment(self, reader: Reader, text: str, row: int) -> Moment:
        try:
            return told(reader, text)
        except NoTimeError as error:
            raise self._refusal(row, str(error)) from None

    def _refuse_lost(self, written: Values, before: int) -> None:
        lost = ~((written >= FIRST) & (written < LAST))
        if lost.any():
            row = before + int(np.argmax(lost)) + 1
            raise self._refusal(row, "it must be a time from 1900 to 2199")

    def _refusal(self, row: int, what: str) -> RealSeriesError:
        return RealSeriesError(self.path, f"row {row}, column {self.names[0]!a}: {what}")


def _powers(pa: Any, column: Any, path: Path, power: Power) -> Values:
    try:
        return _numbers(pa, column)
    except pa.ArrowException as error:
        reason = f"column {power.name!a} has {column.type} and must have numbers"
        raise RealSeriesError(path, reason) from error


def _numbers(pa: Any, column: Any) -> Values:
    values: Values = column.cast(pa.float64()).to_numpy(zero_copy_only=False).astype(np.float64)
    return np.where(np.isinf(values), np.nan, values)
