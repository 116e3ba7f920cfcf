"""Pieces to judge that are not simulated."""

import numpy as np

from iotmock.judge.piece import Cut, Piece, Values

QUARTER_S = 900.0
WEEK = 7 * 96


def week(powers: Values) -> Piece:
    return Piece(np.asarray(powers, dtype=np.float64), QUARTER_S, Cut.WEEK)


def hours() -> Values:
    """Return the hour of the day of each quarter of a week."""
    found: Values = np.arange(WEEK) / 4.0 % 24.0
    return found


def workdays() -> Values:
    """Return 1 for each quarter of Monday to Friday, else 0."""
    return (np.arange(WEEK) < 5 * 96).astype(np.float64)


def office(seed: int, noise: float = 0.2) -> Piece:
    """Return a week of an office whose days differ."""
    random = np.random.default_rng(seed)
    day = np.clip(np.sin((hours() - 6.0) / 12.0 * np.pi), 0.0, None) * (0.2 + workdays())
    of_days = np.repeat(random.normal(1.0, 0.15, 7), 96)
    return week(0.2 + day * of_days * random.lognormal(0.0, noise, WEEK))


def square() -> Values:
    """On from 8 to 18 h on workdays, and off."""
    return np.where((hours() >= 8) & (hours() < 18), workdays(), 0.0)
