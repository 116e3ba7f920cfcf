"""Parquet, which needs the extra: columns time, topic, payload, qos, retain, properties.

A Parquet file can be read once its end is written. So a recording is an Arrow stream beside it,
whole after each batch, and becomes the Parquet file when it ends.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from importlib import import_module
from pathlib import Path
from typing import IO, Any

from attrs import define

from iotmock.traffic.errors import TrafficFileError
from iotmock.traffic.files.columns import batch_of, check, pieces, rows_of, schema
from iotmock.traffic.files.sides import BATCH, PART
from iotmock.traffic.recorded import Recorded

_ROW_GROUP = 50_000
_ROW_GROUP_BYTES = 32 << 20


def _arrow(path: Path) -> tuple[Any, Any]:
    try:
        return import_module("pyarrow"), import_module("pyarrow.parquet")
    except ImportError as error:
        needs = "Parquet needs the extra: pip install 'iotmock[parquet]'; or name it .jsonl"
        raise TrafficFileError(path, needs) from error


@define(eq=False)
class ParquetWriter:
    """Writes the stream, and from it the Parquet file."""

    _path: Path
    left: Path
    _file: IO[bytes]
    _arrow: Any
    _stream: Any

    @classmethod
    def begin(cls, path: Path) -> "ParquetWriter":
        """Make the stream's file; see `writer_of`."""
        arrow, _ = _arrow(path)
        if path.exists():
            raise FileExistsError(17, "File exists", str(path))
        part = path.with_name(path.name + PART)
        if part.exists():
            what = f"{part} is there, of a recording that did not end in order; move it first"
            raise TrafficFileError(path, what)
        file = part.open("xb")
        options = arrow.ipc.IpcWriteOptions(compression="zstd")
        return cls(path, part, file, arrow, _stream(arrow, file, options))

    def write(self, rows: Sequence[Recorded]) -> None:
        """Append messages."""
        self._stream.write_batch(batch_of(self._arrow, rows))
        self._file.flush()

    def finish(self) -> None:
        """Complete the stream, make the Parquet file of it and delete it."""
        made = self._path.with_name(self._path.name + ".making")
        try:
            self._stream.close()
            self._file.close()
            self._make(made)
        except BaseException:  # a full disk, or Ctrl-C: the stream stays
            self.abandon()
            made.unlink(missing_ok=True)
            raise
        self.left.unlink()

    def _make(self, made: Path) -> None:
        _, parquet = _arrow(self._path)
        options = {"compression": "zstd", "write_page_checksum": True}
        with parquet.ParquetWriter(made, schema(self._arrow), **options) as writer:
            for table in _row_groups(self._arrow, self.left):
                writer.write_table(table)
        os.replace(made, self._path)

    def abandon(self) -> None:
        """Write nothing more."""
        with suppress(OSError):  # what did not fit is in its buffer yet
            self._file.close()

    def size(self) -> int:
        """Return how many bytes it has on disk."""
        file = self._path if self._path.exists() else self.left
        return file.stat().st_size


def _stream(arrow: Any, file: IO[bytes], options: Any) -> Any:
    return arrow.ipc.new_stream(file, schema(arrow), options=options)


def _row_groups(arrow: Any, part: Path) -> Iterator[Any]:
    batches: list[Any] = []
    with part.open("rb") as file, arrow.ipc.open_stream(file) as stream:
        for batch in stream:
            batches.append(batch)
            rows, size = sum(b.num_rows for b in batches), sum(b.nbytes for b in batches)
            if rows >= _ROW_GROUP or size >= _ROW_GROUP_BYTES:
                yield arrow.Table.from_batches(batches)
                batches = []
    if batches:
        yield arrow.Table.from_batches(batches)


@define(eq=False)
class ParquetReader:
    """Reads a Parquet file, a few hundred messages at a time."""

    _path: Path
    total: int | None
    cut: str | None = None

    @classmethod
    def open(cls, path: Path) -> "ParquetReader":
        """Look whether it is one with the columns of traffic; see `reader_of`."""
        arrow, parquet = _arrow(path)
        _hint_at_part(path)
        path.open("rb").close()
        try:
            with parquet.ParquetFile(path) as file:
                check(path, arrow, file.schema_arrow)
                return cls(path, file.metadata.num_rows)
        except (arrow.ArrowException, OSError, UnicodeDecodeError) as error:
            raise TrafficFileError(path, f"is no Parquet file ({str(error)[:200]})") from error

    def batches(self) -> Iterator[list[Recorded]]:
        """Yield messages; see `Reader`."""
        arrow, parquet = _arrow(self._path)
        with parquet.ParquetFile(self._path, page_checksum_verification=True) as file:
            try:
                for batch in file.iter_batches(batch_size=BATCH):
                    for piece in pieces(batch):
                        yield rows_of(self._path, arrow, piece)
            except (arrow.ArrowException, OSError) as error:
                text = f"it can not be read on: {str(error)[:200]}"
                raise TrafficFileError(self._path, text) from error


def _hint_at_part(path: Path) -> None:
    part = path.with_name(path.name + PART)
    if not path.exists() and part.exists():
        raise TrafficFileError(path, f"its recording did not end in order; replay {part} instead")


@define(eq=False)
class PartReader:
    """Reads the stream of a recording that did not end in order."""

    _path: Path
    total: int | None = None
    cut: str | None = None

    @classmethod
    def open(cls, path: Path) -> "PartReader":
        """Look whether it begins as one; see `reader_of`."""
        arrow, _ = _arrow(path)
        if not path.stat().st_size:
            raise TrafficFileError(path, "nothing was recorded")
        with path.open("rb") as file:
            try:
                stream = arrow.ipc.open_stream(file)
            except (arrow.ArrowException, OSError) as error:
                raise TrafficFileError(path, "is no recording of iotmock's") from error
            if stream.schema != schema(arrow):
                raise TrafficFileError(path, "is no recording of iotmock's")
        return cls(path)

    def batches(self) -> Iterator[list[Recorded]]:
        """Yield messages; see `Reader`."""
        arrow, _ = _arrow(self._path)
        with closing(self._path.open("rb")) as file:
            stream = arrow.ipc.open_stream(file)
            whole = file.tell()
            while (batch := self._next(arrow, stream, whole)) is not None:
                whole = file.tell()
                for piece in pieces(batch):
                    yield rows_of(self._path, arrow, piece)

    def _next(self, arrow: Any, stream: Any, whole: int) -> Any:
        try:
            batch = stream.read_next_batch()
            batch.validate(full=True)  # its lengths are believed from here on
            return batch
        except StopIteration:
            return None
        except (arrow.ArrowException, OSError, MemoryError):  # the last: a length that is none
            rest = self._path.stat().st_size - whole
            self.cut = f"its last {rest:,} bytes are a batch that is cut off and is left out"
            return None
