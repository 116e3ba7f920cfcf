"""Production lines that there are: how they work, their levels and durations. Data only."""

from attrs import frozen

from iotmock.model.parts.lines.machine_cycle import CyclePeriod
from iotmock.model.parts.lines.shifts import Range, Week


def _cycles(*periods_s: float) -> tuple[CyclePeriod, ...]:
    return tuple(CyclePeriod(period_s) for period_s in periods_s)


@frozen(eq=False)
class Line:
    """A kind of production line. Levels are powers / base power, times in s.

    Source: levels, durations and shares of realism.md, fitted to the UCI steel plant (Sathishkumar
    et al., 2021); spindle cycles of the CNC centre after Behrendt, Zein, Min, CIRP Annals 61, 2012.
    """

    week: Week
    cycles: tuple[CyclePeriod, ...]
    """Strokes that its machines may have: each line takes two."""
    off: float = 0.043
    run: float = 0.95
    """With every machine at work."""
    busy: float = 0.66
    """Share of the machines that the usual orders keep at work in a full shift."""
    idle: float = 0.10
    """What stands ready for a full shift (drives, hydraulics, light), as a share of `run`."""
    machines: tuple[int, int] = (7, 18)
    swing: float = 0.24
    pace_s: float = 420.0
    """Between two changes of what runs."""
    ramp_s: float = 50.0
    stops: float = 0.006
    """Share of the changes that are a stop of the whole line."""
    stop_s: float = 400.0
    ripple: float = 0.015
    wander: float = 0.145
    visits: float = 0.19
    strokes: int = 8
    """How many of `cycles` are long ones."""

    def cycle(self, at: float, *, long: bool) -> CyclePeriod:
        """Return the stroke at a place between 0 and 1 of the long, or the short, ones."""
        some = self.cycles[: self.strokes] if long else self.cycles[self.strokes :]
        return some[min(len(some) - 1, int(at * len(some)))]

    def __deepcopy__(self, memo: object) -> "Line":
        """Return itself: it never changes."""
        return self


_LINE_CYCLES = _cycles(24.0, 30.0, 36.0, 42.0, 48.0, 57.0, 66.0, 78.0, 8.3, 9.7, 11.3, 13.1)
_PART_CYCLES = _cycles(60.0, 75.0, 95.0, 110.0, 130.0, 150.0, 11.0, 14.0, 17.0, 21.0)

TWO_SHIFT_LINE = Line(Week(), _LINE_CYCLES)
CONTINUOUS_LINE = Line(
    Week(without_end=True, by_day=0.05),
    _LINE_CYCLES,
    busy=0.78,
    pace_s=900.0,
    stops=0.003,
    stop_s=1_200.0,
)
CNC_LINE = Line(
    Week(begin=Range(7.0, 0.5), first_h=Range(9.0, 0.7), late_share=Range(0.0, 0.0)),
    _PART_CYCLES,
    strokes=6,
    off=0.035,
    run=0.9,
    busy=0.65,
    idle=0.3,
    machines=(1, 3),
    swing=0.3,
    pace_s=600.0,
    ramp_s=20.0,
)
