"""Files as users have them become weeks; what can not be read is one sentence with its place."""

import gzip
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from iotmock.history.formats import arrow
from iotmock.judge.piece import Cut
from iotmock.judge.series.batch import RealSeriesError
from iotmock.judge.series.columns import Wanted
from iotmock.judge.series.days import MOST_DEVICES
from iotmock.judge.series.read import MOST, Asked, read
from tests.judge.files import MONDAY, quarters, read_one, whole, written

pa, pq = arrow()
BERLIN = ZoneInfo("Europe/Berlin")


def with_comma(kw: float) -> str:
    return str(kw).replace(".", ",")


@pytest.fixture
def plain(tmp_path: Path) -> np.ndarray:
    return read_one(written(tmp_path / "plain.csv", quarters())).pieces[0].piece.powers


@pytest.mark.parametrize(
    ("head", "time", "power"),
    [
        ("timestamp,power", datetime.isoformat, str),
        ("Time;Leistung (kW)", lambda at: f"{at:%d.%m.%Y %H:%M}", with_comma),
        ("date,Usage_kWh", lambda at: f"{at:%d/%m/%Y %H:%M}", str),
        ("ts,active_power_w", lambda at: f"{at.timestamp():.0f}", lambda kw: f"{kw * 1000:.3f}"),
        ("ts,Power [W]", lambda at: f"{at.timestamp() * 1000:.0f}", lambda kw: f"{kw * 1000:.3f}"),
        ("Date;Time;Global_active_power", lambda at: f"{at:%d/%m/%Y;%H:%M:%S}", str),
        ("last_changed,state", lambda at: f"{at:%Y-%m-%dT%H:%M:%SZ}", str),
    ],
)  # fmt: skip
def test_headers_times_and_units_are_understood(
    tmp_path: Path,
    plain: np.ndarray,
    head: str,
    time: Callable[[datetime], str],
    power: Callable[[float], str],
) -> None:
    series = read_one(written(tmp_path / "a.csv", quarters(), head=head, time=time, power=power))
    assert whole(series)
    assert series.pieces[0].piece.powers == pytest.approx(plain)
    assert series.pieces[0].first_day == MONDAY.toordinal()


@pytest.mark.parametrize("zone", [None, "UTC"])
def test_a_parquet_file_says_the_same(tmp_path: Path, plain: np.ndarray, zone: str | None) -> None:
    rows = list(quarters())
    times = pa.array([at for at, _ in rows], pa.timestamp("ms", zone))
    table = pa.table({"when": times, "w": pa.array([1000.0 * kw for _, kw in rows])})
    pq.write_table(table, tmp_path / "a.parquet")
    series = read_one(tmp_path / "a.parquet", wanted=Wanted(time="when"))
    assert whole(series)
    assert series.pieces[0].piece.powers == pytest.approx(plain)


def test_a_compressed_file_says_the_same(tmp_path: Path, plain: np.ndarray) -> None:
    path = written(tmp_path / "a.csv", quarters())
    with path.open("rb") as file, gzip.open(tmp_path / "a.csv.gz", "wb") as packed:
        shutil.copyfileobj(file, packed)
    assert np.array_equal(read_one(tmp_path / "a.csv.gz").pieces[0].piece.powers, plain)


def test_days_are_those_of_the_place(tmp_path: Path, plain: np.ndarray) -> None:
    """Across the night in which clocks go back: 03:00 is there twice, and no week is lost."""
    begin = datetime(2025, 10, 20, tzinfo=BERLIN).astimezone(UTC)
    rows = ((at, float(at.astimezone(BERLIN).hour)) for at, _ in quarters(14.5, begin))
    path = written(tmp_path / "a.csv", rows)
    series = read_one(path, zone=BERLIN)
    assert whole(series)
    assert series.pieces[0].piece.powers == pytest.approx(np.tile(np.repeat(np.arange(24), 4), 7))


