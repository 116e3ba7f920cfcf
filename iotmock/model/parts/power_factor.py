"""How the power factor of one device differs from its family's: for good, and slowly over time."""

from math import sqrt
from typing import NamedTuple

from attrs import define

from iotmock.model.numbers.by_step import ByStep
from iotmock.model.numbers.noise import gauss_at
from iotmock.model.numbers.shared import in_steps

_STEP_S = 420.0
_OWN, _OVER_TIME = 0.25, 0.25
_MOST = 2.5
_LEAST = 0.3
_LEAST_FACTOR = 0.05


class _Moment(NamedTuple):
    """Between which draws a moment lies, and the weights of both."""

    cell: int
    begin: float
    end: float


def _moment(now: float) -> _Moment:
    cell, share = divmod(now / _STEP_S, 1.0)
    near = 1.0 - share
    # A mean of two varies less than each; so it is widened.
    wide = 1.0 / sqrt(near * near + share * share)
    return _Moment(int(cell), wide * near, wide * share)


_MOMENTS = ByStep(_moment)
"""The devices of a fleet tick at the same few moments."""


@define(eq=False, weakref_slot=False)
class PowerFactorDrift:
    """Scales what a power factor lacks of 1 by 1 ± 0.35: heaters stay at 1, motors wander by 0.05.

    It follows from seed and time. Source: power factors under load spread by 0.03 to 0.08 over time
    and devices in the measured series of realism2.md; how fast they move is judgement.
    """

    seed: int
    spread: float
    own: float
    _cell: int = -1
    _begin: float = 0.0
    _end: float = 0.0

    @classmethod
    def of(cls, seed: int, spread: float) -> "PowerFactorDrift":
        """Return the drift of the device with this seed; without spread there is none."""
        spread = min(1.0, spread)
        return cls(seed, spread, in_steps(1.0 + _OWN * spread * _within(gauss_at(seed, 0))))

    def at(self, usual: float, now: float) -> float:
        """Return the power factor at `now` (Unix seconds) of a device whose family has `usual`."""
        cell, begin, end = _MOMENTS[now]
        if cell != self._cell:
            self._go_to(cell)
        scale = self.own + begin * self._begin + end * self._end
        factor = 1.0 - (1.0 - usual) * (scale if scale > _LEAST else _LEAST)
        return factor if factor > _LEAST_FACTOR else min(usual, _LEAST_FACTOR)

    def _go_to(self, cell: int) -> None:
        over_time, self._cell = _OVER_TIME * self.spread, cell
        self._begin = in_steps(over_time * _within(gauss_at(self.seed, cell)))
        self._end = in_steps(over_time * _within(gauss_at(self.seed, cell + 1)))


def _within(drawn: float) -> float:
    return max(-_MOST, min(_MOST, drawn)) if drawn else 0.0
