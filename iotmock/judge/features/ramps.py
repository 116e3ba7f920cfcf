"""How the power changes from one step to the next, and how quiet it is at its top and its foot."""

import numpy as np

from iotmock.judge.piece import Piece, Truths, Values

_STILL = 1e-4
_LEAST = 1e-3
_ENOUGH = 5


def ramps(piece: Piece) -> dict[str, float]:
    """Return quantiles of the changes, as parts of the peak, and the noise of both ends.

    `ramp_zero` is the share of changes below a ten-thousandth of the peak; `ramp_skew` is above
    zero where it rises faster than it falls.
    """
    steps = piece.steps
    of_peak = np.abs(steps) / piece.shape.max()
    found = {f"ramp{q}": float(np.percentile(of_peak, q)) for q in (50, 90, 99)}
    found["ramp_zero"] = float((of_peak < _STILL).mean())
    found["ramp_skew"] = float((steps**3).mean() / ((steps**2).mean() ** 1.5 + 1e-12))
    return found | {"plateau_noise": _plateau_noise(piece), "base_noise": _base_noise(piece)}


def _plateau_noise(piece: Piece) -> float:
    """Return the usual change above half of the 95th percentile, over the mean there."""
    shape = piece.shape
    high = shape > 0.5 * np.percentile(shape, 95)
    return _noise(piece, high, 0.0)


def _base_noise(piece: Piece) -> float:
    """Return the usual change in the lowest quarter of values, over the mean there."""
    shape = piece.shape
    low = shape < np.percentile(shape, 25) + 1e-9
    return _noise(piece, low, _LEAST)


def _noise(piece: Piece, chosen: Truths, least: float) -> float:
    both = chosen[:-1] & chosen[1:]
    if both.sum() <= _ENOUGH:
        return 0.0
    changes: Values = np.abs(piece.steps[both])
    return float(np.median(changes)) / (float(piece.shape[chosen].mean()) + least)
