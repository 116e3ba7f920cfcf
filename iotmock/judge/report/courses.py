"""Courses on a page: the average day of both, and a real piece beside the nearest simulated one."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time

import numpy as np

from iotmock.charts.axes import Local, OneDay
from iotmock.charts.chart import Chart
from iotmock.charts.curves import Curve, Join
from iotmock.charts.scales import Scale
from iotmock.judge.piece import DAY_S, Piece, Values
from iotmock.judge.verdict.verdict import Verdict

_UNIT = "parts of the mean"


def average_day(verdict: Verdict) -> Chart:
    """Return the mean of all days, with the lowest and highest average day of a piece."""
    comparison = verdict.comparison
    curves = [
        _days("real", comparison.real, 0),
        _days("simulated", comparison.simulated, 1),
    ]
    highs = [high for curve in curves for _, high in curve.spread or ()]
    scale = _scale([*highs, *(low for curve in curves for low, _ in curve.spread or ())])
    return Chart(
        name="day",
        title=f"The average day, {_UNIT}",
        axis=OneDay(),
        scale=scale,
        curves=curves,
        group="day",
        height=240.0,
    )


def _days(name: str, pieces: Sequence[Piece], style: int) -> Curve:
    days = np.array([piece.days.mean(axis=0) for piece in pieces])
    points = _points(days.mean(axis=0), 0.5 * pieces[0].step_s, pieces[0].step_s)
    lows, highs = days.min(axis=0).tolist(), days.max(axis=0).tolist()
    spread = list(zip(lows, highs, strict=True))
    return Curve(name, points, style, Join.MEAN, band=True, spread=spread)


def side_by_side(verdict: Verdict) -> Chart:
    """Return a usual real piece and the simulated one that is nearest to it, on its days."""
    comparison, cut = verdict.comparison, verdict.series.cut
    mine, theirs = comparison.nearest()
    begin = _begin(verdict.series.pieces[mine].first_day)
    real, simulated = comparison.real[mine], comparison.simulated[theirs]
    curves = [
        _course(f"real, {verdict.series.pieces[mine].device}", real, begin, 0),
        _course("simulated, the nearest", simulated, begin, 1),
    ]
    return Chart(
        name="course",
        title=f"A real {cut} and the nearest simulated one, {_UNIT}",
        axis=Local(begin, begin + cut.days * DAY_S, UTC),
        scale=_scale([value for curve in curves for _, value in curve.points]),
        curves=curves,
        group="course",
        height=240.0,
    )


def _course(name: str, piece: Piece, begin: float, style: int) -> Curve:
    points = _points(piece.shape, begin + piece.step_s, piece.step_s)
    return Curve(name, points, style, Join.MEAN, band=True)


def _points(values: Values, first: float, step_s: float) -> list[tuple[float, float]]:
    return [(first + at * step_s, float(value)) for at, value in enumerate(values)]


def _scale(values: Sequence[float]) -> Scale:
    return Scale.from_zero(values) if min(values) >= 0.0 else Scale.around(values)


def _begin(day: int) -> float:
    """Return a local midnight as if its clocks were those of UTC, which change never."""
    return datetime.combine(date.fromordinal(day), time(), UTC).timestamp()
