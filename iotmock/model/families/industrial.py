"""Industrial: a production line whose machines come and go with shifts, orders and the day."""

from collections.abc import Callable, Mapping

from attrs import define

from iotmock.model.commands import Applied, Command, Outcome, Rejected
from iotmock.model.family import DeviceType, Family, Profile
from iotmock.model.numbers.by_step import ByStep, Relaxation, relaxation
from iotmock.model.numbers.curve import Curve
from iotmock.model.numbers.exact_math import exp
from iotmock.model.numbers.noise import Noise
from iotmock.model.parts.lines.machine_cycle import MachineCycle
from iotmock.model.parts.lines.plant import Plant
from iotmock.model.parts.lines.production_lines import (
    CNC_LINE,
    CONTINUOUS_LINE,
    TWO_SHIFT_LINE,
    Line,
)
from iotmock.model.parts.lines.shifts import Habits, Plan, Span
from iotmock.model.site.site import Conditions, spread_of
from iotmock.model.spec import Setting, read_switch

_FOREVER = float("inf")
_START_TAU_S = 2.5
_START = 4.0
"""What a machine's motors draw more at first / its own power."""
_STARTED = 0.28
_STOPPED = 0.45
"""Shares of the machines that start, and stop, together when a shift begins, and ends."""
_VISIT_KEEP, _VISIT_KICK = 0.55, 0.835165
_WANDER_KEEP, _WANDER_KICK = 0.82, 0.57236
_POWER_FACTOR = Curve.of(lambda load: 0.5 + 0.4 * (1.0 - exp(-load / 0.28)), limit=2.0)


class StartLine(Command, frozen=True):
    """Start the line, whatever the calendar says."""

    name = "start_line"


class StopLine(Command, frozen=True):
    """Stop the line until it is started again."""

    name = "stop_line"


def _ripple(dt_s: float) -> Relaxation:
    return relaxation(20.0, dt_s)


def _start(dt_s: float) -> Relaxation:
    return relaxation(_START_TAU_S, dt_s)


_RIPPLES = ByStep(_ripple)
_STARTS = ByStep(_start)
_NO_SPAN = Span(1.0, 0.0, -1.0)
_NO_PLAN = Plan(-1, (0.0, 0.0), 1.0)
_HELD = {
    False: Span(-_FOREVER, _FOREVER, 0.0),
    True: Span(-_FOREVER, _FOREVER, 1.0),
}


