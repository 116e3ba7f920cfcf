"""When connections are made anew."""

from itertools import pairwise

from iotmock.wire.renewal import renewal


def test_moments_are_spread_over_a_third_of_its_life_and_leave_a_seventh() -> None:
    moments = sorted(renewal(1_000.0, 105.0) for _ in range(2_000))
    assert 1_050.0 <= moments[0] < 1_052.0
    assert 1_083.0 < moments[-1] <= 1_085.0
    assert max(b - a for a, b in pairwise(moments)) < 1.0
    assert renewal(0.0, float("inf")) == float("inf")


def test_the_shortest_life_that_is_allowed_leaves_time_to_part() -> None:
    latest = max(renewal(0.0, 10.0) for _ in range(2_000))
    assert 2.5 < latest <= 4.25
