"""Files of series, written as users' tools write them."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from iotmock.judge.piece import Cut
from iotmock.judge.series.read import Asked, RealSeries, read

MONDAY = datetime(2025, 6, 2, tzinfo=UTC)
Row = tuple[datetime, float]


def quarters(days: float = 14.0, begin: datetime = MONDAY) -> Iterable[Row]:
    """Yield a kW for each quarter of an hour: its hour, and a little for each day."""
    for number in range(round(days * 96)):
        at = begin + timedelta(minutes=15 * number)
        yield at, 1.0 + at.hour + 0.1 * (at.toordinal() % 7)


def written(
    path: Path,
    rows: Iterable[Row],
    *,
    head: str = "timestamp,power",
    time: Callable[[datetime], str] = datetime.isoformat,
    power: Callable[[float], str] = str,
) -> Path:
    delimiter = ";" if ";" in head else ","
    lines = [f"{time(at)}{delimiter}{power(kw)}" for at, kw in rows]
    path.write_text("\n".join([head, *lines, ""]), encoding="utf-8")
    return path


def read_one(path: Path, **asked: object) -> RealSeries:
    return read([path], Asked(**asked))  # type: ignore[arg-type]


def whole(series: RealSeries) -> bool:
    """Say whether it has the two weeks that `quarters` makes, as they are."""
    return series.cut is Cut.WEEK and len(series.pieces) == 2
