"""Industrial: a production line with a shift calendar, ramps, stops and a machine cycle."""

from collections.abc import Callable, Mapping
from enum import IntEnum

from attrs import define

from iotmock.model.commands import Applied, Command, Outcome, Rejected
from iotmock.model.family import DeviceType, Family, Profile
from iotmock.model.numbers.by_step import ByStep, Relaxation, relaxation
from iotmock.model.numbers.curve import Curve
from iotmock.model.numbers.exact_math import exp
from iotmock.model.numbers.noise import Noise
from iotmock.model.parts.machine_cycle import MachineCycle
from iotmock.model.parts.production_lines import CNC_LINE, CONTINUOUS_LINE, TWO_SHIFT_LINE, Line
from iotmock.model.parts.shifts import WEEK_S, Span, Work
from iotmock.model.site.site import Conditions, spread_of
from iotmock.model.spec import Setting, read_switch

_FOREVER = float("inf")
_START_TAU_S = 2.5
_START = 1.2
_POWER_FACTOR = Curve.of(lambda load: 0.5 + 0.4 * (1.0 - exp(-load / 0.28)), limit=2.0)


class StartLine(Command, frozen=True):
    """Start the line, whatever the calendar says."""

    name = "start_line"


class StopLine(Command, frozen=True):
    """Stop the line until it is started again."""

    name = "stop_line"


class Phase(IntEnum):
    """What the line is doing."""

    OFF = 0
    RAMP_UP = 1
    RUN = 2
    IDLE = 3
    FAULT = 4
    BREAK = 5
    RAMP_DOWN = 6


def _ripple(dt_s: float) -> Relaxation:
    return relaxation(20.0, dt_s)


def _start(dt_s: float) -> Relaxation:
    return relaxation(_START_TAU_S, dt_s)


_RIPPLES = ByStep(_ripple)
_STARTS = ByStep(_start)
_NO_SPAN = Span(1.0, 0.0, Work.OFF)
_HELD = {
    False: Span(-_FOREVER, _FOREVER, Work.OFF),
    True: Span(-_FOREVER, _FOREVER, Work.RUN),
}


