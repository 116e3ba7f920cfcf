"""At which periods the power swings: shares of the spectrum's power without its mean."""

import numpy as np

from iotmock.judge.piece import HOUR_S, Cut, Piece, Truths, Values

_QUARTER_S = 900.0


def spectrum(piece: Piece) -> dict[str, float]:
    """Return the shares of bands of periods."""
    shape = piece.shape
    power = np.abs(np.fft.rfft(shape - 1.0))[1:] ** 2
    length_h = shape.size * piece.step_s / HOUR_S
    periods_h: Values = length_h / np.arange(1, power.size + 1)
    bands = _of_a_week(periods_h, piece.step_s) if piece.cut is Cut.WEEK else _of_a_day(periods_h)
    total = float(power.sum()) + 1e-12
    return {name: float(power[band].sum()) / total for name, band in bands.items()}


def _of_a_week(hours: Values, step_s: float) -> dict[str, Truths]:
    bands = {
        "sp_gt30h": hours > 30.0,
        "sp_24h": _within(hours, 20.0, 30.0),
        "sp_12h": _within(hours, 11.0, 13.0),
        "sp_4_10h": _within(hours, 4.0, 10.0),
        "sp_lt4h": hours <= 4.0,
    }
    # Of longer steps hardly a period is left below an hour.
    return bands | {"sp_lt1h": hours <= 1.01} if step_s <= _QUARTER_S else bands


def _of_a_day(hours: Values) -> dict[str, Truths]:
    five_minutes = 1.0 / 12.0
    return {
        "sp_gt3h": hours > 3.0,
        "sp_30m_3h": (hours > 0.5) & (hours <= 3.0),
        "sp_5_30m": (hours > five_minutes) & (hours <= 0.5),
        "sp_lt5m": hours <= five_minutes,
    }


def _within(hours: Values, low: float, high: float) -> Truths:
    within: Truths = (hours > low) & (hours < high)
    return within
