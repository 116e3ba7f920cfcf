"""A message a line: `{"time", "topic", "payload" or "payload_base64", "qos", "retain"}`."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Annotated

import msgspec
from attrs import define
from msgspec import UNSET, Meta, UnsetType

from iotmock.traffic.errors import TrafficFileError
from iotmock.traffic.files.sides import BATCH, BATCH_BYTES
from iotmock.traffic.recorded import KeptProperties, Recorded
from iotmock.wording.faults import InvalidValueError, decode

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LONGEST = 400_000_000
"""Bytes of a line: the largest payload of MQTT in base64, and some more."""


class Line(msgspec.Struct, frozen=True):
    """A line; a payload that is no UTF-8 is in base64.

    Raises:
        ValueError: it has no payload, or two.
    """

    time: Annotated[datetime, Meta(tz=True)]
    topic: Annotated[str, Meta(min_length=1, max_length=65_535)]
    payload: str | UnsetType = UNSET
    payload_base64: bytes | UnsetType = UNSET
    qos: Annotated[int, Meta(ge=0, le=2)] = 0
    retain: bool = False
    properties: KeptProperties | UnsetType = UNSET

    def __post_init__(self) -> None:
        if (self.payload is UNSET) == (self.payload_base64 is UNSET):
            raise ValueError("there must be either payload or payload_base64")


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Line).decode


def _line_of(row: Recorded) -> bytes:
    time = _EPOCH + timedelta(microseconds=row.at_us)
    properties = row.properties or UNSET
    try:
        text, data = row.payload.decode(), UNSET
    except UnicodeDecodeError:
        line = Line(time, row.topic, UNSET, row.payload, row.qos, row.retain, properties)
    else:
        line = Line(time, row.topic, text, data, row.qos, row.retain, properties)
    return _encode(line)


def _row_of(line: Line) -> Recorded:
    at_us = (line.time - _EPOCH) // _MICROSECOND
    payload = line.payload.encode() if line.payload is not UNSET else line.payload_base64 or b""
    properties = line.properties or None
    return Recorded(at_us, line.topic, payload, line.qos, line.retain, properties)


@define(eq=False)
class LinesWriter:
    """Appends lines; after each batch the system has them, so a kill costs none of those."""

    left: Path
    _file: IO[bytes]

    @classmethod
    def begin(cls, path: Path) -> "LinesWriter":
        """Make the file; see `writer_of`."""
        return cls(path, path.open("xb"))

    def write(self, rows: Sequence[Recorded]) -> None:
        """Append messages."""
        self._file.write(b"".join(_line_of(row) + b"\n" for row in rows))
        self._file.flush()

    def finish(self) -> None:
        """Complete the file."""
        self._file.close()

    def abandon(self) -> None:
        """Write nothing more."""
        with suppress(OSError):  # what did not fit is in its buffer yet
            self._file.close()

    def size(self) -> int:
        """Return how many bytes it has."""
        return self.left.stat().st_size


@define(eq=False)
class LinesReader:
    """Reads lines, `BATCH` at a time."""

    _path: Path
    total: int | None = None
    cut: str | None = None

    @classmethod
    def open(cls, path: Path) -> "LinesReader":
        """Look whether the file can be opened; see `reader_of`."""
        path.open("rb").close()
        return cls(path)

    def batches(self) -> Iterator[list[Recorded]]:
        """Yield messages; see `Reader`."""
        rows, size = list[Recorded](), 0
        with self._path.open("rb") as file:
            for number, text in enumerate(iter(lambda: file.readline(_LONGEST), b""), start=1):
                if (row := self._row(number, text)) is not None:
                    rows.append(row)
                    size += len(row.payload)
                if len(rows) == BATCH or size >= BATCH_BYTES:
                    yield rows
                    rows, size = [], 0
        if rows:
            yield rows

    def _row(self, number: int, text: bytes) -> Recorded | None:
        if not text.strip():
            return None
        try:
            return _row_of(_decode(text))
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            if not text.endswith(b"\n"):  # a recording that was killed while it wrote
                self.cut = f"its last line, of {len(text):,} bytes, is cut off and is left out"
                return None
            raise TrafficFileError(self._path, f"line {number}: {_why(text, error)}") from None


def _why(text: bytes, error: Exception) -> str:
    try:
        decode(text.decode(), Line)
    except InvalidValueError as invalid:
        return str(invalid.faults[0])
    except ValueError as other:
        return str(other)
    return str(error)
