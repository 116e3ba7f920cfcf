"""How near pieces are to real ones, counted in how near these are to each other."""

from collections.abc import Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from iotmock.judge.piece import Values

FURTHEST = 10.0
"""Spreads that one feature counts at most: one that is far off does not decide alone."""
_NORMAL_IQR = 1.349
_LEAST, _LEAST_SHARE = 0.01, 0.05
"""A spread is at least so much, and so much of the median: where real ones do not differ at all."""
COPIES = 0.2
"""Real pieces nearer to each other than this, in spreads, are copies: distances count in this."""


@frozen(eq=False)
class Space:
    """Real pieces as rows of features; distances are in spreads of them."""

    real: Values
    spreads: Values
    sources: NDArray[np.int64]
    """Whose piece each is."""

    @classmethod
    def of(cls, real: Values, sources: Sequence[object]) -> "Space":
        """Return the space of at least two pieces: a row each, and whose they are."""
        low, middle, high = np.percentile(real, (25, 50, 75), axis=0)
        spreads = np.maximum((high - low) / _NORMAL_IQR, _LEAST + _LEAST_SHARE * np.abs(middle))
        _, numbers = np.unique([str(one) for one in sources], return_inverse=True)
        return cls(real, spreads, numbers.astype(np.int64))

    def to_real(self, rows: Values) -> Values:
        """Return the distance of each row to each real piece: the root of the mean square."""
        apart = np.abs(rows[:, None, :] - self.real[None, :, :]) / self.spreads
        apart = np.minimum(apart, FURTHEST)
        distances: Values = np.sqrt((apart * apart).mean(axis=2))
        return distances

    def ratio(self, rows: Values) -> float:
        """Return the usual distance to the nearest real piece over that between real ones.

        1 is as near as a real piece of another device; of one device, as another of its own.
        """
        nearest = np.median(self.to_real(rows).min(axis=1))
        return float(nearest) / max(self.among_real, COPIES)

    @property
    def among_real(self) -> float:
        """The usual distance of a real piece to the nearest other one."""
        apart = self.to_real(self.real)
        same = self.sources[:, None] == self.sources[None, :]
        if same.all():
            same = np.eye(len(self.real), dtype=np.bool_)
        return float(np.median(np.where(same, np.inf, apart).min(axis=1)))
