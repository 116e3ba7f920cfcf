"""How a series remembers: autocorrelation, and how its scatter shrinks where steps are joined."""

from math import factorial, log, nan

import numpy as np

from iotmock.judge.piece import HOUR_S, Cut, Piece, Values

_LAGS_H = {Cut.WEEK: (1, 4, 12, 24), Cut.DAY: (1, 4)}
_JOINED = (1, 2, 4, 8, 16, 32)
_ORDER = 4
"""How many values a pattern of their ranks has."""
_NOTHING = 1e-9


def memory(piece: Piece) -> dict[str, float]:
    """Return the autocorrelations after a step and after hours, and two measures of disorder."""
    found = {"acf_1": autocorrelation(piece.shape, 1)}
    for hours in _LAGS_H[piece.cut]:
        lag = round(hours * HOUR_S / piece.step_s)
        if lag > 1:
            found[f"acf_{hours}h"] = autocorrelation(piece.shape, lag)
    found["permen"] = permutation_entropy(piece.shape)
    found["hurst"] = hurst(piece.shape)
    return found


def autocorrelation(values: Values, lag: int) -> float:
    """Return the autocorrelation after so many steps, by all values: of what never changes 1."""
    if lag >= values.size - 2:
        return nan
    around = values - values.mean()
    power = float((around * around).sum())
    return float((around[:-lag] * around[lag:]).sum()) / power if power > 0.0 else 1.0


def permutation_entropy(values: Values) -> float:
    """Return how evenly the 24 orders of four values in a row are used: 1 for white noise.

    Source: Bandt and Pompe, "Permutation entropy" (2002).
    """
    count = values.size - _ORDER + 1
    windows = np.stack([values[at : at + count] for at in range(_ORDER)], axis=1)
    ranks = np.argsort(windows, axis=1, kind="stable")
    _, times = np.unique(ranks @ _ORDER ** np.arange(_ORDER), return_counts=True)
    shares = times / times.sum()
    return float(-(shares * np.log(shares)).sum() / log(factorial(_ORDER)))


def hurst(values: Values) -> float:
    """Return how the scatter of means over 1 to 32 steps falls: 0.5 for white noise, 1 not at all.

    The slope of its logarithm, and 1: the method of aggregated variance.
    """
    scatter = [_joined(values, count).std() + _NOTHING for count in _JOINED]
    slope: float = np.polyfit(np.log(_JOINED), np.log(scatter), 1)[0]
    return float(slope) + 1.0


def _joined(values: Values, count: int) -> Values:
    means: Values = values[: values.size // count * count].reshape(-1, count).mean(axis=1)
    return means
