"""Where values lie on a chart from bottom to top: as they are, or by their logarithm."""

from collections.abc import Sequence
from math import log10

from attrs import frozen

from iotmock.charts.ticks import Tick, ticks
from iotmock.model.numbers.plain_number import figure

_LEAST_MS = 0.1
_MARGIN = 0.05
_WANTED = 4
_MILLION = 1_000_000


@frozen
class Scale:
    """From `low` to `high`; of a logarithmic one these are exponents of ten."""

    low: float
    high: float
    labels: Sequence[Tick]
    logarithmic: bool = False

    @classmethod
    def from_zero(cls, values: Sequence[float], *, whole: bool = False) -> "Scale":
        """Return a linear scale from zero; `whole`: of what is counted, without half ones."""
        high = (1.0 + _MARGIN) * max(values) or 1.0
        return cls._linear(0.0, max(high, 1.0) if whole else high, whole=whole)

    @classmethod
    def around(cls, values: Sequence[float]) -> "Scale":
        """Return a linear scale of the values and a little more, below zero only if one is."""
        low, high = min(values), max(values)
        margin = _MARGIN * (high - low) or 1.0
        least = 0.0 if low >= 0.0 else low - margin
        return cls._linear(max(least, low - margin), high + margin)

    @classmethod
    def _linear(cls, low: float, high: float, *, whole: bool = False) -> "Scale":
        found = ticks(low, high, _WANTED, whole=whole)
        return cls(low, high, [(tick, _label(tick)) for tick in found])

    @classmethod
    def of_times(cls, values: Sequence[float]) -> "Scale":
        """Return a logarithmic scale of whole decades: an outage does not hide what is usual."""
        least = min((value for value in values if value >= _LEAST_MS), default=_LEAST_MS)
        low = int(log10(least) // 1)
        high = max(low + 1, -int(-log10(max(*values, _LEAST_MS)) // 1))
        decades = [(float(at), f"{10.0**at:,g}") for at in range(low, high + 1)]
        return cls(float(low), float(high), decades, logarithmic=True)

    def place(self, value: float) -> float:
        """Return where a value lies between `low` and `high`."""
        if not self.logarithmic:
            return value
        return max(self.low, log10(max(value, 1e-9)))

    def facts(self) -> dict[str, object]:
        """Return what the script must know to place values too."""
        return {"low": self.low, "high": self.high, "log": self.logarithmic}


def _label(value: float) -> str:
    """Return a value as short as there is room beside an axis."""
    if abs(value) >= _MILLION:
        return f"{figure(value / _MILLION, 10)} M"
    return figure(value, 10)
