"""The histogram: quantiles that are never too low, and never above what was seen."""

from math import inf

from hypothesis import given
from hypothesis import strategies as st

from iotmock.actors.time.histogram import BOUNDS_S, Histogram

times_s = st.lists(st.floats(0.0, 1e5), min_size=1, max_size=50)


def filled(times: list[float]) -> Histogram:
    histogram = Histogram()
    for took_s in times:
        histogram.note(took_s)
    return histogram


@given(times_s, st.floats(0.01, 1.0))
def test_as_many_as_asked_for_were_within_a_quantile(times: list[float], share: float) -> None:
    quantile = filled(times).quantile(share)
    within = sum(took_s <= quantile for took_s in times)
    assert within >= share * len(times) - 1e-6
    assert quantile <= max(times)


def test_a_quantile_is_at_most_a_third_too_high() -> None:
    histogram = filled([0.010] * 99 + [1.0])
    assert 0.010 <= histogram.quantile(0.5) <= 0.0134
    assert histogram.quantile(1.0) == 1.0


@given(times_s, times_s)
def test_a_sum_holds_both(ones: list[float], others: list[float]) -> None:
    both, together = filled(ones) + filled(others), filled(ones + others)
    assert both.counts == together.counts
    assert both.max_s == together.max_s


@given(times_s)
def test_buckets_are_cumulated_up_to_all(times: list[float]) -> None:
    buckets = list(filled(times).cumulated())
    assert buckets[-1] == (inf, len(times))
    assert all(count == sum(took_s <= bound for took_s in times) for bound, count in buckets)


def test_nothing_counted_is_nothing() -> None:
    assert Histogram().quantile(0.99) == 0.0
    assert len(BOUNDS_S) < 100
