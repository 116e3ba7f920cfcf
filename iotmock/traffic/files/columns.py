"""Columns of Arrow, and the messages that they are."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from iotmock.traffic.errors import TrafficFileError
from iotmock.traffic.files.sides import BATCH, BATCH_BYTES
from iotmock.traffic.recorded import KeptProperties, Recorded

_NEEDED = ("time", "topic", "payload", "qos", "retain")
_NAMES = (*_NEEDED, "properties")
_HIGHEST_QOS = 2
_FIRST_US, _LAST_US = -62_135_596_800_000_000, 253_402_300_799_999_999
"""The years 1 to 9999, which are those that can be written."""
_decode = msgspec.json.Decoder(KeptProperties).decode
_encode = msgspec.json.Encoder().encode


def schema(arrow: Any) -> Any:
    """Return the columns that a recording has."""
    time, text, data = arrow.timestamp("us", tz="UTC"), arrow.string(), arrow.binary()
    types = (time, text, data, arrow.uint8(), arrow.bool_(), text)
    return arrow.schema(list(zip(_NAMES, types, strict=True)))


def batch_of(arrow: Any, rows: Sequence[Recorded]) -> Any:
    """Return messages as columns."""
    values = (
        [row.at_us for row in rows],
        [row.topic for row in rows],
        [row.payload for row in rows],
        [row.qos for row in rows],
        [row.retain for row in rows],
        [row.properties and _encode(row.properties).decode() for row in rows],
    )
    arrays = [arrow.array(*pair) for pair in zip(values, schema(arrow).types, strict=True)]
    return arrow.RecordBatch.from_arrays(arrays, list(_NAMES))


def check(path: Path, arrow: Any, found: Any) -> None:
    """Look whether columns can be messages.

    Raises:
        TrafficFileError: one is missing, or is of another kind.
    """
    kinds: dict[str, tuple[Callable[[Any], bool], str]] = {
        "time": (arrow.types.is_timestamp, "a timestamp"),
        "qos": (arrow.types.is_integer, "a whole number"),
        "retain": (arrow.types.is_boolean, "true or false"),
    }
    for name in _NEEDED:
        if name not in found.names:
            raise TrafficFileError(path, f"is no recorded traffic: it has no column {name}")
        is_right, what = kinds.get(name, (lambda _: True, ""))
        if not is_right(kind := found.field(name).type):
            raise TrafficFileError(path, f"its column {name} must be {what}, not {kind}")


def pieces(batch: Any) -> Iterator[Any]:
    """Yield a batch in pieces of at most BATCH messages, and BATCH_BYTES where all are alike."""
    fits = BATCH_BYTES * batch.num_rows // max(1, batch.nbytes)
    step = max(1, min(BATCH, fits))
    for start in range(0, batch.num_rows, step):
        yield batch.slice(start, step)


def rows_of(path: Path, arrow: Any, batch: Any) -> list[Recorded]:
    """Return the messages of a batch of columns.

    Raises:
        TrafficFileError: they are none.
    """
    try:
        values = [column.to_pylist() for column in _columns(arrow, batch)]
        _check_values(values)
        return [Recorded(*row) for row in zip(*values, _properties(batch), strict=True)]
    except (arrow.ArrowException, msgspec.DecodeError, TypeError, ValueError) as error:
        raise TrafficFileError(path, f"its columns are no traffic: {str(error)[:200]}") from error


def _columns(arrow: Any, batch: Any) -> list[Any]:
    time, topic, payload, qos, retain = (batch.column(name) for name in _NEEDED)
    for name, column in zip(_NEEDED, (time, topic, payload, qos, retain), strict=True):
        if column.null_count:
            raise ValueError(f"{name} is null in {column.null_count} of {len(column)} rows")
    # pandas writes ns, of which the last three digits are left out.
    whole_us = time.cast(arrow.timestamp("us"), safe=time.type.unit != "ns").cast(arrow.int64())
    return [whole_us, topic.cast(arrow.string()), payload.cast(arrow.binary()), qos, retain]


def _check_values(values: list[list[Any]]) -> None:
    times, qos = values[0], values[3]
    if qos and not 0 <= min(qos) <= max(qos) <= _HIGHEST_QOS:
        raise ValueError("qos must be 0, 1 or 2")
    if times and not _FIRST_US <= min(times) <= max(times) <= _LAST_US:
        raise ValueError("time must be of a year from 1 to 9999")


def _properties(batch: Any) -> list[KeptProperties | None]:
    if "properties" not in batch.schema.names:
        return [None] * batch.num_rows
    return [_decode(text) if text else None for text in batch.column("properties").to_pylist()]
