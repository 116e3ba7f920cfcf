"""Rows of a file one after another, and what is wrong with a file that has none."""

from collections.abc import Sequence
from pathlib import Path

from attrs import frozen

from iotmock.judge.piece import Values

ROWS = 65_536
"""How many rows a batch has at most."""


class RealSeriesError(Exception):
    """A file is no series that can be judged; the reason says where and what is allowed."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")


@frozen(eq=False)
class Batch:
    """Readings in the order of the file.

    `written` is what the clock showed, s since 1970; `offsets` how many s it is ahead of UTC, NaN
    where the file does not say; `powers` are in kW, NaN where nothing was measured; `devices` is
    None in a file of one.
    """

    written: Values
    offsets: Values
    powers: Values
    devices: Sequence[str] | None
