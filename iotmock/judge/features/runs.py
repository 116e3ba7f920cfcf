"""How long it is on and off: above and below half of its 99th percentile."""

import numpy as np

from iotmock.judge.piece import DAY_S, Piece, Truths, Values


def runs(piece: Piece) -> dict[str, float]:
    """Return the usual run and pause, min, their number a day, and how much their lengths vary."""
    on = piece.shape > 0.5 * np.percentile(piece.shape, 99)
    lengths, is_on = _runs(on)
    works, rests = lengths[is_on] * piece.step_s, lengths[~is_on] * piece.step_s
    return {
        "run_on": _usual_min(works),
        "run_off": _usual_min(rests),
        "n_runs": works.size / (piece.shape.size * piece.step_s / DAY_S),
        "run_on_cv": _variation(works),
        "run_off_cv": _variation(rests),
    }


def _runs(on: Truths) -> tuple[Values, Truths]:
    """Return the length of each run in steps, those cut at the ends too, and whether it is on."""
    edges = np.concatenate(([0], np.flatnonzero(np.diff(on)) + 1, [on.size]))
    return np.diff(edges).astype(np.float64), on[edges[:-1]]


def _usual_min(lengths_s: Values) -> float:
    return float(np.median(lengths_s)) / 60.0 if lengths_s.size else 0.0


def _variation(lengths_s: Values) -> float:
    return float(lengths_s.std() / lengths_s.mean()) if lengths_s.size > 2 else 0.0
