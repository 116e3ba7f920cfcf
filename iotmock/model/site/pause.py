"""What a pause does to the fast parts of a site: its voltage's quick changes, its feeder."""

from typing import NamedTuple

from iotmock.model.numbers.by_step import ByStep, Relaxation, relaxation
from iotmock.model.site.feeder import LONG_MEMORY_S, MEMORY_S

QUICK, _QUICK_TAU_S = 0.0029, 210.0
FLICKER, _FLICKER_TAU_S = 0.0006, 15.0
"""Standard deviation / nominal of the voltage's quick changes. Source: as in `grid.py`."""


class Pause(NamedTuple):
    """What the seconds since the site was last looked at do to its fast parts."""

    elapsed_s: float
    quick: Relaxation
    flicker: Relaxation
    feeder_keep: float
    feeder_long_keep: float


def _pause(elapsed_s: float) -> Pause:
    return Pause(
        elapsed_s,
        relaxation(_QUICK_TAU_S, elapsed_s),
        relaxation(_FLICKER_TAU_S, elapsed_s),
        relaxation(MEMORY_S, elapsed_s).keep,
        relaxation(LONG_MEMORY_S, elapsed_s).keep,
    )


PAUSES = ByStep(_pause)
