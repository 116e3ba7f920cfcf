"""A slow random process as a function of time, the same whenever one begins to look at it."""

from functools import lru_cache
from typing import NamedTuple

from attrs import define

from iotmock.model.numbers.by_step import relaxation
from iotmock.model.numbers.noise import gauss_at

_MEMORY = 5.0
"""Time constants after which the past is forgotten: e^-5 of it is left."""


class _Pace(NamedTuple):
    """What all processes have in common that forget alike; a cell of their grid has `cell_s`."""

    keep: float
    kick: float
    stride: int
    cell_s: float
    terms: int


@lru_cache(maxsize=256)
def _pace(tau_s: float, stride: int) -> _Pace:
    cell_s = stride * 900.0
    step = relaxation(tau_s, cell_s)
    return _Pace(step.keep, step.kick, stride, cell_s, int(_MEMORY * tau_s / cell_s))


@define(eq=False, weakref_slot=False)
class SlowNoise:
    """AR(tau, 1) on a grid of `stride` quarters of an hour, with straight lines between.

    Its value at any moment follows from the seed and the moment alone (to 1 %): a service that
    restarts, and a preview of tomorrow, find the weather that there is.
    """

    seed: int
    pace: _Pace
    _cell: int | None = None
    _value: float = 0.0
    _next: float = 0.0

    @classmethod
    def make(cls, seed: int, tau_s: float, stride: int) -> "SlowNoise":
        """Return a process with the time constant `tau_s`, on a grid of `stride` * 900 s."""
        return cls(seed, _pace(tau_s, stride))

    def at(self, quarter: int) -> float:
        """Return the value at `quarter` quarters of an hour after the epoch."""
        stride = self.pace.stride
        cell, rest = divmod(quarter, stride)
        if cell != self._cell:
            self._go_to(cell)
        return self._value + (self._next - self._value) * rest / stride

    def between(self, now: float) -> float:
        """Return the value at `now` (Unix seconds)."""
        cell_s = self.pace.cell_s
        cell, rest = divmod(now, cell_s)
        if cell != self._cell:
            self._go_to(int(cell))
        return self._value + (self._next - self._value) * rest / cell_s

    def _go_to(self, cell: int) -> None:
        if self._cell is not None and cell == self._cell + 1:
            self._value = self._next
        else:
            self._value = self._from_the_past(cell)
        pace = self.pace
        self._next = pace.keep * self._value + pace.kick * gauss_at(self.seed, cell + 1)
        self._cell = cell

    def _from_the_past(self, cell: int) -> float:
        keep, kick, _, _, terms = self.pace
        value = gauss_at(self.seed, cell - terms)
        for past in range(cell - terms + 1, cell + 1):
            value = keep * value + kick * gauss_at(self.seed, past)
        return value