@define(eq=False)
class Industrial:
    """A line; `held` is what a command fixed, None leaves it to the calendar.

    `running` machines draw `level`, which goes to `goal` along a straight line that ends in
    `left_s`; there it stays for `hold_s`, until what runs changes again. `base` is the building's.
    Long because each change leads to the next: one state machine, which is read as a whole.
    """

    noise: Noise
    events: Noise
    spread: float
    line: Line
    plant: Plant
    seed: int
    long_cycle: MachineCycle
    short_cycle: MachineCycle
    base: float
    plan: Plan = _NO_PLAN
    held: bool | None = None
    fresh: bool = True
    span: Span = _NO_SPAN
    running: float = 0.0
    wander: float = 0.0
    visit: float = 0.0
    level: float = 0.0
    goal: float = 0.0
    left_s: float = 0.0
    hold_s: float = 0.0
    start: float = 0.0
    ripple: float = 0.0
    load: float = 0.04

    @classmethod
    def make(cls, noise: Noise, variation: float, line: Line = TWO_SHIFT_LINE) -> "Industrial":
        """Return a line at rest."""
        spread = spread_of(variation)
        events, traits = noise.branch(), noise.branch()
        plant = Plant.drawn(line, traits, spread)
        seed = noise.branch().state
        at = 0.5 + min(1.0, spread) * (traits.uniform() - 0.5)
        long, short = (MachineCycle(line.cycle(at, long=long)) for long in (True, False))
        return cls(noise, events, spread, line, plant, seed, long, short, base=plant.off)

    def step(self, site: Conditions, dt_s: float) -> float:
        """See `Family.step`."""
        begin_s, span = site.week_s - 0.5 * dt_s, self.span
        if span.begin_s <= begin_s and begin_s + dt_s <= span.end_s and dt_s < self.left_s:
            level = self._along(dt_s)
            power = self.base + level
        else:
            power, level = self._through(site, begin_s, dt_s)
        if level:
            keep, kick, _, steady = _RIPPLES[dt_s]
            self.ripple = self.ripple * keep + kick * self.noise.gauss()
            swing = self.long_cycle.mean(dt_s) + 0.4 * self.short_cycle.mean(dt_s)
            ripple = self.line.ripple * self.spread * steady * self.ripple
            power += level * (self.plant.swing * swing + ripple)
        if self.start > 1e-6:
            pace = _STARTS[dt_s]
            power += self.start * pace.mean
            self.start *= pace.keep
        self.load = power = power if power > 0.0 else 0.0
        return power

    def _through(self, site: Conditions, begin_s: float, dt_s: float) -> tuple[float, float]:
        """Return the mean power, and level, over a tick in which something may change."""
        work, made, left = 0.0, 0.0, dt_s
        while True:
            part = min(left, self._until_calendar(site, begin_s), self.left_s)
            level = self._along(part)
            made += level * part
            work += (self.base + level) * part
            if self.left_s <= 0.0:
                self._next(site)
            left -= part
            begin_s += part
            if left <= 0.0:
                return (work / dt_s, made / dt_s) if dt_s else (self.base + level, level)

    def _along(self, part_s: float) -> float:
        """Go on by `part_s`, which is not beyond `left_s`; return the mean level."""
        before = self.level
        if before != self.goal:
            self.level += (self.goal - before) * part_s / self.left_s
        self.left_s -= part_s
        return 0.5 * (before + self.level)

    def _until_calendar(self, site: Conditions, week_s: float) -> float:
        """Do what the calendar, or a command, wants; return the seconds until that changes."""
        span = self._asked(site, week_s) if self.held is None else _HELD[self.held]
        if span is not self.span:
            if span.share != self.span.share:
                self.goal, self.left_s, self.hold_s = self.level, 0.0, 0.0
            self.span = span
        # A microsecond at least, so that rounding at the edge of a span can not stop the clock.
        return max(1e-6, span.end_s - week_s)

    def _asked(self, site: Conditions, week_s: float) -> Span:
        day, span = site.day, self.span
        if self.plan.day != day.number:
            self.plan = Habits(self.seed, self.spread, self.line.week).plan(day)
            # Each day draws its own events, so that two runs which part in one meet in the next.
            self.events = Noise(self.seed + day.number).branch()
        elif span.begin_s <= week_s < span.end_s:
            return span
        return self.plan.at(week_s)

    def _next(self, site: Conditions) -> None:
        if self.hold_s > 0.0:
            self.level, self.left_s, self.hold_s = self.goal, self.hold_s, 0.0
        elif self.running and self.events.uniform() < self.plant.stops * min(1.0, self.spread):
            self._run(0.0, self.line.stop_s * exp(0.5 * self._gauss()))
        else:
            self._change(site)

    def _change(self, site: Conditions) -> None:
        """Let machines start and stop towards what is asked for, and loads come and go."""
        plant, share = self.plant, self.span.share
        self.visit = _VISIT_KEEP * self.visit + _VISIT_KICK * self._gauss()
        self.base = plant.off * exp(plant.visits * self.visit)
        self.base += plant.hall(site, working=share > 0.0)
        self.wander = _WANDER_KEEP * self.wander + _WANDER_KICK * self._gauss()
        orders = self.plan.orders if self.held is None else 1.0
        asked = plant.busy * share * orders * max(0.0, 1.0 + plant.wander * self.wander)
        pause_s = plant.pace_s if asked or self.running else plant.quiet_s
        wait_s = pause_s * max(0.02, self.events.wait(self.spread))
        self._run(self._staged(plant.machines * min(1.0, asked)), wait_s)

    def _staged(self, wanted: float) -> float:
        """Return how many machines run next: they start one after another, and so they stop."""
        machines, share = self.plant.machines, self.span.share
        if self.spread > 0.0:
            wanted = min(machines, int(wanted + self.events.uniform()))
        if self.fresh:
            # It was at work before anybody looked: a service that starts is no shift that begins.
            self.fresh, self.running = False, wanted
        most = self.running + max(1.0, _STARTED * machines)
        slowly = share == 0.0 and self.held is None
        least = self.running - max(1.0, _STOPPED * machines) if slowly else 0.0
        return max(least, min(most, wanted))

    def _run(self, machines: float, wait_s: float) -> None:
        """Let so many run for `wait_s`, each batch with its own power."""
        plant = self.plant
        part = machines / plant.machines
        batch = 1.0 + 0.06 * self._gauss()
        ready = plant.idle * min(1.0, 2.0 * self.span.share)
        more = part - self.running / plant.machines
        if more > 0.0:
            self.start = min(1.2, self.start + _START * plant.run * more)
        self.running = machines
        self.goal = plant.run * (ready + (1.0 - plant.idle) * part * batch)
        self.left_s = min(self.line.ramp_s, 0.5 * wait_s)
        self.hold_s = wait_s - self.left_s

    def _gauss(self) -> float:
        return max(-3.0, min(3.0, self.spread * self.events.gauss()))

    def power_factor(self) -> float:
        """See `Family.power_factor`."""
        return _POWER_FACTOR.at(self.load)

    def apply(self, command: Command) -> Outcome:
        """See `Family.apply`."""
        if not isinstance(command, StartLine | StopLine):
            return Rejected(f"industrial has no {command.name}")
        self.fresh = False
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
    description="A line whose machines run by shifts and orders, with stops; three-phase.",
    profiles=(
        Profile(
            "two_shift",
            "A line that works on weekdays from 06, with a late shift to 22.",
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
