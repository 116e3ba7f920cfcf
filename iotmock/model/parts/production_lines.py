"""Production lines that there are: their calendar, levels and durations. Data only."""

from attrs import frozen

from iotmock.model.parts.machine_cycle import CyclePeriod
from iotmock.model.parts.shifts import CONTINUOUS, DAY_SHIFT, TWO_SHIFT, Calendar


@frozen(eq=False)
class Line:
    """A production line. Levels are powers / base power, times in s.

    Source: levels, durations and shares of realism.md, fitted to the UCI steel plant (Sathishkumar
    et al., 2021); spindle cycles of the CNC centre after Behrendt, Zein, Min, CIRP Annals 61, 2012.
    """

    calendar: Calendar
    long_cycle: CyclePeriod
    short_cycle: CyclePeriod
    off: float = 0.045
    idle: float = 0.27
    fault: float = 0.11
    run: float = 0.74
    long_swing: float = 0.16
    short_swing: float = 0.06
    run_s: float = 40 * 60.0
    idle_s: float = 180.0
    fault_s: float = 270.0
    fault_share: float = 0.12
    ramp_up_s: tuple[float, float] = (180.0, 420.0)
    ramp_down_s: float = 90.0
    batch_spread: float = 0.07
    ripple: float = 0.015

    def __deepcopy__(self, memo: object) -> "Line":
        """Return itself: it never changes."""
        return self


TWO_SHIFT_LINE = Line(TWO_SHIFT, CyclePeriod(42.0), CyclePeriod(11.3))
CONTINUOUS_LINE = Line(CONTINUOUS, CyclePeriod(42.0), CyclePeriod(11.3), run_s=150 * 60.0)
CNC_LINE = Line(
    DAY_SHIFT,
    CyclePeriod(95.0),
    CyclePeriod(17.0),
    off=0.06,
    idle=0.32,
    run=0.62,
    long_swing=0.22,
    short_swing=0.1,
    run_s=12 * 60.0,
    idle_s=240.0,
    ramp_up_s=(120.0, 240.0),
)
