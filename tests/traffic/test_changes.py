"""What a replay changes of a message, and when each is due."""

from collections.abc import Iterator
from math import inf

import pytest

from iotmock.traffic.errors import TrafficError
from iotmock.traffic.playing.plan import Plan
from iotmock.traffic.playing.schedule import Schedule
from iotmock.traffic.playing.timestamps import with_shifted
from iotmock.traffic.playing.topic_map import TopicMap
from iotmock.traffic.recorded import Recorded

HOUR_US = 3_600_000_000


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b'{"timestamp":"2026-03-01T22:59:59Z"}', b'{"timestamp":"2026-03-01T23:59:59Z"}'),
        (
            b'[ {"timestamp" : "2026-02-28T23:00:00.1250+01:00", "v":1.50} ]',
            b'[ {"timestamp" : "2026-03-01T00:00:00.1250+01:00", "v":1.50} ]',
        ),
        (
            b'{"a":{"timestamp":"2026-12-31 23:30:00.5z"},"timestamp":"2026-01-01T00:00:00Z"}',
            b'{"a":{"timestamp":"2027-01-01 00:30:00.5z"},"timestamp":"2026-01-01T01:00:00Z"}',
        ),
    ],
)
def test_every_timestamp_keeps_its_form(before: bytes, after: bytes) -> None:
    assert with_shifted(before, lambda at_us: at_us + HOUR_US) == after


@pytest.mark.parametrize(
    "payload",
    [
        b'{"timestamp":"2026-03-01T22:59:59"}',  # of which zone?
        b'{"timestamp":"2026-02-31T00:00:00Z"}',
        b'{"timestamp":1772406000}',
        b'{"time":"2026-03-01T22:59:59Z"}',
        b'{"timestamp":"2026-03-01T22:59:59Z"',  # no JSON
        b'"timestamp":"2026-03-01T22:59:59Z"',
        b'{"text":"\\"timestamp\\":\\"2026-03-01T22:59:59Z\\""}',
        b"\xff{",
        b"",
    ],
)
def test_what_is_no_timestamp_stays_to_the_byte(payload: bytes) -> None:
    assert with_shifted(payload, lambda at_us: at_us + HOUR_US) == payload


def test_the_first_map_that_fits_replaces_whole_levels() -> None:
    mapped = TopicMap.of(["site/a=x", "site=y/z", "old="])
    assert mapped("site/a/data") == "x/data"
    assert mapped("site/ab/data") == "y/z/ab/data"
    assert mapped("site") == "y/z"
    assert mapped("sites/a") == "sites/a"
    assert mapped("old/b") == "b"
    assert TopicMap.of(["=test"])("a/b") == "test/a/b"


@pytest.mark.parametrize("text", ["", "a", "a=a", "a/#=b", "a=+/b", "="])
def test_a_map_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(TrafficError, match="--map"):
        TopicMap.of([text])


def test_moments_follow_from_the_begin_alone() -> None:
    schedule = Schedule(start=100.0, start_unix=5e8, first_us=7_000_000, speed=10.0)
    assert schedule.due(7_000_000) == 100.0
    assert schedule.due(17_000_000) == 101.0
    assert schedule.due(6_000_000) == 100.0
    assert schedule.due(17_000_000, begun_us=20_000_000) == 103.0
    assert schedule.shifted_us(17_000_000) == 500_000_001_000_000
    assert Schedule(100.0, 5e8, 0, inf).due(HOUR_US) == 100.0


class Given:
    """A file of messages at these moments (s)."""

    total: int | None = None
    cut: str | None = None

    def __init__(self, *moments: int) -> None:
        self.rows = [Recorded(round(at * 1e6), "a", b"", at % 3) for at in moments]

    def batches(self) -> Iterator[list[Recorded]]:
        yield from (self.rows[:2], self.rows[2:])


def test_passes_follow_one_another_at_the_mean_distance() -> None:
    plan = Plan(Given(1, 2, 5), Schedule(0.0, 0.0, 1_000_000), loops=3)
    due = [message.due for batch in plan.batches() for message in batch]
    assert due == [0, 1, 4, 6, 7, 10, 12, 13, 16]


def test_times_that_go_back_change_no_order() -> None:
    plan = Plan(Given(1, 3, 2), Schedule(0.0, 0.0, 1_000_000), qos=1)
    messages = [message for batch in plan.batches() for message in batch]
    assert [message.due for message in messages] == [0, 2, 2]
    assert {message.qos for message in messages} == {1}
