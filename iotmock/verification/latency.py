"""Latency in HDR histograms: cheap to record, to merge across workers, and to ask for quantiles."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import accumulate
from math import inf

import msgspec
from attrs import define, field
from hdrh.histogram import HdrHistogram

LOWEST_US = 1
HIGHEST_US = 24 * 3600 * 1_000_000
DIGITS = 3
_PERCENTILES = (50, 95, 99, 99.9)
_SUB_BITS = 11
_HALF_BITS = _SUB_BITS - 1
_EXACT = 1 << _SUB_BITS
"""Below it, each µs has a bucket of its own; above, each power of two has half as many."""


class Quantiles(msgspec.Struct, frozen=True):
    """Latencies in ms; all 0 when there were none."""

    count: int = 0
    p50_ms: float = 0.0
    p95_ms: float = 0.0
    p99_ms: float = 0.0
    p999_ms: float = 0.0
    max_ms: float = 0.0


def _bucket_of(value_us: int) -> int:
    if value_us < _EXACT:
        return value_us
    power = value_us.bit_length() - _SUB_BITS
    return (power << _HALF_BITS) + (value_us >> power)


def _value_of(bucket: int) -> int:
    if bucket < _EXACT:
        return bucket
    power = (bucket >> _HALF_BITS) - 1
    return (bucket - (power << _HALF_BITS)) << power


@define(eq=False)
class Latency:
    """Recorded into plain buckets, which costs a tenth of `record_value`; see docs/decisions.md.

    The buckets are those of the HDR histogram with 3 digits, so nothing is lost on the way to it.
    """

    _counts: list[int] = field(factory=lambda: [0] * (_bucket_of(HIGHEST_US) + 1))
    _reported: list[int] = field(factory=lambda: [0] * (_bucket_of(HIGHEST_US) + 1))

    def record(self, value_us: int, count: int = 1) -> None:
        """Count a latency in µs. Clocks of two machines may make it negative: that counts as 0."""
        if value_us < _EXACT:
            self._counts[max(0, value_us)] += count
        else:
            value_us = min(value_us, HIGHEST_US)
            power = value_us.bit_length() - _SUB_BITS
            self._counts[(power << _HALF_BITS) + (value_us >> power)] += count

    def take_recent(self) -> Quantiles:
        """Return the quantiles of what came since this was last asked for."""
        counts = [now - then for now, then in zip(self._counts, self._reported, strict=True)]
        self._reported = list(self._counts)
        return _quantiles_of(counts)

    def histogram(self) -> HdrHistogram:
        """Return what was recorded so far.

        It holds itself in cycles, a quarter of a megabyte of them: not for every second.
        """
        histogram = empty_histogram()
        for bucket, count in enumerate(self._counts):
            if count:
                histogram.record_value(_value_of(bucket), count)
        return histogram

    def encoded(self) -> str:
        """Return it as HDR's compressed text, for `merged`."""
        return encode(self.histogram())

    def cumulated(self, bounds_s: Sequence[float]) -> Iterator[tuple[float, int]]:
        """Yield each upper bound in s with the count of all that were within, and that of all."""
        within = list(accumulate(self._counts))
        for bound_s in bounds_s:
            yield bound_s, within[_bucket_of(int(bound_s * 1e6))]
        yield inf, within[-1]

    @property
    def sum_s(self) -> float:
        """The sum of what was recorded, to 3 digits."""
        return sum(_value_of(at) * count for at, count in enumerate(self._counts) if count) / 1e6

    def quantiles(self) -> Quantiles:
        """Return the quantiles so far."""
        return _quantiles_of(self._counts)


def _quantiles_of(counts: list[int]) -> Quantiles:
    """Return what `quantiles` says of the histogram with these buckets."""
    within = list(accumulate(counts))
    if not (total := within[-1]):
        return Quantiles()
    ranks = [max(1, int(percentile / 100.0 * total + 0.5)) for percentile in _PERCENTILES]
    buckets = [bisect_left(within, rank) for rank in (*ranks, total)]
    return Quantiles(total, *((_value_of(bucket + 1) - 1) / 1e3 for bucket in buckets))


def empty_histogram() -> HdrHistogram:
    """Return a histogram from 1 µs to a day, to 3 digits."""
    return HdrHistogram(LOWEST_US, HIGHEST_US, DIGITS)


def encode(histogram: HdrHistogram) -> str:
    """Return HDR's compressed text."""
    return bytes(histogram.encode()).decode()


def merged(encoded: list[str]) -> HdrHistogram:
    """Return the sum of histograms of many workers."""
    histogram = empty_histogram()
    for text in encoded:
        histogram.decode_and_add(text)
    return histogram


def quantiles(histogram: HdrHistogram) -> Quantiles:
    """Return what a verdict asks for."""
    if not histogram.get_total_count():
        return Quantiles()
    p50, p95, p99, p999 = (histogram.get_value_at_percentile(p) / 1e3 for p in _PERCENTILES)
    highest = histogram.get_max_value() / 1e3
    return Quantiles(histogram.get_total_count(), p50, p95, p99, p999, highest)
