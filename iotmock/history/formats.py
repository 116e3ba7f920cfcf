"""Files of readings: CSV, JSON lines, InfluxDB line protocol, Parquet."""

import re
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import asdict

from iotmock.history.series import Row
from iotmock.model.reading import Reading

CSV_HEADER = "timestamp,device_id,power,voltage,current,energy"
FLEET_CSV_HEADER = ",".join(Reading.__struct_fields__)
"""The data message's, in its order."""
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


def csv_lines(rows: Iterable[Row]) -> Iterator[str]:
    """Yield a header and a line per reading: UTC, kW, V, A, kWh."""
    yield CSV_HEADER
    for _, reading, _ in rows:
        yield (
            f"{reading.timestamp},{reading.device_id},{reading.power},{reading.voltage},"
            f"{reading.current},{reading.energy}"
        )


def csv_lines_of_fleets(rows: Iterable[Row]) -> Iterator[str]:
    """Yield a header and a line per reading, with the fields of the data message in its order."""
    yield FLEET_CSV_HEADER
    for _, reading, _ in rows:
        enabled = "true" if reading.enabled else "false"
        yield (
            f"{reading.device_id},{reading.timestamp},{reading.power},{reading.voltage},"
            f"{reading.current},{reading.energy},{reading.status},{enabled}"
        )


def json_lines(rows: Iterable[Row]) -> Iterator[str]:
    """Yield the data messages of contract.md, section 2."""
    encode = msgspec.json.Encoder().encode
    for _, reading, _ in rows:
        yield encode(reading).decode()


def influx_lines(rows: Iterable[Row]) -> Iterator[str]:
    """Yield points in line protocol, times in ns.

    Source: InfluxDB v2, reference, "Line protocol".
    """
    for now, reading, device_type in rows:
        kind = _TAG_SPECIALS.sub(r"\\\1", device_type)
        yield (
            f"{MEASUREMENT},device_id={reading.device_id},device_type={kind} "
            f"power={reading.power},voltage={reading.voltage},current={reading.current},"
            f"energy={reading.energy} {round(now * 1000.0) * 1_000_000}"
        )


Lines = Callable[[Iterable[Row]], Iterator[str]]

LINES: dict[Format, Lines] = {
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


def write_parquet(rows: Iterable[Row], path: Path, *, of_fleet: bool = False) -> None:
    """Write a Parquet file: timestamp (ms, UTC), device_id, power, voltage, current, energy.

    Of a fleet it has the fields of the data message in its order.

    Raises:
        MissingExtraError: pyarrow is not installed.
        OSError: the file can not be written.
    """
    pa, parquet = arrow()
    schema = _schema(pa, FLEET_CSV_HEADER if of_fleet else CSV_HEADER)
    remaining = iter(rows)
    with parquet.ParquetWriter(path, schema) as writer:
        while batch := list(islice(remaining, _BATCH)):
            columns = [_columns(row) for row in batch]
            writer.write_table(pa.Table.from_pylist(columns, schema))


def _schema(pa: Any, header: str) -> Any:
    texts = {"device_id": pa.string(), "status": pa.string(), "enabled": pa.bool_()}
    types = {"timestamp": pa.timestamp("ms", tz="UTC"), **texts}
    return pa.schema([(name, types.get(name, pa.float64())) for name in header.split(",")])


def _columns(row: Row) -> dict[str, object]:
    # What the schema does not name is left out.
    return {**asdict(row.reading), "timestamp": round(row.now * 1000.0)}
