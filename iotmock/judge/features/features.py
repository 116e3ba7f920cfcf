"""All features of a piece together."""

from math import isfinite

from iotmock.judge.features.calendar import calendar
from iotmock.judge.features.levels import levels
from iotmock.judge.features.memory import memory
from iotmock.judge.features.ramps import ramps
from iotmock.judge.features.runs import runs
from iotmock.judge.features.spectrum import spectrum
from iotmock.judge.piece import Piece

_GROUPS = (levels, memory, ramps, spectrum, calendar, runs)


def features(piece: Piece) -> dict[str, float]:
    """Return every feature of a piece by its name; what can not be said of it is 0.

    They go by the powers' parts of their mean, so that size and unit do not count. Which there are
    depends on the cut and on the step; docs/explanation/realism.md has a line for each.
    """
    found = {name: value for group in _GROUPS for name, value in group(piece).items()}
    return {name: value if isfinite(value) else 0.0 for name, value in found.items()}
