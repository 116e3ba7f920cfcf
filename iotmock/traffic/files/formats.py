"""Which format a file has, by its suffix."""

from pathlib import Path

from iotmock.traffic.errors import TrafficFileError
from iotmock.traffic.files.json_lines import LinesReader, LinesWriter
from iotmock.traffic.files.parquet import ParquetReader, ParquetWriter, PartReader
from iotmock.traffic.files.sides import PART, Reader, Writer

_ALLOWED = "its name must end in .parquet, .jsonl or .ndjson"
_LINES = (".jsonl", ".ndjson")


def writer_of(path: Path) -> Writer:
    """Begin a file that is not there yet.

    Raises:
        TrafficFileError: its suffix says no format, or the extra for it is not installed.
        OSError: it is there already, or can not be made.
    """
    if path.suffix in _LINES:
        return LinesWriter.begin(path)
    if path.suffix == ".parquet":
        return ParquetWriter.begin(path)
    raise TrafficFileError(path, _ALLOWED)


def reader_of(path: Path) -> Reader:
    """Open a file of recorded traffic.

    Raises:
        TrafficFileError: it is none, and why.
        OSError: it can not be opened.
    """
    if path.suffix in _LINES:
        return LinesReader.open(path)
    if path.suffix == ".parquet":
        return ParquetReader.open(path)
    if path.suffix == PART:
        return PartReader.open(path)
    raise TrafficFileError(path, f"{_ALLOWED}, or in {PART} where a recording was cut off")
