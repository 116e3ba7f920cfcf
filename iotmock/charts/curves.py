"""What a chart shows: curves, and how points of them are joined where there is little room."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import pairwise
from statistics import median

from attrs import frozen

Point = tuple[float, float]
Cell = tuple[float, float, float]
"""The lowest, the one that is drawn, and the highest of the points that were joined."""


class Join(StrEnum):
    """What stands for several points."""

    MEAN = "mean"
    MOST = "most"


@frozen
class Curve:
    """One line of a chart, with points from left to right.

    `style` is its place in the palette; `band`: what lies between lowest and highest is shaded.
    `spread` has these of each point where a point is itself the mean of several.
    """

    name: str
    points: Sequence[Point]
    style: int
    join: Join = Join.MOST
    band: bool = False
    spread: Sequence[tuple[float, float]] | None = None

    def cells(self) -> Iterator[tuple[float, Cell]]:
        """Yield each x with its cell."""
        if self.spread is None:
            yield from ((at, (value, value, value)) for at, value in self.points)
            return
        for (at, value), (low, high) in zip(self.points, self.spread, strict=True):
            yield at, (low, value, high)

    @property
    def gap(self) -> float:
        """Between points that are further apart nothing was measured."""
        steps = [later - sooner for (sooner, _), (later, _) in pairwise(self.points)]
        return 2.5 * median(steps) if steps else 0.0

    def joined(self, cells: Sequence[Cell]) -> Cell:
        """Return what stands for these."""
        drawn = [cell[1] for cell in cells]
        middle = max(drawn) if self.join is Join.MOST else sum(drawn) / len(drawn)
        return min(cell[0] for cell in cells), middle, max(cell[2] for cell in cells)


@frozen
class Columns:
    """Curves side by side: at each x a cell of each, or None where it has none."""

    curves: Sequence[Curve]
    x: Sequence[float]
    cells: Sequence[Sequence[Cell | None]]
    width: float = 0.0
    """From one column to the next, where points were joined."""

    @classmethod
    def of(cls, curves: Sequence[Curve]) -> "Columns":
        """Return a column for each x that any of the curves has."""
        if len(curves) == 1:
            cells = list(curves[0].cells())
            return cls(curves, [at for at, _ in cells], [[cell for _, cell in cells]])
        x = sorted({at for curve in curves for at, _ in curve.points})
        known = [dict(curve.cells()) for curve in curves]
        return cls(curves, x, [[cells.get(at) for at in x] for cells in known])

    def joined(self, low: float, high: float, most: int) -> "Columns":
        """Return at most so many columns of equal width; each is at the last x that it has."""
        if len(self.x) <= most or high <= low:
            return self
        width = (high - low) / most
        ends = [min(int((at - low) / width), most - 1) for at in self.x]
        begins = [place for place, end in enumerate(ends) if not place or end != ends[place - 1]]
        spans = list(pairwise([*begins, len(self.x)]))
        cells = [
            [_joined(curve, row[begin:end]) for begin, end in spans]
            for curve, row in zip(self.curves, self.cells, strict=True)
        ]
        return Columns(self.curves, [self.x[end - 1] for _, end in spans], cells, width)

    def runs(self, number: int) -> list[list[tuple[float, Cell]]]:
        """Return a curve in pieces, so that no line claims that something was measured."""
        widest = max(self.curves[number].gap, 2.5 * self.width)
        pieces: list[list[tuple[float, Cell]]] = []
        for at, cell in zip(self.x, self.cells[number], strict=True):
            if cell is None:
                continue
            if not pieces or at - pieces[-1][-1][0] > widest:
                pieces.append([])
            pieces[-1].append((at, cell))
        return pieces


def _joined(curve: Curve, cells: Sequence[Cell | None]) -> Cell | None:
    known = [cell for cell in cells if cell is not None]
    return curve.joined(known) if known else None
