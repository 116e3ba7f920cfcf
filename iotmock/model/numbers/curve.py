"""A function of a load between 0 and a limit, as a table with straight lines between its points."""

from bisect import bisect_right
from collections.abc import Callable, Sequence

from attrs import frozen

Points = Sequence[tuple[float, float]]


@frozen(eq=False)
class Curve:
    """`values` at equal distances from 0 to `limit`; constant outside."""

    limit: float
    per_unit: float
    values: tuple[float, ...]

    @classmethod
    def of(cls, function: Callable[[float], float], limit: float, cells: int = 256) -> "Curve":
        """Tabulate `function` from 0 to `limit`."""
        values = [function(limit * cell / cells) for cell in range(cells + 1)]
        return cls(limit, cells / limit, (*values, values[-1]))

    def at(self, x: float) -> float:
        """Return the value at `x`."""
        if x <= 0.0:
            return self.values[0]
        place = (x if x < self.limit else self.limit) * self.per_unit
        cell = int(place)
        value = self.values[cell]
        return value + (place - cell) * (self.values[cell + 1] - value)

    def __deepcopy__(self, memo: object) -> "Curve":
        """Return itself: it never changes."""
        return self


def between(points: Points, x: float) -> float:
    """Return the value at `x` on the straight lines through `points` (ascending in x)."""
    after = bisect_right(points, x, key=lambda point: point[0])
    if after == 0:
        return points[0][1]
    if after == len(points):
        return points[-1][1]
    (x0, y0), (x1, y1) = points[after - 1], points[after]
    return y0 + (y1 - y0) * (x - x0) / (x1 - x0)
