"""Real pieces and simulated ones side by side: each feature, and all of them together."""

from collections.abc import Sequence
from functools import cached_property
from statistics import median

import numpy as np
from attrs import define, frozen

from iotmock.judge.features.features import features
from iotmock.judge.piece import Piece, Values
from iotmock.judge.verdict.distance import Space

USUAL_OUTSIDE = 0.1
"""Of a real piece's features outside p5 to p95, by what these are."""
_TOLD = 0.6
_MOST_OUTSIDE = 0.5
_SAME = 1e-9


@frozen
class Range:
    """Where the values of a feature lie: 5th percentile, median, 95th percentile."""

    p5: float
    p50: float
    p95: float

    @classmethod
    def of(cls, values: Values) -> "Range":
        """Return the range of some values."""
        return cls(*(float(value) for value in np.percentile(values, (5, 50, 95))))


@frozen(eq=False)
class Side:
    """One feature of real and of simulated pieces."""

    name: str
    real: Range
    simulated: Range
    outside: float
    """The share of simulated pieces outside the real p5 to p95."""
    gap: float
    """From the real median to the simulated one, in spreads of the real ones."""
    told: float
    """How surely one tells which of two is real by it alone: 0 by chance, 1 always."""
    spread: float | None
    """Simulated / real interquartile range; None where real ones do not differ."""

    @property
    def gives_away(self) -> bool:
        """Whether most simulated pieces can be told by it."""
        return self.told > _TOLD and self.outside > _MOST_OUTSIDE


@define(eq=False, slots=False)
class Comparison:
    """Pieces of two kinds, with the same cut and steps; `sources` says whose each real one is."""

    real: Sequence[Piece]
    sources: Sequence[str]
    simulated: Sequence[Piece]

    @cached_property
    def names(self) -> list[str]:
        """The features."""
        return list(features(self.real[0]))

    @cached_property
    def real_rows(self) -> Values:
        """The features of real pieces, a row each."""
        return rows_of(self.real)

    @cached_property
    def simulated_rows(self) -> Values:
        """The features of simulated pieces, a row each."""
        return rows_of(self.simulated)

    @cached_property
    def space(self) -> Space:
        """In which distances are measured."""
        return Space.of(self.real_rows, self.sources)

    @cached_property
    def distance(self) -> float:
        """How near the simulated ones are: 1 is as near as another real one."""
        return self.space.ratio(self.simulated_rows)

    @cached_property
    def sides(self) -> list[Side]:
        """Every feature, in their own order."""
        return [self._side(at, name) for at, name in enumerate(self.names)]

    def _side(self, at: int, name: str) -> Side:
        real, simulated = self.real_rows[:, at], self.simulated_rows[:, at]
        mine, theirs = Range.of(real), Range.of(simulated)
        outside = (simulated < mine.p5 - _SAME) | (simulated > mine.p95 + _SAME)
        gap = (theirs.p50 - mine.p50) / float(self.space.spreads[at])
        spread = _spread(real, simulated)
        return Side(name, mine, theirs, float(outside.mean()), gap, _told(real, simulated), spread)

    @property
    def outside(self) -> float:
        """The share of features outside the real p5 to p95, of the usual simulated piece."""
        low, high = np.percentile(self.real_rows, (5, 95), axis=0)
        rows = self.simulated_rows
        outside = (rows < low - _SAME) | (rows > high + _SAME)
        return float(np.median(outside.mean(axis=1)))

    @property
    def spread(self) -> float:
        """How varied the simulated ones are: 1 is as varied as the real ones."""
        found = [side.spread for side in self.sides if side.spread is not None]
        return median(found) if found else 1.0

    @property
    def giving_away(self) -> list[Side]:
        """The features by which simulated pieces are told, the surest first."""
        found = [side for side in self.sides if side.gives_away]
        return sorted(found, key=lambda side: (-round(side.told, 1), -abs(side.gap)))

    def nearest(self) -> tuple[int, int]:
        """Return a usual real piece and the simulated one that is nearest to it, by number."""
        apart = self.space.to_real(self.simulated_rows)
        by_real = apart.min(axis=0)
        usual = int(np.argsort(by_real, kind="stable")[len(by_real) // 2])
        return usual, int(np.argmin(apart[:, usual]))


def rows_of(pieces: Sequence[Piece]) -> Values:
    """Return the features of pieces, a row each."""
    return np.array([list(features(piece).values()) for piece in pieces])


def _told(real: Values, simulated: Values) -> float:
    """Return |2 AUC - 1|: of one value of each kind, how much oftener the one is the higher."""
    signs = np.sign(np.round(simulated[:, None] - real[None, :], 9))
    return abs(float(signs.mean()))


def _spread(real: Values, simulated: Values) -> float | None:
    low, high = np.percentile(real, (25, 75))
    if high - low <= 1e-6:
        return None
    first, third = np.percentile(simulated, (25, 75))
    return float((third - first) / (high - low))
