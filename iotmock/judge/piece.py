"""A device-week or a device-day, in equal steps from a local midnight on."""

from enum import StrEnum
from functools import cached_property

import numpy as np
from attrs import define
from numpy.typing import NDArray

Values = NDArray[np.float64]
Truths = NDArray[np.bool_]

HOUR_S = 3_600.0
DAY_S = 86_400.0


class Cut(StrEnum):
    """How long a piece is."""

    WEEK = "week"
    DAY = "day"

    @property
    def days(self) -> int:
        """How many days that are."""
        return 7 if self is Cut.WEEK else 1


class PieceError(ValueError):
    """Powers are no piece that has features."""


class NothingTakenError(PieceError):
    """There is no power at all, or as much is given as taken."""

    def __init__(self) -> None:
        super().__init__("the mean of the powers must be above zero")


@define(eq=False, slots=False)
class Piece:
    """Mean powers of steps of `step_s`; of a week the first step is Monday's at 00:00 local time.

    Raises:
        PieceError: a day has no whole number of steps, there are not as many powers as the cut has
            steps, or one is not finite.
        NothingTakenError: their mean is not above zero.
    """

    powers: Values
    step_s: float
    cut: Cut

    def __attrs_post_init__(self) -> None:
        steps = DAY_S / self.step_s
        if abs(steps - round(steps)) > 1e-9:
            raise PieceError(f"a day has no whole number of steps of {self.step_s:g} s")
        if self.powers.shape != (self.cut.days * round(steps),):
            raise PieceError(f"a {self.cut} of steps of {self.step_s:g} s has others than these")
        if not np.isfinite(self.powers).all():
            raise PieceError("powers must be finite")
        if self.powers.mean() <= 0.0:
            raise NothingTakenError

    @cached_property
    def shape(self) -> Values:
        """The powers as parts of their mean: what is left when size and unit are taken out."""
        shape: Values = self.powers / float(self.powers.mean())
        return shape

    @cached_property
    def steps(self) -> Values:
        """From each value of the shape to the next."""
        steps: Values = np.subtract(self.shape[1:], self.shape[:-1], dtype=np.float64)
        return steps

    @property
    def days(self) -> Values:
        """The shape with a row for each day."""
        return self.shape.reshape(self.cut.days, -1)

    @cached_property
    def hours(self) -> Values:
        """The hour of the day at which each step begins."""
        hours: Values = (np.arange(self.shape.size, dtype=np.float64) * self.step_s / HOUR_S) % 24.0
        return hours

    @cached_property
    def is_workday(self) -> Truths:
        """Whether a step is of Monday to Friday; of a lone day nobody knows, and all are."""
        day: Truths = (np.arange(self.shape.size) * self.step_s // DAY_S) < 5
        return day
