"""The rows of a CSV file: commas with points, or semicolons with decimal commas."""

import csv
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from io import StringIO
from pathlib import Path

from iotmock.files.text_file import read_text
from iotmock.replays.columns import MEANT, Columns, columns_of
from iotmock.replays.errors import RowError
from iotmock.replays.rows import LATEST_S, Row

MOST_BYTES = 64 * 2**20
_SHOWN = 40


def csv_rows(path: Path) -> Iterator[Row]:
    """Yield the rows.

    Raises:
        RowError: one is not in order. TextFileError: the file can not be read, or is too large.
    """
    text = read_text(path, MOST_BYTES)
    german = ";" in text.partition("\n")[0]
    lines = csv.reader(StringIO(text, newline=""), delimiter=";" if german else ",")
    try:
        columns = columns_of(next(lines, []))
        if columns is None:
            raise RowError(1, f"is no header with {MEANT}")
        for number, line in enumerate(lines, start=2):
            if line:
                yield _row(line, columns, number, german=german)
    except csv.Error as error:
        raise RowError(lines.line_num, f"is no CSV ({error})") from error


def _row(line: Sequence[str], columns: Columns, number: int, *, german: bool) -> Row:
    if len(line) <= max(columns.time, columns.power):
        raise RowError(number, f"has {len(line)} values and not those of the header")
    time, power = line[columns.time].strip(), line[columns.power].strip()
    return number, _time(time, number), _power(power, columns, number, german=german)


def _time(text: str, number: int) -> datetime | float:
    with suppress(ValueError):
        return datetime.fromisoformat(text)
    with suppress(ValueError):
        if abs(seconds := float(text)) <= LATEST_S:
            return seconds
    raise RowError(number, f"has no time, {text[:_SHOWN]!a}; RFC 3339 or Unix seconds")


def _power(text: str, columns: Columns, number: int, *, german: bool) -> float | None:
    if not text:
        return None
    try:
        return columns.to_kw * float(text.replace(",", ".") if german else text)
    except ValueError:
        raise RowError(number, f"has no power, {text[:_SHOWN]!a}; a number, or nothing") from None