@define(eq=False)
class Industrial:
    """A line; `held` is what a command fixed, None leaves it to the calendar.

    In `phase` the power goes from `level` to `goal` along a straight line that ends in `left_s`.
    Long because each phase leads to the others: one state machine, which is read as a whole.
    """

    noise: Noise
    events: Noise
    spread: float
    line: Line
    late_s: float
    long_cycle: MachineCycle
    short_cycle: MachineCycle
    held: bool | None = None
    span: Span = _NO_SPAN
    phase: Phase = Phase.OFF
    level: float = 0.045
    goal: float = 0.045
    left_s: float = _FOREVER
    start: float = 0.0
    ripple: float = 0.0
    load: float = 0.045

    @classmethod
    def make(cls, noise: Noise, variation: float, line: Line = TWO_SHIFT_LINE) -> "Industrial":
        """Return a line at rest."""
        spread = spread_of(variation)
        late_s = 120.0 * max(-3.0, min(3.0, spread * noise.gauss()))
        cycles = MachineCycle(line.long_cycle), MachineCycle(line.short_cycle)
        return cls(
            noise, noise.branch(), spread, line, late_s, *cycles, level=line.off, goal=line.off
        )

    def step(self, site: Conditions, dt_s: float) -> float:
        """See `Family.step`."""
        line = self.line
        power = self._base(site.week_s - 0.5 * dt_s - self.late_s, dt_s)
        if self.phase is Phase.RUN:
            keep, kick, _, steady = _RIPPLES[dt_s]
            self.ripple = self.ripple * keep + kick * self.noise.gauss()
            swing = line.long_swing * self.long_cycle.mean(dt_s)
            swing += line.short_swing * self.short_cycle.mean(dt_s)
            power += self.goal / line.run * swing
            power *= 1.0 + line.ripple * self.spread * steady * self.ripple
        if self.start > 1e-6:
            pace = _STARTS[dt_s]
            power += _START * self.start * pace.mean
            self.start *= pace.keep
        self.load = power = power if power > 0.0 else 0.0
        return power

    def _base(self, begin_s: float, dt_s: float) -> float:
        """Return the mean level over the tick that begins then, without cycle and start."""
        span = self.span
        if span.begin_s <= begin_s and begin_s + dt_s <= span.end_s and dt_s < self.left_s:
            return self._along(dt_s)
        work, left = 0.0, dt_s
        while True:
            part = min(left, self._until_calendar(begin_s), self.left_s)
            work += self._along(part) * part
            if self.left_s <= 0.0:
                self._next()
            left -= part
            begin_s += part
            if left <= 0.0:
                return work / dt_s if dt_s else self.level

    def _along(self, part_s: float) -> float:
        """Go on by `part_s`, which is not beyond the phase; return the mean level."""
        before = self.level
        if before != self.goal:
            self.level += (self.goal - before) * part_s / self.left_s
        self.left_s -= part_s
        return 0.5 * (before + self.level)

    def _until_calendar(self, week_s: float) -> float:
        """Do what the calendar, or a command, wants; return the seconds until that changes."""
        in_week_s = week_s % WEEK_S
        span = self.line.calendar.at(in_week_s) if self.held is None else _HELD[self.held]
        if span is not self.span:
            self.span = span
            self._follow(span.work)
        # A microsecond at least, so that rounding at the edge of a span can not stop the clock.
        return max(1e-6, span.end_s - in_week_s)

    def _follow(self, work: Work) -> None:
        stands = self.phase in {Phase.OFF, Phase.RAMP_DOWN}
        if work is Work.OFF and not stands:
            self._enter(Phase.RAMP_DOWN, self.line.off, self.line.ramp_down_s)
        elif work is Work.BREAK and not stands:
            self._enter(Phase.BREAK, self.line.idle, _FOREVER)
        elif work is Work.RUN and stands:
            shortest, longest = self.line.ramp_up_s
            share = 0.5 + min(1.0, self.spread) * (self.events.uniform() - 0.5)
            self.start = 1.0
            self._enter(Phase.RAMP_UP, self._batch(), shortest + (longest - shortest) * share)
        elif work is Work.RUN and self.phase is Phase.BREAK:
            self._run()

    def _next(self) -> None:
        match self.phase:
            case Phase.RAMP_DOWN:
                self._enter(Phase.OFF, self.line.off, _FOREVER)
            case Phase.RAMP_UP:
                self._enter(Phase.RUN, self.goal, self._run_s())
            case Phase.RUN:
                self._stop()
            case _:
                self._run()

    def _run(self) -> None:
        self.start = 0.0 if self.phase is Phase.IDLE else 1.0
        self._enter(Phase.RUN, self._batch(), self._run_s())

    def _stop(self) -> None:
        line = self.line
        if self.events.uniform() < line.fault_share * min(1.0, self.spread):
            self._enter(Phase.FAULT, line.fault, line.fault_s * self._lognormal())
        else:
            self._enter(Phase.IDLE, line.idle, line.idle_s * self._lognormal())

    def _enter(self, phase: Phase, goal: float, left_s: float) -> None:
        self.phase, self.goal, self.left_s = phase, goal, left_s
        if phase not in {Phase.RAMP_UP, Phase.RAMP_DOWN}:
            self.level = goal

    def _batch(self) -> float:
        factor = 1.0 + self.line.batch_spread * self.spread * self.events.gauss()
        return self.line.run * max(0.6, min(1.3, factor))

    def _run_s(self) -> float:
        return self.line.run_s * max(0.02, self.events.wait(self.spread))

    def _lognormal(self) -> float:
        return exp(0.5 * max(-3.0, min(3.0, self.spread * self.events.gauss())))

    def power_factor(self) -> float:
        """See `Family.power_factor`."""
        return _POWER_FACTOR.at(self.load)

    def apply(self, command: Command) -> Outcome:
        """See `Family.apply`."""
        if not isinstance(command, StartLine | StopLine):
            return Rejected(f"industrial has no {command.name}")
        self._hold(running=isinstance(command, StartLine))
        return Applied()

    def _hold(self, *, running: bool) -> None:
        self.held = running
        self.span = _NO_SPAN

    def settings(self) -> dict[str, Setting]:
        """See `Family.settings`."""
        return {} if self.held is None else {"line": self.held}

    def restore(self, settings: Mapping[str, Setting]) -> None:
        """See `Family.restore`."""
        if "line" in settings:
            self._hold(running=read_switch(settings, "line"))


def _working(line: Line) -> Callable[[Noise, float], Family]:
    def build(noise: Noise, variation: float) -> Industrial:
        return Industrial.make(noise, variation, line)

    return build


TYPE = DeviceType.of_profiles(
    device_type="industrial",
    name="Production Line",
    description="A line with a shift calendar, ramps, stops and a machine cycle; three-phase.",
    profiles=(
        Profile(
            "two_shift",
            "A line that works on weekdays from 06 to 22.",
            120.0,
            480.0,
            3,
            _working(TWO_SHIFT_LINE),
            2.6,
        ),
        Profile(
            "continuous",
            "A line that works round the clock, with weekly maintenance.",
            200.0,
            480.0,
            3,
            _working(CONTINUOUS_LINE),
            2.6,
        ),
        Profile(
            "cnc",
            "A machining centre that works by day, part by part.",
            30.0,
            480.0,
            3,
            _working(CNC_LINE),
            2.6,
        ),
    ),
    own_commands=(StartLine, StopLine),
)
