"""The time of a place."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from iotmock.charts.axes import Local, OneDay

BERLIN = ZoneInfo("Europe/Berlin")
DAY = 86_400.0


def local(begin: str, end: str, zone: ZoneInfo = BERLIN) -> Local:
    moments = (datetime.fromisoformat(text).replace(tzinfo=zone) for text in (begin, end))
    low, high = (moment.timestamp() for moment in moments)
    return Local(low, high, zone)


def shown(axis: Local, moments: list[float]) -> list[str]:
    return [f"{datetime.fromtimestamp(at, axis.zone):%d.%m. %H:%M}" for at in moments]


def test_midnights_are_those_of_the_place_when_clocks_change() -> None:
    axis = local("2025-03-29T12:00", "2025-03-31T12:00")
    assert shown(axis, axis.lines()) == ["30.03. 00:00", "31.03. 00:00"]
    first, second = axis.lines()
    assert second - first == 23 * 3_600.0


@pytest.mark.parametrize(
    ("begin", "end", "name"),
    [("2025-03-01", "2025-05-01", "CEST"), ("2025-09-01", "2025-11-30", "CET")],
)
def test_changes_of_clocks_are_found_to_the_second(begin: str, end: str, name: str) -> None:
    (_, _, _), (at, ahead, called) = local(begin, end).offsets
    assert at % 3_600.0 == 0.0
    assert called == name
    before, after = (datetime.fromtimestamp(at + step, BERLIN) for step in (-1.0, 0.0))
    assert before.utcoffset() != after.utcoffset()
    offset = after.utcoffset()
    assert offset is not None
    assert offset.total_seconds() == ahead


def test_two_days_have_hours_and_the_name_of_the_day_at_midnight() -> None:
    axis = local("2025-06-02", "2025-06-04")
    texts = [text for _, text in axis.ticks(9.0)]
    assert texts == [
        "Mon 02 Jun", "06:00", "12:00", "18:00",
        "Tue 03 Jun", "06:00", "12:00", "18:00", "Wed 04 Jun",
    ]  # fmt: skip


@pytest.mark.parametrize("days", [0.01, 0.5, 1, 3, 7, 20, 60, 365, 3_650])
def test_whatever_the_length_there_are_a_few_labels_in_order(days: float) -> None:
    begin = datetime(2025, 2, 11, 9, 30, tzinfo=BERLIN).timestamp()
    found = Local(begin, begin + days * DAY, BERLIN).ticks(9.0)
    moments = [at for at, _ in found]
    assert moments == sorted(set(moments))
    assert 1 <= len(found) <= 12


def test_a_year_has_months_and_no_wall_of_nights() -> None:
    axis = local("2025-01-01", "2026-01-01")
    assert axis.ticks(9.0)[0][1] == "Jan 2025"
    assert len(axis.lines()) == 13
    assert shown(axis, axis.lines())[6] == "01.07. 00:00"


def test_an_hour_that_clocks_leave_out_is_left_out() -> None:
    axis = local("2025-03-30T00:00", "2025-03-30T06:00")
    texts = [text for _, text in axis.ticks(8.0)]
    assert "02:00" not in texts
    assert {"01:00", "03:00"} <= set(texts)


def test_a_day_goes_from_midnight_to_midnight() -> None:
    assert [text for _, text in OneDay().ticks(9.0)][::4] == ["00:00", "12:00", "24:00"]
