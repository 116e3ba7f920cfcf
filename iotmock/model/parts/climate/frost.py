"""Frost on the outdoor coil of a heat pump, and the minutes in which it is melted."""

from attrs import define

from iotmock.model.numbers.noise import Noise

_FROSTS_BELOW_C = 6.0
_WORST_C = 1.0
_DRY_C = -12.0
_LEAST = 0.3
"""Frost at -12 °C and below / at 1 °C: colder air holds less water."""


def frosting(outdoor_c: float) -> float:
    """Return how fast a running coil frosts up, 0 to 1, at an outdoor temperature."""
    if outdoor_c >= _FROSTS_BELOW_C:
        return 0.0
    if outdoor_c >= _WORST_C:
        return (_FROSTS_BELOW_C - outdoor_c) / (_FROSTS_BELOW_C - _WORST_C)
    if outdoor_c <= _DRY_C:
        return _LEAST
    return _LEAST + (1.0 - _LEAST) * (outdoor_c - _DRY_C) / (_WORST_C - _DRY_C)


@define(eq=False, weakref_slot=False)
class Frost:
    """The coil's state: how much running (s, at the worst) it stands, or how long it melts (s).

    Source: demand defrost after 40 to 90 min of running near 0 °C and melting for 3 to 8 min (Zhu
    et al., "Performance of air source heat pumps under frosting", Applied Energy 2015; EN 14511-3
    counts both in the cycle that it measures).
    """

    noise: Noise
    spread: float
    usual_s: float
    melting_s: float
    stands_s: float = 0.0
    melts_s: float = 0.0

    def advance(self, worked_s: float, pace: float) -> float:
        """Run for `worked_s` at a pace of `frosting`; return how long of it the coil melted, s."""
        if self.melts_s <= 0.0 and worked_s * pace < self.stands_s:
            self.stands_s -= worked_s * pace
            return 0.0
        return self._through_cycles(worked_s, pace)

    def _through_cycles(self, left_s: float, pace: float) -> float:
        melted_s = 0.0
        while left_s > 0.0:
            if self.melts_s > 0.0:
                span = min(left_s, self.melts_s)
                self.melts_s -= span
                melted_s += span
            elif pace * left_s < self.stands_s or pace <= 0.0:
                span = left_s
                self.stands_s -= span * pace
            else:
                span = max(0.0, self.stands_s / pace)
                self._melt()
            left_s -= span
        return melted_s

    def _melt(self) -> None:
        self.stands_s = self.usual_s * max(0.5, 1.0 + 0.15 * self.spread * self.noise.gauss())
        self.melts_s = self.melting_s * max(0.5, 1.0 + 0.2 * self.spread * self.noise.gauss())
