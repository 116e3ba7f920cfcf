"""The rows of a Parquet file; it needs the extra `parquet`."""

from collections.abc import Iterator
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from iotmock.replays.columns import MEANT, columns_of
from iotmock.replays.errors import ReplayFileError, RowError
from iotmock.replays.rows import LATEST_S, MOST_ROWS, Row


def parquet_rows(path: Path) -> Iterator[Row]:
    """Yield the rows.

    Raises:
        RowError: one is not in order. ReplayFileError: it is no Parquet file, or too long.
    """
    arrow, parquet = _arrow(path)
    try:
        file = parquet.ParquetFile(path)
        columns = columns_of(file.schema_arrow.names)
        if columns is None:
            raise RowError(1, f"(the schema) does not have {MEANT}")
        if file.metadata.num_rows > MOST_ROWS:
            raise ReplayFileError(
                path, f"has {file.metadata.num_rows:,} rows; {MOST_ROWS:,} are allowed"
            )
        names = [file.schema_arrow.names[place] for place in (columns.time, columns.power)]
        yield from _rows(file.iter_batches(columns=names), names, columns.to_kw)
    except (arrow.ArrowException, OSError) as error:
        raise ReplayFileError(path, f"is no Parquet file ({str(error)[:200]})") from error


def _arrow(path: Path) -> tuple[Any, Any]:
    try:
        return import_module("pyarrow"), import_module("pyarrow.parquet")
    except ImportError as error:
        needs = "Parquet needs the extra: pip install 'iotmock[parquet]'"
        raise ReplayFileError(path, needs) from error


def _rows(batches: Any, names: list[str], to_kw: float) -> Iterator[Row]:
    number = 1
    for batch in batches:
        times, powers = (batch.column(name).to_pylist() for name in names)
        for time, power in zip(times, powers, strict=True):
            number += 1
            yield _row(time, power, number, to_kw)


def _row(time: object, power: object, number: int, to_kw: float) -> Row:
    if isinstance(time, str):
        try:
            time = datetime.fromisoformat(time)
        except ValueError:
            raise RowError(number, "has no time; RFC 3339 or Unix seconds") from None
    if not isinstance(time, datetime | float | int):
        raise RowError(number, "has no time")
    if not isinstance(power, float | int | None):
        raise RowError(number, "has no power; a number, or nothing")
    moment = time if isinstance(time, datetime) else float(time)
    if isinstance(moment, float) and not abs(moment) <= LATEST_S:
        raise RowError(number, "has no time; RFC 3339 or Unix seconds")
    return number, moment, None if power is None else to_kw * power
