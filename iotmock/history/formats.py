"""Files of readings: CSV, JSON lines, InfluxDB line protocol, Parquet."""

import re
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from iotmock.history.series import Row

CSV_HEADER = "timestamp,device_id,power,voltage,current,energy"
MEASUREMENT = "energy"
_BATCH = 65_536
_TAG_SPECIALS = re.compile(r"([,= ])")


class Format(StrEnum):
    """How readings are written."""

    CSV = "csv"
    JSONL = "jsonl"
    PARQUET = "parquet"
    INFLUX = "influx"


class MissingExtraError(Exception):
    """A format needs a package that is not installed."""

    def __init__(self, wanted: str, extra: str) -> None:
        super().__init__(f"{wanted} needs the extra: pip install 'iotmock[{extra}]'")


def csv_lines(rows: Iterable[Row], _device_type: str) -> Iterator[str]:
    """Yield a header and a line per reading: UTC, kW, V, A, kWh."""
    yield CSV_HEADER
    for _, reading in rows:
        yield (
            f"{reading.timestamp},{reading.device_id},{reading.power},{reading.voltage},"
            f"{reading.current},{reading.energy}"
        )


def json_lines(rows: Iterable[Row], _device_type: str) -> Iterator[str]:
    """Yield the data messages of contract.md, section 2."""
    encode = msgspec.json.Encoder().encode
    for _, reading in rows:
        yield encode(reading).decode()


def influx_lines(rows: Iterable[Row], device_type: str) -> Iterator[str]:
    """Yield points in line protocol, times in ns.

    Source: InfluxDB v2, reference, "Line protocol".
    """
    kind = _TAG_SPECIALS.sub(r"\\\1", device_type)
    for now, reading in rows:
        yield (
            f"{MEASUREMENT},device_id={reading.device_id},device_type={kind} "
            f"power={reading.power},voltage={reading.voltage},current={reading.current},"
            f"energy={reading.energy} {round(now * 1000.0) * 1_000_000}"
        )


LINES: dict[Format, Callable[[Iterable[Row], str], Iterator[str]]] = {
    Format.CSV: csv_lines,
    Format.JSONL: json_lines,
    Format.INFLUX: influx_lines,
}


def arrow() -> tuple[Any, Any]:
    """Return the modules `pyarrow` and `pyarrow.parquet`.

    Raises:
        MissingExtraError: pyarrow is not installed.
    """
    try:
        return import_module("pyarrow"), import_module("pyarrow.parquet")
    except ImportError as error:
        raise MissingExtraError("Parquet", "parquet") from error


def write_parquet(rows: Iterable[Row], path: Path) -> None:
    """Write a Parquet file: timestamp (ms, UTC), device_id, power, voltage, current, energy.

    Raises:
        MissingExtraError: pyarrow is not installed.
        OSError: the file can not be written.
    """
    pa, parquet = arrow()
    numbers = [pa.field(name, pa.float64()) for name in ("power", "voltage", "current", "energy")]
    times = pa.field("timestamp", pa.timestamp("ms", tz="UTC"))
    schema = pa.schema([times, pa.field("device_id", pa.string()), *numbers])
    remaining = iter(rows)
    with parquet.ParquetWriter(path, schema) as writer:
        while batch := list(islice(remaining, _BATCH)):
            writer.write_table(pa.Table.from_pylist([_columns(row) for row in batch], schema))


def _columns(row: Row) -> dict[str, object]:
    reading = row.reading
    return {
        "timestamp": round(row.now * 1000.0),
        "device_id": reading.device_id,
        "power": reading.power,
        "voltage": reading.voltage,
        "current": reading.current,
        "energy": reading.energy,
    }
