"""A slow random process as a function of time, the same whenever one begins to look at it."""

from attrs import define

from iotmock.model.numbers.by_step import relaxation
from iotmock.model.numbers.noise import gauss_at

_MEMORY = 5.0
"""Time constants after which the past is forgotten: e^-5 of it is left."""


@define(eq=False)
class SlowNoise:
    """AR(tau, 1) on a grid of `stride` quarters of an hour, with straight lines between.

    Its value at any moment follows from the seed and the moment alone (to 1 %): a service that
    restarts, and a preview of tomorrow, find the weather that there is.
    """

    seed: int
    keep: float
    kick: float
    stride: int
    terms: int
    _cell: int | None = None
    _value: float = 0.0
    _next: float = 0.0

    @classmethod
    def make(cls, seed: int, tau_s: float, stride: int) -> "SlowNoise":
        """Return a process with the time constant `tau_s`, on a grid of `stride` * 900 s."""
        step = relaxation(tau_s, stride * 900.0)
        return cls(seed, step.keep, step.kick, stride, int(_MEMORY * tau_s / (stride * 900.0)))

    def at(self, quarter: int) -> float:
        """Return the value at `quarter` quarters of an hour after the epoch."""
        cell, rest = divmod(quarter, self.stride)
        if cell != self._cell:
            self._go_to(cell)
        return self._value + (self._next - self._value) * rest / self.stride

    def between(self, now: float) -> float:
        """Return the value at `now` (Unix seconds)."""
        cell, rest = divmod(now, self.stride * 900.0)
        if cell != self._cell:
            self._go_to(int(cell))
        return self._value + (self._next - self._value) * rest / (self.stride * 900.0)

    def _go_to(self, cell: int) -> None:
        if self._cell is not None and cell == self._cell + 1:
            self._value = self._next
        else:
            self._value = self._from_the_past(cell)
        self._next = self.keep * self._value + self.kick * gauss_at(self.seed, cell + 1)
        self._cell = cell

    def _from_the_past(self, cell: int) -> float:
        value = gauss_at(self.seed, cell - self.terms)
        for past in range(cell - self.terms + 1, cell + 1):
            value = self.keep * value + self.kick * gauss_at(self.seed, past)
        return value
