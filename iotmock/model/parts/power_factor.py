"""How the power factor of one device differs from its family's: for good, and slowly over time."""

from math import sqrt

from attrs import define

from iotmock.model.numbers.noise import gauss_at

_STEP_S = 420.0
_OWN, _OVER_TIME = 0.25, 0.25
_MOST = 2.5
_LEAST = 0.3
_LEAST_FACTOR = 0.05


@define(eq=False)
class PowerFactorDrift:
    """Scales what a power factor lacks of 1 by 1 ± 0.35: heaters stay at 1, motors wander by 0.05.

    It follows from seed and time. Source: power factors under load spread by 0.03 to 0.08 over time
    and devices in the measured series of realism2.md; how fast they move is judgement.
    """

    seed: int
    own: float
    over_time: float
    _cell: int = -1
    _begin: float = 0.0
    _end: float = 0.0

    @classmethod
    def of(cls, seed: int, spread: float) -> "PowerFactorDrift":
        """Return the drift of the device with this seed; without spread there is none."""
        spread = min(1.0, spread)
        return cls(seed, _OWN * spread * _within(gauss_at(seed, 0)), _OVER_TIME * spread)

    def at(self, usual: float, now: float) -> float:
        """Return the power factor at `now` (Unix seconds) of a device whose family has `usual`."""
        place = now / _STEP_S
        cell = int(place)
        if cell != self._cell:
            self._cell = cell
            self._begin, self._end = (_within(gauss_at(self.seed, at)) for at in (cell, cell + 1))
        share = place - cell
        near = 1.0 - share
        # A mean of two varies less than each; so it is widened.
        drift = (near * self._begin + share * self._end) / sqrt(near * near + share * share)
        scale = 1.0 + self.own + self.over_time * drift
        factor = 1.0 - (1.0 - usual) * (scale if scale > _LEAST else _LEAST)
        return factor if factor > _LEAST_FACTOR else min(usual, _LEAST_FACTOR)


def _within(drawn: float) -> float:
    return max(-_MOST, min(_MOST, drawn)) if drawn else 0.0
