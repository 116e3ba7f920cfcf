"""The values of a chart as a table: for who has no mouse, no script, or paper alone."""

from collections.abc import Iterator, Sequence
from html import escape

from iotmock.charts.axes import Axis
from iotmock.charts.curves import Cell, Columns, Curve
from iotmock.charts.page.tables import folded
from iotmock.model.numbers.plain_number import figure

_ROWS = 48
_NONE = "-"


def values_table(columns: Columns, axis: Axis, digits: int) -> str:
    """Return at most so many rows, in each of which the same stands for several points."""
    joined = columns.joined(axis.low, axis.high, _ROWS)
    heads = ["until" if joined.width else "at", *_heads(columns.curves)]
    rows = [
        [axis.text(at), *_texts(columns.curves, [row[place] for row in joined.cells], digits)]
        for place, at in enumerate(joined.x)
    ]
    return folded(heads, rows, numbers=range(1, len(heads)))


def _heads(curves: Sequence[Curve]) -> Iterator[str]:
    for curve in curves:
        name = escape(curve.name)
        if curve.band:
            yield from (f"{name}, lowest", name, f"{name}, highest")
        else:
            yield name


def _texts(curves: Sequence[Curve], cells: Sequence[Cell | None], digits: int) -> Iterator[str]:
    for curve, cell in zip(curves, cells, strict=True):
        shown = (0, 1, 2) if curve.band else (1,)
        yield from (_NONE if cell is None else figure(cell[at], digits) for at in shown)
