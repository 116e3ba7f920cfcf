"""Distance, what gives a piece away, and how varied pieces are."""

from collections.abc import Sequence

import numpy as np
import pytest

from iotmock.judge.piece import Piece
from iotmock.judge.verdict.comparison import Comparison
from tests.judge.pieces import office, square, week


def comparison(simulated: Sequence[Piece], sources: Sequence[str] = ("a",) * 12) -> Comparison:
    return Comparison([office(seed) for seed in range(12)], sources, simulated)


def test_more_of_the_same_is_as_near_as_another_real_one() -> None:
    found = comparison([office(seed) for seed in range(100, 124)])
    assert 0.7 < found.distance < 1.3
    assert found.outside < 0.2
    assert 0.5 < found.spread < 2.0
    assert found.giving_away == []


def test_a_real_one_itself_is_at_no_distance() -> None:
    assert comparison([office(3)]).distance == 0.0


def test_what_is_of_another_kind_is_far_and_its_features_are_named() -> None:
    found = comparison([week(square() + 0.01)] * 3)
    assert found.distance > 2.0
    assert found.outside > 0.5
    assert found.spread == 0.0
    assert {"ramp_zero", "permen"} <= {side.name for side in found.giving_away[:12]}


def test_the_further_it_is_the_larger_the_distance() -> None:
    found = [comparison([office(50, noise)]).distance for noise in (0.2, 0.5, 2.0)]
    assert found == sorted(found)


def test_with_several_devices_a_neighbour_is_of_another_one() -> None:
    """Clones of one device are near to each other, which says nothing of real ones' distance."""
    twins = [office(seed // 2) for seed in range(12)]
    sources = [f"device {seed // 2}" for seed in range(12)]
    alone = Comparison(twins, ["one"] * 12, [office(50)])
    apart = Comparison(twins, sources, [office(50)])
    assert alone.space.among_real == 0.0
    assert apart.space.among_real > 0.5


def test_a_feature_that_real_ones_have_all_alike_has_no_spread() -> None:
    real = [week(square() + 0.01 * number) for number in range(4)]
    found = Comparison(real, ["a"] * 4, [office(1)])
    sides = {side.name: side for side in found.sides}
    assert sides["run_on"].spread is None
    assert all(np.isfinite([side.gap, side.told]).all() for side in found.sides)


def test_the_nearest_of_a_usual_real_piece_is_found() -> None:
    found = comparison([week(square() + 0.01), office(4), week(square())])
    mine, theirs = found.nearest()
    assert theirs == 1
    assert 0 <= mine < 12


@pytest.mark.parametrize("shift", [0, 1])
def test_how_surely_a_feature_tells_goes_from_nothing_to_always(shift: int) -> None:
    found = comparison([office(seed) for seed in range(12)] if not shift else [week(square())])
    told = {side.name: side.told for side in found.sides}
    assert told["q05"] == float(shift)
