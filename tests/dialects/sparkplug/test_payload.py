"""Payloads: their bytes, and that whatever arrives is read or refused."""

import random

import pytest

from iotmock.dialects.sparkplug.payload import (
    NUMBERS,
    DataType,
    Heard,
    Metric,
    as_historical,
    decode,
    encode,
    timestamp_of,
)
from iotmock.dialects.sparkplug.protobuf import MalformedError, block, fields, varint, whole
from iotmock.dialects.sparkplug.readings import ReadingEncoder, metrics, milliseconds
from iotmock.model.reading import Reading

AT = "2025-08-11T12:00:00Z"
AT_MS = 1_754_913_600_000
READING = Reading("a.1", AT, 1.5, 239.5, 6.25, 12.345, "online", enabled=True)
AT_HEX = "80e481c88933"
OF_READING = (
    f"08{AT_HEX}"
    f"12150a05706f77657218{AT_HEX}2009650000c03f"
    f"12170a07766f6c7461676518{AT_HEX}20096500806f43"
    f"12170a0763757272656e7418{AT_HEX}2009650000c840"
    f"12160a06656e6572677918{AT_HEX}2009651f854541"
)
"""As the usual library writes it."""


def test_a_reading_has_the_bytes_of_the_specification() -> None:
    payload = ReadingEncoder().encode(READING)
    assert payload.hex() == OF_READING
    assert payload == encode(AT_MS, metrics(READING))
    assert timestamp_of(payload) == milliseconds(AT) == AT_MS


def test_readings_of_another_moment_have_its_time() -> None:
    encoder = ReadingEncoder()
    for timestamp in (AT, "2025-08-11T12:00:05.250Z", AT):
        reading = Reading("a", timestamp, 1.0, 2.0, 3.0, 4.0, "online", enabled=True)
        assert encoder.encode(reading) == encode(milliseconds(timestamp), metrics(reading))


def test_what_no_float_holds_is_infinite() -> None:
    reading = Reading("a", AT, 1e300, -1e300, 3.0, 4.0, "online", enabled=True)
    said = decode(ReadingEncoder().encode(reading))
    assert [metric.value for metric in said.metrics[:2]] == [float("inf"), float("-inf")]


@pytest.mark.parametrize(
    ("datatype", "value"),
    [
        (DataType.FLOAT, 30.1),
        (DataType.DOUBLE, 0.1),
        (DataType.BOOLEAN, True),
        (DataType.BOOLEAN, False),
        (DataType.STRING, "Föhn"),
        (DataType.INT64, -(1 << 63)),
        (DataType.INT64, 255),
        (DataType.INT32, -5),
        (DataType.INT8, -5),
        (DataType.UINT32, (1 << 32) - 1),
        (DataType.DATETIME, AT_MS),
        (DataType.FLOAT, None),
    ],
)
def test_a_value_is_read_as_it_was_written(datatype: DataType, value: bool | float | str) -> None:
    payload = encode(AT_MS, [Metric("a", datatype, value, "kW")]) + NUMBERS[200]
    said = decode(payload)
    assert (said.timestamp, said.seq) == (AT_MS, 200)
    assert said.metrics == (Heard("a", value),)


def test_history_is_said_of_every_metric_with_its_own_time_and_when_it_is_sent() -> None:
    payload = encode(AT_MS, metrics(READING))
    old = as_historical(payload, AT_MS + 60_000)
    assert decode(old).metrics == decode(payload).metrics
    assert decode(old).timestamp == AT_MS + 60_000
    parts = [content for number, content in fields(old) if number == 2]
    said = [dict(fields(part)) for part in parts if isinstance(part, bytes)]
    assert [(metric[3], metric[5]) for metric in said] == [(AT_MS, 1)] * 4


def test_what_is_not_known_is_passed_over() -> None:
    metric = block(1, b"a") + whole(2, 7) + block(8, b"metadata") + whole(14, 1) + whole(99, 1)
    assert decode(block(2, metric) + block(4, b"uuid") + whole(77, 3)).metrics == (
        Heard("a", True),
    )


@pytest.mark.parametrize(
    "payload",
    [
        b"\x12",  # no length
        b"\x12\x05abc",  # cut off
        b"\x0b",  # a group, which nobody writes any more
        b"\xff" * 11,  # a number that does not end
        block(2, b"\x65\x00"),  # half a float
        block(2, block(12, b"abc")),  # a float of three bytes
        block(2, block(1, b"\xff\xff")),  # a name that is no text
        block(2, whole(1, 7)),  # a name that is a number
        block(2, b"") * 1_001,
        whole(7, 1) * 40_000,  # which would take a while to read
    ],
)
def test_what_is_no_payload_is_refused(payload: bytes) -> None:
    with pytest.raises(MalformedError):
        decode(payload)


def test_whatever_comes_is_read_or_refused() -> None:
    rng = random.Random(7)
    good = encode(AT_MS, [*metrics(READING), Metric("b", DataType.STRING, "x")]) + NUMBERS[3]
    for _ in range(20_000):
        payload = bytearray(good[: rng.randrange(len(good))])
        for _ in range(rng.randrange(4)):
            payload.insert(rng.randrange(len(payload) + 1), rng.randrange(256))
        try:
            decode(bytes(payload))
        except MalformedError:
            continue


@pytest.mark.parametrize("value", [0, 1, 127, 128, 300, (1 << 64) - 1])
def test_a_whole_number_has_seven_bits_a_byte(value: int) -> None:
    assert len(varint(value)) == max(1, -(-value.bit_length() // 7))
    assert dict(fields(whole(1, value))) == {1: value}
