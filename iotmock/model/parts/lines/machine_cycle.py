"""A sine that a machine's stroke prints on its power, averaged over a tick."""

from attrs import define, field, frozen

from iotmock.model.numbers.by_step import ByStep
from iotmock.model.numbers.exact_math import sine

_CELLS = 1024
_SINES = tuple(sine((cell + 0.5) / _CELLS) for cell in range(_CELLS))


@frozen(eq=False)
class CyclePeriod:
    """A cycle of `period_s` seconds; `turns` gives a tick's turns and what it leaves of a sine."""

    period_s: float
    turns: ByStep[tuple[float, float]] = field(init=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "turns", ByStep(self._turn))

    def _turn(self, dt_s: float) -> tuple[float, float]:
        # The mean of a sine over an angle is the sine at its middle, times sin(x)/x of its half.
        turns = dt_s / self.period_s
        half = 3.141592653589793 * turns
        return turns, sine(0.5 * turns) / half if half > 1e-9 else 1.0

    def __deepcopy__(self, memo: object) -> "CyclePeriod":
        """Return itself: it never changes."""
        return self


@define(eq=False, weakref_slot=False)
class MachineCycle:
    """Where in its cycle a machine is, in turns."""

    period: CyclePeriod
    phase: float = 0.0

    def mean(self, dt_s: float) -> float:
        """Go on by `dt_s`; return the mean of the unit sine over it."""
        turns, share = self.period.turns[dt_s]
        middle = self.phase + 0.5 * turns
        self.phase = (self.phase + turns) % 1.0
        return share * _SINES[int(middle * _CELLS) & (_CELLS - 1)]
