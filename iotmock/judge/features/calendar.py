"""How the power goes with the hours of the day and the days of the week."""

from itertools import pairwise
from math import log

import numpy as np

from iotmock.judge.piece import HOUR_S, Cut, Piece, Truths, Values

_LEAST = 1e-3
_WORKDAYS = 5


def calendar(piece: Piece) -> dict[str, float]:
    """Return how day, night, evening, weekend and the single days differ."""
    hours, works = piece.hours, piece.is_workday
    day, night = works & (hours >= 8.0) & (hours < 18.0), works & (hours < 5.0)
    found = {"day_night": _ratio(piece, day, night)}
    if piece.cut is Cut.WEEK:
        found |= {"wd_we": _ratio(piece, works, ~works), **_hours_of_workdays(piece, day)}
        found |= _days(piece.days)
        found["start_sd_h"] = start_scatter_h(piece)
    return found


def _ratio(piece: Piece, above: Truths, below: Truths) -> float:
    """Return the logarithm of how many times more the one takes on average."""
    shape = piece.shape
    return _log_ratio(float(shape[above].mean()), float(shape[below].mean()))


def _hours_of_workdays(piece: Piece, day: Truths) -> dict[str, float]:
    shape, hours, works = piece.shape, piece.hours, piece.is_workday
    noon = works & (hours >= 12.0) & (hours < 13.0)
    beside = works & (hours >= 10.0) & (hours < 15.0) & ~noon
    evening = works & (hours >= 18.0) & (hours < 22.0)
    return {
        "lunch": float(shape[noon].mean() / (shape[beside].mean() + _LEAST)),
        "evening": float(shape[evening].mean() / (shape[day].mean() + _LEAST)),
    }


def _days(days: Values) -> dict[str, float]:
    """Return how the energies of days differ, and how alike the courses of workdays are."""
    energies, works = days.sum(axis=1), days[:_WORKDAYS]
    mean = float(energies[:_WORKDAYS].mean())
    alike = [correlation(one, other) for one, other in pairwise(works)]
    return {
        "daycv": float(energies[:_WORKDAYS].std()) / mean if mean > 0.0 else 0.0,
        "sat_sun": _log_ratio(float(energies[5]), float(energies[6])),
        "daycorr": float(np.mean(alike)),
    }


def _log_ratio(above: float, below: float) -> float:
    # What gives for a while may have a mean below zero: as if it took nothing.
    return log((max(above, 0.0) + _LEAST) / (max(below, 0.0) + _LEAST))


def correlation(one: Values, other: Values) -> float:
    """Return the correlation of two courses; 0 where one never changes."""
    if one.std() == 0.0 or other.std() == 0.0:
        return 0.0
    return float(np.corrcoef(one, other)[0, 1])


def start_scatter_h(piece: Piece) -> float:
    """Return how the hour scatters at which workdays first pass half the week's 95th percentile."""
    high = piece.days[:_WORKDAYS] > 0.5 * np.percentile(piece.shape, 95)
    starts = [int(np.argmax(day)) for day in high if day.any()]
    return float(np.std(starts)) * piece.step_s / HOUR_S if starts else 0.0
