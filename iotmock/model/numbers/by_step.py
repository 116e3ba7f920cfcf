"""What depends on the length of a tick alone, computed once and shared by all devices."""

from collections.abc import Callable
from math import sqrt
from typing import Any, NamedTuple, TypeVar

from iotmock.model.numbers.exact_math import exp

T = TypeVar("T")
_LIMIT = 16


class ByStep(dict[float, T]):
    """A table by tick length (s) that fills itself; a hit costs no Python call.

    Ticks come in few lengths. Where they do not, the table starts over at 16 entries.
    """

    def __init__(self, compute: Callable[[float], T]) -> None:
        super().__init__()
        self._compute = compute

    def __missing__(self, dt_s: float) -> T:
        if len(self) >= _LIMIT:
            self.clear()
        value = self[dt_s] = self._compute(dt_s)
        return value

    def __deepcopy__(self, memo: dict[int, Any]) -> "ByStep[T]":
        """Return itself: a copied device shares what depends on the tick alone."""
        return self


class Relaxation(NamedTuple):
    """One tick of a first-order process with time constant tau.

    `keep` = e^(-dt/tau) is what is left of the old value and `kick` = sqrt(1 - keep²) the weight of
    a normal number in AR(tau, 1). `mean` is the average of e^(-t/tau) over the tick. `steady` is
    the standard deviation of a tick's mean of AR(tau, 1): a meter that averages for 15 minutes sees
    less of a 30-s noise than one that looks every 5 s.
    """

    keep: float
    kick: float
    mean: float
    steady: float


def relaxation(tau_s: float, dt_s: float) -> Relaxation:
    """Return the coefficients for a tick of `dt_s` >= 0."""
    ticks = dt_s / tau_s
    if ticks < 1e-6:
        return Relaxation(1.0 - ticks, sqrt(2.0 * ticks), 1.0, 1.0)
    keep = exp(-ticks)
    mean = (1.0 - keep) / ticks
    steady = sqrt(max(0.0, 2.0 * (1.0 - mean) / ticks))
    return Relaxation(keep, sqrt(1.0 - keep * keep), mean, min(1.0, steady))