def test_a_time_without_a_zone_is_that_of_the_place(tmp_path: Path, plain: np.ndarray) -> None:
    path = written(tmp_path / "a.csv", quarters(), time=lambda at: f"{at:%Y-%m-%d %H:%M}")
    assert np.array_equal(read_one(path, zone=BERLIN).pieces[0].piece.powers, plain)


def test_what_is_missing_doubled_or_out_of_order_is_mended_and_said(
    tmp_path: Path, plain: np.ndarray
) -> None:
    rows, texts = list(quarters()), {-1.0: "", -2.0: "unavailable", -3.0: "NaN", -4.0: "inf"}
    for at, value in zip(range(30, 34), texts, strict=True):
        rows[at] = (rows[at][0], value)
    rows[10], rows[11] = rows[11], rows[10]
    rows.insert(20, (rows[19][0], 999.0))
    path = written(tmp_path / "a.csv", rows, power=lambda kw: texts.get(kw, str(kw)))
    series = read_one(path)
    found = series.found
    assert (found.rows, found.missing, found.doubled, found.backwards) == (1345, 4, 1, 1)
    assert series.cutting.bridged == 4
    plain[30:34] = plain[29]
    assert np.array_equal(series.pieces[0].piece.powers, plain)


def test_a_week_with_a_large_gap_is_left_out_and_small_ones_are_bridged(tmp_path: Path) -> None:
    rows = list(quarters(21))
    del rows[700:780]
    del rows[100:104]
    series = read_one(written(tmp_path / "a.csv", rows))
    assert [one.first_day - MONDAY.toordinal() for one in series.pieces] == [0, 14]
    assert (series.cutting.incomplete, series.cutting.bridged) == (1, 4)


def test_what_is_given_counts_where_more_is_given(tmp_path: Path, plain: np.ndarray) -> None:
    series = read_one(written(tmp_path / "a.csv", quarters(), power=lambda kw: str(-kw)))
    assert series.cutting.producing
    assert series.found.negative == 14 * 96
    assert np.array_equal(series.pieces[0].piece.powers, plain)


def test_devices_are_told_apart_by_column_and_by_file(tmp_path: Path) -> None:
    head = "timestamp,device_id,power"
    rows = [f"{at.isoformat()},{one},{one + kw}" for at, kw in quarters() for one in (1, 2)]
    (tmp_path / "a.csv").write_text("\n".join([head, *rows]))
    written(tmp_path / "b.csv", quarters())
    series = read([tmp_path / "a.csv", tmp_path / "b.csv"], Asked())
    assert series.devices == ["a/1", "a/2", "b"]
    assert len(series.pieces) == 6


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_several_columns_are_several_devices(tmp_path: Path, suffix: str) -> None:
    path, rows = tmp_path / f"a.{suffix}", list(quarters())
    table = pa.table(
        {
            "time": [f"{at:%Y-%m-%d %H:%M}" for at, _ in rows],
            "one": [kw for _, kw in rows],
            "other_w": [2000.0 * kw for _, kw in rows],
        }
    )
    if suffix == "csv":
        import_module("pyarrow.csv").write_csv(table, path)
    else:
        pq.write_table(table, path)
    series = read_one(path, wanted=Wanted(powers=("one", "other_w")))
    assert series.devices == ["a/one", "a/other_w"]
    assert series.pieces[2].mean_kw == pytest.approx(2.0 * series.pieces[0].mean_kw)


def test_with_one_week_days_are_compared(tmp_path: Path) -> None:
    series = read_one(written(tmp_path / "a.csv", quarters(9)))
    assert (series.cut, series.step_s, len(series.pieces)) == (Cut.DAY, 900.0, 9)


def test_of_many_pieces_some_are_looked_at(tmp_path: Path) -> None:
    rows = ((at, kw) for at, kw in quarters(MOST + 50) if at.minute == 0)
    series = read_one(written(tmp_path / "a.csv", rows), cut=Cut.DAY, step_s=3_600.0)
    assert (len(series.pieces), series.thinned_from) == (MOST, MOST + 50)


