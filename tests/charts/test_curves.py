"""What is joined keeps its peaks, and what was not measured stays out."""

import pytest

from iotmock.charts.curves import Columns, Curve, Join
from iotmock.charts.steps import steps


def curve(count: int = 10_000, join: Join = Join.MOST, *, band: bool = False) -> Curve:
    points = [(float(at), 7_777.0 if at == 4_000 else 10.0) for at in range(count)]
    return Curve("x", points, 0, join, band=band)


def test_a_peak_is_kept_and_there_are_few_columns() -> None:
    joined = Columns.of([curve()]).joined(0.0, 9_999.0, 540)
    assert len(joined.x) == 540
    assert max(cell[1] for cell in joined.cells[0] if cell) == 7_777.0
    assert joined.x[-1] == 9_999.0


def test_means_are_means_with_the_lowest_and_highest_beside() -> None:
    joined = Columns.of([curve(100, Join.MEAN)]).joined(0.0, 99.0, 1)
    assert joined.cells == [[(10.0, 10.0, 10.0)]]
    some = Curve("x", [(0.0, 1.0), (1.0, 2.0), (2.0, 6.0), (3.0, 7.0)], 0, Join.MEAN)
    halves = Columns.of([some]).joined(0.0, 3.0, 2)
    assert halves.cells == [[(1.0, 1.5, 2.0), (6.0, 6.5, 7.0)]]


def test_few_points_stay_as_they_are() -> None:
    columns = Columns.of([curve(100)])
    assert columns.joined(0.0, 99.0, 540) is columns


def test_curves_with_times_of_their_own_lie_side_by_side() -> None:
    one = Curve("one", [(0.0, 1.0), (2.0, 2.0)], 0)
    other = Curve("other", [(1.0, 5.0), (2.0, 6.0)], 1)
    columns = Columns.of([one, other])
    assert columns.x == [0.0, 1.0, 2.0]
    assert [[cell and cell[1] for cell in row] for row in columns.cells] == [
        [1.0, None, 2.0], [None, 5.0, 6.0],
    ]  # fmt: skip


def test_a_line_ends_where_nothing_was_measured() -> None:
    points = [(float(at), 1.0) for at in range(60) if not 20 <= at < 40]
    runs = Columns.of([Curve("x", points, 0)]).runs(0)
    assert [(run[0][0], run[-1][0]) for run in runs] == [(0.0, 19.0), (40.0, 59.0)]


@pytest.mark.parametrize("moments", [[1.0, 2.0, 3.0, 3.4], [900.0 * at for at in range(5)], [0.5]])
def test_steps_lead_to_the_moments(moments: list[float]) -> None:
    at, found = 0.0, []
    for step, count in steps(moments, 0.0):
        for _ in range(int(count)):
            at += step
            found.append(at)
    assert found == pytest.approx(moments)


def test_even_steps_are_one_pair() -> None:
    assert steps([float(at) for at in range(1, 86_401)], 0.0) == [[1, 86_400]]
