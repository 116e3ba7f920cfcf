"""Latency: our buckets are HDR's, and histograms of many workers add up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iotmock.verification.latency import (
    HIGHEST_US,
    Latency,
    Quantiles,
    empty_histogram,
    merged,
    quantiles,
)

latencies = st.lists(st.integers(1, HIGHEST_US) | st.integers(1, 5_000), max_size=50)


def recorded(values: list[int]) -> Latency:
    latency = Latency()
    for value in values:
        latency.record(value)
    return latency


@given(latencies)
def test_what_is_recorded_is_what_hdr_itself_records(values: list[int]) -> None:
    expected = empty_histogram()
    for value in values:
        expected.record_value(value)
    found = recorded(values).histogram()
    assert list(found.counts) == list(expected.counts)
    assert found.get_total_count() == len(values)


@given(latencies, latencies)
def test_histograms_of_workers_add_up(one: list[int], other: list[int]) -> None:
    texts = [recorded(values).encoded() for values in (one, other)]
    assert quantiles(merged(texts)) == recorded(one + other).quantiles()


def test_quantiles_are_in_ms_to_three_digits() -> None:
    found = recorded([n * 1_000 for n in range(1, 1_001)]).quantiles()
    assert found.count == 1_000
    for value, expected in ((found.p50_ms, 500), (found.p99_ms, 990), (found.p999_ms, 999)):
        assert abs(value - expected) <= expected * 0.001
    assert abs(found.max_ms - 1_000) <= 1


@given(st.lists(st.integers(0, HIGHEST_US), min_size=1, max_size=300))
def test_quantiles_are_those_of_the_histogram(values: list[int]) -> None:
    latency = recorded(values)
    assert latency.quantiles() == quantiles(latency.histogram())


def test_recent_quantiles_are_of_what_came_since() -> None:
    latency = recorded([1_000] * 5)
    assert latency.take_recent().count == 5
    assert latency.take_recent() == Quantiles()
    latency.record(7_000)
    assert latency.take_recent().max_ms == pytest.approx(7.0, rel=2e-3)
    assert latency.quantiles().count == 6


def test_no_latency_has_no_quantiles() -> None:
    assert Latency().quantiles() == quantiles(merged([])) == Quantiles()


def test_what_clocks_make_negative_counts_as_0_and_what_is_too_long_as_a_day() -> None:
    found = recorded([-5, 0, HIGHEST_US * 2]).quantiles()
    assert (found.count, found.p50_ms) == (3, 0.0)
    assert abs(found.max_ms * 1_000 - HIGHEST_US) <= HIGHEST_US * 0.001
