"""How much of the time the power is how high: quantiles, peak, spread, levels that come again."""

import numpy as np

from iotmock.judge.piece import Piece, Values

QUANTILES = (1, 5, 25, 50, 75, 95, 99)
_BINS = 30
_DIGITS = 3
_MOST_LEVELS = 1_000


def levels(piece: Piece) -> dict[str, float]:
    """Return quantiles and moments, relative to the mean, and how the levels are used."""
    shape = piece.shape
    quantiles = np.percentile(shape, QUANTILES)
    found = {f"q{q:02d}": float(value) for q, value in zip(QUANTILES, quantiles, strict=True)}
    found |= {"max": float(shape.max()), "cv": float(shape.std()), "skew": _skew(shape)}
    return found | _use(shape / shape.max())


def _skew(shape: Values) -> float:
    spread = float(shape.std()) or 1.0
    return float(((shape - 1.0) ** 3).mean() / spread**3)


def _use(of_peak: Values) -> dict[str, float]:
    """Return three of the values' histogram.

    `entropy` is that of 30 classes up to the peak, 1 if all are alike; `modal` is the share of the
    fullest; `levels` is how many values differ at a thousandth of the peak, per value.
    """
    counts, _ = np.histogram(of_peak, bins=_BINS, range=(0.0, 1.0))
    shares = counts / counts.sum()
    used = shares[shares > 0.0]
    return {
        "entropy": float(-(used * np.log(used)).sum() / np.log(_BINS)),
        "modal": float(shares.max()),
        "levels": np.unique(np.round(of_peak, _DIGITS)).size / min(of_peak.size, _MOST_LEVELS),
    }
