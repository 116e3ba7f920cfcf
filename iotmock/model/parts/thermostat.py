"""A thermal mass, and the thermostat that switches a machine to hold it: rooms, tanks."""

from functools import partial

from attrs import define, field, frozen

from iotmock.model.numbers.by_step import ByStep, Relaxation, relaxation
from iotmock.model.numbers.exact_math import exp, log

_NEVER = float("inf")
_START_TAU_S = 90.0
_STARTS: ByStep[Relaxation] = ByStep(partial(relaxation, _START_TAU_S))
"""How start-up losses go, by tick length."""


@frozen(eq=False)
class ThermalMass:
    """First-order mass with a two-point controller: tau in s, switching points in K, times in s.

    `on_at_k` and `off_at_k` are excesses over the setpoint; the machine pulls the excess down. It
    runs for at least `min_on_s` and rests for at least `min_off_s`.
    """

    tau_s: float
    on_at_k: float
    off_at_k: float
    min_on_s: float
    min_off_s: float
    paces: ByStep["MassPace"] = field(init=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "paces", ByStep(partial(_pace, self.tau_s)))

    def __deepcopy__(self, memo: object) -> "ThermalMass":
        """Return itself: it never changes."""
        return self


@frozen
class MassPace:
    """What a tick length does to the mass and to the start-up of its machine."""

    keep: float
    start: Relaxation


def _pace(tau_s: float, dt_s: float) -> MassPace:
    return MassPace(relaxation(tau_s, dt_s).keep, _STARTS[dt_s])


@define(eq=False, weakref_slot=False)
class Thermostat:
    """The state of one controlled mass.

    `excess_k` is the temperature over the setpoint (under it, when the machine heats). `locked_s`
    is how long the machine must stay as it is. `start` is e^(-t/90 s) since it last started: the
    share of the start-up losses that is left.
    """

    mass: ThermalMass
    excess_k: float
    running: bool = False
    locked_s: float = 0.0
    start: float = 0.0
    starting: float = 0.0
    """Mean of `start` over the last tick, weighted by the time on."""
    starts: int = 0
    """How often the machine started in the last tick."""

    def advance(self, rest_k: float, pull_k: float, dt_s: float) -> float:
        """Advance by `dt_s`; return the share of it that the machine ran (0 or 1 for a tick of 0).

        Left alone the excess goes to `rest_k`, with the machine running to `rest_k - pull_k`. The
        switching moments inside the tick are solved for exactly, however long it is.
        """
        mass = self.mass
        pace = mass.paces[dt_s]
        target = rest_k - pull_k if self.running else rest_k
        end = target + (self.excess_k - target) * pace.keep
        due = end <= mass.off_at_k if self.running else end >= mass.on_at_k
        if due and dt_s > 0.0 and dt_s > self.locked_s:
            return self._switch(rest_k, pull_k, dt_s)
        self.locked_s -= dt_s
        self.excess_k = end
        self.starts = 0
        if not self.running:
            self.starting = 0.0
            return 0.0
        self.starting = self.start * pace.start.mean
        self.start *= pace.start.keep
        return 1.0

    def _switch(self, rest_k: float, pull_k: float, dt_s: float) -> float:
        left, on_s, start_s = dt_s, 0.0, 0.0
        self.starts = 0
        while left > 0.0:
            target = rest_k - (pull_k if self.running else 0.0)
            due = self._until_switch(target)
            span = left if left < due else due
            self.excess_k = target + (self.excess_k - target) * exp(-span / self.mass.tau_s)
            if self.running:
                faded = self.start * exp(-span / _START_TAU_S)
                on_s += span
                start_s += _START_TAU_S * (self.start - faded)
                self.start = faded
            self.locked_s -= span
            left -= span
            if span == due:
                self._flip()
        self.starting = start_s / dt_s
        return on_s / dt_s

    def _until_switch(self, target: float) -> float:
        """Return the seconds until the machine switches while conditions stay as they are."""
        point = self.mass.off_at_k if self.running else self.mass.on_at_k
        way = -1.0 if self.running else 1.0
        if (self.excess_k - point) * way >= 0.0:
            crossing = 0.0
        elif (target - point) * way > 0.0:
            crossing = self.mass.tau_s * log((self.excess_k - target) / (point - target))
        else:
            crossing = _NEVER
        return max(crossing, self.locked_s, 0.0)

    def _flip(self) -> None:
        self.running = not self.running
        self.locked_s = self.mass.min_on_s if self.running else self.mass.min_off_s
        self.start = 1.0 if self.running else 0.0
        self.starts += self.running