REFUSED = [
    ("", "must have a line of column names and lines of readings"),
    ("timestamp,power\n", "must have a line of column names and lines of readings"),
    ("when,much\n1,2\n", "has no column of powers; there are 'when', 'much': name it with"),
    ("when,power\n1,2\n", "has no column of times; there are 'when', 'power': name it with"),
    ("ts,power_a,power_b\n1,2,3\n", "has several of powers, 'power_a', 'power_b': name it"),
    (
        "ts,power\n2025-01-01T00:00,1\n2025-01-01T00:15,abc\n",
        "line 3, column 'power': 'abc' is no number; where nothing was measured it must be empty",
    ),
    (
        "ts,power\n2025-01-01T00:00,1\n2025-01-01T00:15,1\nyesterday,1\n",
        "line 4, column 'ts': 'yesterday' is no time: it must be a time such as 2025-01-31 13:45",
    ),
    ("ts,power\n2025-01-01T00:00,1\n2025-01-01T00:15,1\n2025-01-01T00:30\n", "line 4 has too few"),
    ("ts,power\n01/02/2025 00:00,1\n01/02/2025 00:15,1\n", "does not show whether the day or the"),
    ("2025-01-01T00:00,1\n2025-01-01T00:15,1\n", "must name its columns in its first line, as"),
    (
        "ts,power,id\n2025-01-01T00:00,1,a\n2025-01-01T00:15,1,a\n2025-01-01T00:30,1\n",
        "line 4 has too few columns",
    ),
    ("ts,power\n2025-01-01T00:00,1\n", "has fewer than two times that can be read"),
    ("ts,power\n2025-01-01,1\n2025-01-03,1\n2025-01-05,1\n", "has a reading every 172800 s, and"),
    (
        "ts,power\n2025-01-01T00:00,1\n2025-01-01T00:15,1\n",
        "has 0 whole weeks, Monday to Sunday, and 2 are needed: 1 miss more than 10%, 0 have no",
    ),
]


@pytest.mark.parametrize(("text", "reason"), REFUSED)
def test_what_is_no_series_is_refused_with_its_place(
    tmp_path: Path, text: str, reason: str
) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(text)
    with pytest.raises(RealSeriesError) as caught:
        read_one(path)
    assert str(caught.value).startswith(f"{path}: {reason}")


def test_powers_of_nothing_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", quarters(), power=lambda _: "0")
    with pytest.raises(RealSeriesError, match="0 miss more than 10%, 2 have no power"):
        read_one(path)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\xff\xfe\x00", "is no CSV file in UTF-8"),
        (b"ts,power\n\x00,1\n2,2\n", "line 2, column 'ts'"),
    ],
)
def test_bytes_are_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    with pytest.raises(RealSeriesError, match=reason):
        read_one(path, wanted=Wanted())


def test_a_parquet_file_that_is_none_or_has_no_numbers_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    path.write_bytes(b"PAR1 but not really")
    with pytest.raises(RealSeriesError, match="is no Parquet file, or a damaged one"):
        read_one(path)
    pq.write_table(pa.table({"ts": ["2025-01-01", "2025-01-02"], "power": ["much", "1"]}), path)
    with pytest.raises(RealSeriesError, match="column 'power' has string and must have numbers"):
        read_one(path)
    pq.write_table(pa.table({"ts": ["2025-01-01", "never"], "power": [1, 2]}), path)
    with pytest.raises(RealSeriesError, match="row 2, column 'ts': 'never' is no time"):
        read_one(path)


def test_more_devices_than_are_kept_are_refused(tmp_path: Path) -> None:
    rows = [
        f"2025-01-01T{hour:02}:00,{one},1" for one in range(MOST_DEVICES + 1) for hour in (0, 1)
    ]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(["ts,id,power", *rows]))
    with pytest.raises(RealSeriesError, match="has more than 1,000 devices"):
        read_one(path)
