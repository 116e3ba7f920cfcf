"""Round numbers and times on axes."""

from itertools import pairwise

import pytest

from iotmock.charts.scales import Scale
from iotmock.charts.ticks import clock, elapsed_ticks, ticks

DAY = 86_400.0


@pytest.mark.parametrize(
    ("low", "high", "values"),
    [
        (0.0, 24.3, [0.0, 5.0, 10.0, 15.0, 20.0]),
        (229.0, 246.0, [230.0, 235.0, 240.0, 245.0]),
        (0.0, 0.0, [0.0]),
    ],
)
def test_grid_lines_are_round(low: float, high: float, values: list[float]) -> None:
    assert ticks(low, high) == values


@pytest.mark.parametrize("most", [0.0, 0.4, 1.0, 2.0, 3.0, 9.0, 24.0, 1_234.0, 5e6])
def test_what_is_counted_has_no_half_ones(most: float) -> None:
    labels = Scale.from_zero([most], whole=True).labels
    assert all(at == int(at) for at, _ in labels)
    assert 2 <= len(labels) <= 7
    assert all(later > sooner for (sooner, _), (later, _) in pairwise(labels))


def test_large_values_have_short_labels() -> None:
    labels = Scale.from_zero([2_400_000.0]).labels
    assert [text for _, text in labels] == ["0", "1 M", "2 M"]


def test_times_lie_on_decades() -> None:
    scale = Scale.of_times([3.0, 40.0, 9_000.0])
    assert [text for _, text in scale.labels] == ["1", "10", "100", "1,000", "10,000"]
    assert scale.place(100.0) == pytest.approx(2.0)
    assert scale.place(0.0) == scale.low


def test_a_scale_around_values_does_not_go_below_zero_for_nothing() -> None:
    assert Scale.around([0.0, 600.0]).low == 0.0
    assert Scale.around([-5.0, 5.0]).low < -5.0
    assert 225.0 < Scale.around([230.0, 245.0]).low < 230.0


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0"), (59, "59 s"), (90, "1 min 30 s"), (3_600, "1 h"), (90_061, "1 d 1 h")],
)
def test_times_are_for_people(seconds: float, text: str) -> None:
    assert clock(seconds) == text


@pytest.mark.parametrize("end", [0.5, 1.0, 7.0, 61.0, 3_599.0, DAY, 40 * DAY])
def test_the_time_has_a_few_labels(end: float) -> None:
    labels = elapsed_ticks(0.0, end)
    assert 1 <= len(labels) <= 10
    assert all(0.0 <= at <= end for at, _ in labels)


def test_two_days_have_hours() -> None:
    texts = [text for _, text in elapsed_ticks(0.0, 2 * DAY)]
    assert texts == ["0", "6 h", "12 h", "18 h", "1 d", "1 d 6 h", "1 d 12 h", "1 d 18 h", "2 d"]
