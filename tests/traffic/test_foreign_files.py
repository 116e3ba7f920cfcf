"""Files of another hand, and broken ones: each is one line, and nothing is taken for traffic."""

import os
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest

from iotmock.traffic.errors import TrafficFileError
from iotmock.traffic.files.formats import reader_of, writer_of
from iotmock.traffic.recorded import Recorded

arrow = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")
MOMENT = datetime(2026, 3, 1, 22, tzinfo=UTC)
US = int(MOMENT.timestamp() * 1e6)


def columns(**others: Any) -> dict[str, Any]:
    usual = {"topic": ["a"], "payload": [b"x"], "qos": [1], "retain": [False]}
    return {"time": arrow.array([US], arrow.timestamp("us", tz="UTC")), **usual, **others}


def read(path: Path) -> list[Recorded]:
    return [row for rows in reader_of(path).batches() for row in rows]


@pytest.mark.parametrize(
    "others",
    [
        {"time": lambda: arrow.array([US * 1000 + 999], arrow.timestamp("ns"))},
        {"time": lambda: arrow.array([US // 1000], arrow.timestamp("ms", tz="Europe/Berlin"))},
        {"payload": lambda: arrow.array(["x"])},
        {"topic": lambda: arrow.array(["a"]).dictionary_encode()},
        {"qos": lambda: arrow.array([1], arrow.int64()), "more": lambda: ["of no matter"]},
    ],
)
def test_what_means_the_same_is_read(
    tmp_path: Path, others: dict[str, Callable[[], object]]
) -> None:
    made = {name: make() for name, make in others.items()}
    parquet.write_table(arrow.table(columns(**made)), tmp_path / "a.parquet")
    assert read(tmp_path / "a.parquet") == [Recorded(US, "a", b"x", 1)]


@pytest.mark.parametrize(
    ("others", "why"),
    [
        ({"time": lambda: [US]}, "column time must be a timestamp, not int64"),
        ({"time": lambda: ["2026-03-01"]}, "column time must be a timestamp, not string"),
        ({"qos": lambda: ["1"]}, "column qos must be a whole number, not string"),
        ({"retain": lambda: [0]}, "column retain must be true or false, not int64"),
        ({"qos": lambda: [3]}, "qos must be 0, 1 or 2"),
        ({"qos": lambda: arrow.array([None], arrow.uint8())}, "qos is null in 1 of 1 rows"),
        ({"topic": lambda: arrow.array([None], arrow.string())}, "topic is null"),
        ({"payload": lambda: [1.5]}, "its columns are no traffic"),
        ({"properties": lambda: ["{"]}, "its columns are no traffic"),
        ({"time": lambda: arrow.array([2**40], arrow.timestamp("s"))}, "year from 1 to 9999"),
    ],
)
def test_what_is_no_traffic_is_said(
    tmp_path: Path, others: dict[str, Callable[[], object]], why: str
) -> None:
    made = {name: make() for name, make in others.items()}
    parquet.write_table(arrow.table(columns(**made)), tmp_path / "a.parquet")
    with pytest.raises(TrafficFileError, match=why):
        read(tmp_path / "a.parquet")


def recorded(path: Path, count: int) -> bytes:
    writer = writer_of(path)
    writer.write([Recorded(US + number, "a", b"%d" % number) for number in range(count)])
    writer.finish()
    return path.read_bytes()


def test_a_parquet_file_that_is_cut_off_or_spoilt_is_one_error(tmp_path: Path) -> None:
    whole, broken = recorded(tmp_path / "a.parquet", 5_000), tmp_path / "b.parquet"
    for length in (0, 3, 4, 100, len(whole) // 2, len(whole) - 1):
        broken.write_bytes(whole[:length])
        with pytest.raises(TrafficFileError, match="is no Parquet file"):
            read(broken)
    broken.write_bytes(whole[:100] + bytes(2_000) + whole[2_100:])
    with pytest.raises(TrafficFileError, match="can not be read on"):
        read(broken)


@pytest.mark.parametrize("name", ["a.parquet", "a.jsonl", "a.parquet.part"])
def test_large_messages_are_read_a_few_at_a_time(tmp_path: Path, name: str) -> None:
    rows = [Recorded(US, "a", bytes(1 << 20), number % 3) for number in range(20)]
    writer = writer_of(tmp_path / name.removesuffix(".part"))
    writer.write(rows)
    if name.endswith(".part"):
        writer.abandon()
    else:
        writer.finish()
    batches = list(reader_of(tmp_path / name).batches())
    assert [row for batch in batches for row in batch] == rows
    assert max(map(len, batches)) <= 4


def test_ctrl_c_while_the_file_is_made_leaves_the_stream(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    writer = writer_of(tmp_path / "a.parquet")
    writer.write([Recorded(US, "a", b"x")])
    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        writer.finish()
    assert os.listdir(tmp_path) == ["a.parquet.part"]
    assert read(tmp_path / "a.parquet.part") == [Recorded(US, "a", b"x")]
    with pytest.raises(TrafficFileError, match="did not end in order; move it first"):
        writer_of(tmp_path / "a.parquet")


@pytest.mark.parametrize("name", ["a.parquet", "a.jsonl", "a.parquet.part"])
def test_a_folder_is_no_file(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    with pytest.raises(IsADirectoryError, match=name):
        read(tmp_path / name)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ("", "there must be either payload or payload_base64"),
        (', "message": "x"', "there must be either payload or payload_base64"),
        (', "payload": "x", "payload_base64": "eA=="', "there must be either"),
        (', "payload_base64": "?"', "payload_base64"),
    ],
)
def test_a_line_without_its_payload_is_not_sent_empty(tmp_path: Path, more: str, why: str) -> None:
    line = f'{{"time": "2026-03-01T22:00:00Z", "topic": "a"{more}}}\n'
    (tmp_path / "a.jsonl").write_text(line)
    with pytest.raises(TrafficFileError, match=f"line 1: .*{why}"):
        read(tmp_path / "a.jsonl")


def spoilt(whole: bytes, random: Random) -> bytes:
    """Return a file with some bytes changed, and perhaps without some or its end."""
    changed = bytearray(whole)
    for _ in range(random.choice((1, 2, 8))):
        changed[random.randrange(len(changed))] = random.randrange(256)
    at = random.randrange(len(changed))
    del changed[at : at + random.choice((0, 0, 100, len(changed)))]
    return bytes(changed)


@pytest.mark.parametrize("name", ["a.parquet", "a.parquet.part", "a.jsonl"])
def test_whatever_is_spoilt_is_an_error_of_the_file_or_left_out(tmp_path: Path, name: str) -> None:
    writer = writer_of(tmp_path / name.removesuffix(".part"))
    for begin in range(0, 1_200, 300):
        writer.write([Recorded(US + n, f"a/{n % 7}", b"%d" % n) for n in range(begin, begin + 300)])
    if name.endswith(".part"):
        writer.abandon()
    else:
        writer.finish()
    whole, random = (tmp_path / name).read_bytes(), Random(1)
    for _ in range(150):
        (tmp_path / name).write_bytes(spoilt(whole, random))
        with suppress(TrafficFileError):
            read(tmp_path / name)
