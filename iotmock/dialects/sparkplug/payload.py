"""Sparkplug's payload: metrics with a name, a time, a datatype and a value.

Field numbers are those of `sparkplug_b.proto` (Sparkplug 3.0.0, 6.4.3). What we do not say
(aliases, templates, data sets, metadata) is not here; what we do not read is passed over.
"""

from collections.abc import Iterable, Mapping
from enum import IntEnum
from functools import lru_cache
from typing import Any

import msgspec
from attrs import frozen

from iotmock.dialects.sparkplug import protobuf
from iotmock.dialects.sparkplug.protobuf import MalformedError, block, double, single, whole

Value = bool | int | float | str
_MOST_METRICS = 1_000
"""Of one command: each is answered."""
_MOST_BYTES = 65_536
"""Of one message: to read a megabyte of fields would keep all devices waiting for a second."""


class DataType(IntEnum):
    """Sparkplug 3.0.0, 6.4.16; those that metrics of devices and commands to them have."""

    INT8 = 1
    INT16 = 2
    INT32 = 3
    INT64 = 4
    UINT8 = 5
    UINT16 = 6
    UINT32 = 7
    UINT64 = 8
    FLOAT = 9
    DOUBLE = 10
    BOOLEAN = 11
    STRING = 12
    DATETIME = 13
    TEXT = 14


_SIGNED = {DataType.INT8: 8, DataType.INT16: 16, DataType.INT32: 32, DataType.INT64: 64}


@frozen
class Metric:
    """One value. `value` None is none: `is_null`. `unit` goes along as the property `engUnit`."""

    name: str
    datatype: DataType
    value: Value | None
    unit: str = ""


@frozen
class Heard:
    """A metric that has arrived; without a name where it has only an alias."""

    name: str
    value: Value | None


@frozen
class Payload:
    """What has arrived: a time in ms, metrics, and the number of the message."""

    timestamp: int | None
    metrics: tuple[Heard, ...]
    seq: int | None


def encode(at_ms: int, metrics: Iterable[Metric]) -> bytes:
    """Return a payload; its number is to be put at its end: see `NUMBERS`."""
    return whole(1, at_ms) + b"".join(block(2, _metric(one, at_ms)) for one in metrics)


NUMBERS = [whole(3, number) for number in range(256)]
"""The field `seq`, which is the last of a payload."""
HISTORICAL = whole(5, 1)


def _metric(metric: Metric, at_ms: int) -> bytes:
    head = _name(metric.name) + _time(at_ms) + whole(4, metric.datatype)
    properties = _unit(metric.unit) if metric.unit else b""
    if metric.value is None:
        return head + whole(7, 1) + properties
    return head + properties + _value(metric.datatype, metric.value)


@lru_cache(maxsize=256)
def _name(name: str) -> bytes:
    return block(1, name.encode())


@lru_cache(maxsize=16)
def _time(at_ms: int) -> bytes:
    return whole(3, at_ms)


@lru_cache(maxsize=64)
def _unit(unit: str) -> bytes:
    value = whole(1, DataType.STRING) + block(8, unit.encode())
    return block(9, block(1, b"engUnit") + block(2, value))


def _value(datatype: DataType, value: Value) -> bytes:
    match datatype:
        case DataType.FLOAT:
            return single(12, float(value))
        case DataType.DOUBLE:
            return double(13, float(value))
        case DataType.BOOLEAN:
            return whole(14, bool(value))
        case DataType.STRING | DataType.TEXT:
            return block(15, str(value).encode())
        case DataType.INT64 | DataType.UINT32 | DataType.UINT64 | DataType.DATETIME:
            return whole(11, int(value))
    return whole(10, int(value) & 0xFFFF_FFFF)


def as_historical(payload: bytes, at_ms: int) -> bytes:
    """Return data, which has no number yet, as history that is sent at `at_ms`.

    What a fault has spoilt stays as it is.
    """
    try:
        said = [content for number, content in protobuf.fields(payload) if number == 2]
    except MalformedError:
        return payload
    metrics = (block(2, one + HISTORICAL) for one in said if isinstance(one, bytes))
    return whole(1, at_ms) + b"".join(metrics)


def timestamp_of(payload: bytes) -> int:
    """Return the time of a payload that we have made, ms.

    Raises:
        MalformedError: it is none.
    """
    return protobuf.read_varint(payload, 1)[0]


def decode(data: bytes) -> Payload:
    """Return what a payload says.

    Raises:
        MalformedError: it is none, or there is too much in it.
    """
    if len(data) > _MOST_BYTES:
        raise MalformedError(f"it has more than {_MOST_BYTES:,} bytes")
    timestamp, seq, metrics = None, None, list[Heard]()
    for number, content in protobuf.fields(data):
        match number, content:
            case 1, int():
                timestamp = content
            case 2, bytes():
                metrics.append(_heard(content))
            case 3, int():
                seq = content
        if len(metrics) > _MOST_METRICS:
            raise MalformedError(f"there are more than {_MOST_METRICS} metrics")
    return Payload(timestamp, tuple(metrics), seq)


def as_text(data: bytes) -> str:
    """Return a payload as JSON, for people: when (ms), the metrics, the number if it has one.

    Raises:
        MalformedError: it is none.
    """
    payload = decode(data)
    said: dict[str, Any] = {"timestamp": payload.timestamp}
    said["metrics"] = {metric.name: metric.value for metric in payload.metrics}
    if payload.seq is not None:
        said["seq"] = payload.seq
    return msgspec.json.encode(said).decode()


def readable(data: bytes) -> str:
    """Return for people the metrics of a payload.

    Raises:
        MalformedError: it is none.
    """
    return ", ".join(f"{metric.name}={metric.value}" for metric in decode(data).metrics)


def _heard(data: bytes) -> Heard:
    found = dict(protobuf.fields(data))
    name = found.get(1, b"")
    return Heard(_text(name), None if found.get(7) else _said(found))


def _said(found: Mapping[int, int | bytes]) -> Value | None:
    for number, content in found.items():
        match number, content:
            case 10 | 11, int():
                return _whole(found.get(4), content, 32 if number == 10 else 64)
            case 12, bytes():  # as many digits as it has: 30.1, and not 30.10000038
                return float(f"{protobuf.float_of(content):.7g}")
            case 13, bytes():
                return protobuf.float_of(content)
            case 14, int():
                return bool(content)
            case 15, bytes():
                return _text(content)
    return None


def _whole(datatype: object, value: int, bits: int) -> int:
    """Return what a value stands for: 3.0.0 has negative ones as two's complement."""
    of_type = _SIGNED.get(datatype)  # type: ignore[call-overload]
    return protobuf.signed(value, of_type or bits) if of_type or datatype is None else value


def _text(content: int | bytes) -> str:
    if isinstance(content, int):
        raise MalformedError("a text is a number")
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise MalformedError("a text is not UTF-8") from None
