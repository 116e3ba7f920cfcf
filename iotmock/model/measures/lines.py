"""The three lines of a device that takes them all: none is loaded quite like another."""

from math import sqrt

from attrs import frozen

from iotmock.model.numbers.noise import gauss_at, seed_of

_IMBALANCE = 0.02
"""Standard deviation of a line's share x 3 - 1. Source: motors and heaters are within some percent
(NEMA MG 1, 14.36: 1 % in voltage is 6 to 10 % in current)."""
_VOLTAGE = 0.004
"""Of a line's voltage; EN 50160 allows 2 % of unbalance."""
_ROOT_3 = sqrt(3.0)
Lines = tuple[float, float, float]


@frozen
class Unbalance:
    """Shares of the power, which together are 1, and voltages / (line to line / √3)."""

    shares: Lines
    voltages: Lines

    @classmethod
    def of(cls, fleet_seed: int, spread: float, device_id: str, location: str) -> "Unbalance":
        """Return that of a device for life: shares are its own, voltages its location's."""
        own = _three(seed_of(fleet_seed, f"lines:{device_id}"), _IMBALANCE * spread)
        local = _three(seed_of(fleet_seed, f"voltages:{location}"), _VOLTAGE * spread)
        one, two = ((1.0 + off) / 3.0 for off in own[:2])
        return cls((one, two, 1.0 - one - two), tuple(1.0 + off for off in local))  # type: ignore[arg-type]

    def voltage(self, line: int, between_v: float) -> float:
        """Return the voltage from a line to neutral."""
        return between_v / _ROOT_3 * self.voltages[line]


def _three(seed: int, deviation: float) -> Lines:
    """Return three numbers whose sum is 0."""
    drawn = [max(-2.5, min(2.5, gauss_at(seed, line))) * deviation for line in range(3)]
    mean = sum(drawn) / 3.0
    return drawn[0] - mean, drawn[1] - mean, drawn[2] - mean
