"""Whole weeks or days of each device: small gaps are bridged, pieces with large ones left out."""

from collections.abc import Iterator, Mapping
from datetime import date

import numpy as np
from attrs import define, frozen

from iotmock.judge.piece import Cut, NothingTakenError, Piece, Values
from iotmock.judge.series.days import Day

MOST_MISSING = 0.1
"""Of a piece's steps; with more missing it is left out."""
_EPOCH = date(1970, 1, 1).toordinal()
_WEEKDAY_OF_EPOCH = 3


@frozen(eq=False)
class Real:
    """A piece of a device: its first day is so many days after 1 January of the year 1."""

    device: str
    first_day: int
    piece: Piece
    mean_kw: float


@define
class Cutting:
    """How the cutting went: pieces with gaps, without power, and steps that were bridged."""

    incomplete: int = 0
    without_power: int = 0
    bridged: int = 0
    producing: bool = False


def pieces(
    days: Mapping[int, Day], device: str, step_s: float, cut: Cut, cutting: Cutting
) -> Iterator[Real]:
    """Yield the whole pieces of a device in the order of time; weeks begin on Mondays.

    Where more is given than taken over all days, what is given counts: signs are turned.
    """
    sign = _sign(days)
    cutting.producing |= sign < 0.0
    for first in sorted({_first(number, cut) for number in days}):
        powers = _bridged(days, first, cut, round(86_400 / step_s), cutting)
        if powers is None:
            cutting.incomplete += 1
            continue
        try:
            piece = Piece(sign * powers, step_s, cut)
        except NothingTakenError:
            cutting.without_power += 1
            continue
        yield Real(device, _EPOCH + first, piece, float(piece.powers.mean()))


def _sign(days: Mapping[int, Day]) -> float:
    return -1.0 if sum(float(day.sums.sum()) for day in days.values()) < 0.0 else 1.0


def _first(number: int, cut: Cut) -> int:
    return number - (number + _WEEKDAY_OF_EPOCH) % 7 if cut is Cut.WEEK else number


def _bridged(
    days: Mapping[int, Day], first: int, cut: Cut, per_day: int, cutting: Cutting
) -> Values | None:
    nothing = np.full(per_day, np.nan)
    numbers = range(first, first + cut.days)
    means = [days[number].means if number in days else nothing for number in numbers]
    powers: Values = np.concatenate(means)
    missing = np.isnan(powers)
    if missing.mean() > MOST_MISSING:
        return None
    cutting.bridged += int(missing.sum())
    # The reading before stands for a step without one; at the beginning the first that there is.
    last = np.maximum.accumulate(np.where(missing, 0, np.arange(powers.size)))
    last = np.where(missing & (last == 0) & missing[0], int(np.argmin(missing)), last)
    bridged: Values = powers[last]
    return bridged
