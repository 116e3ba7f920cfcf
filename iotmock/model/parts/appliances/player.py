"""Runs the machines of one device: their starts, and the steps of what runs."""

from collections.abc import Iterator

from attrs import define

from iotmock.model.numbers.noise import Noise, noise_at
from iotmock.model.parts.appliances.machine import Machine, Today
from iotmock.model.parts.appliances.program import Programs, Steps
from iotmock.model.parts.appliances.running import Running
from iotmock.model.parts.appliances.starts import Starts
from iotmock.model.site.day import Day, DayKind

_NEVER = float("inf")
_QUEUE = 3
_COLD = 0.06
"""How much longer water takes to heat in spring than in midsummer: from 12 and 15 °C to 60 °C."""
_QUIET_S = 3600
"""After midnight, when hardly anyone starts anything. A kitchen's day costs as much to draw as
twenty ticks, and the days of all locations begin together."""
_UNTIL_NEXT_S = 900.0
"""How long people leave what is done in one machine before they take it to the next, s."""


_BEFORE = Today(Day(0, 0, DayKind.WORKDAY, 0.0), 0.0, works=True, at_home=True, done=0.0)


@define(eq=False, weakref_slot=False)
class Player:
    """Runs programmes. All its events lie on one clock, `clock_s`, the device's own time.

    Starts are drawn day by day, each machine's by its own seed and the day's number, and each run
    draws from a sequence of its own: so a day is the same whatever the ticks were before it.
    """

    programs: Programs
    starts: Starts
    spread: float
    rate: float
    at_home: bool
    """Whether days are lived as at home; else as at work."""
    clock_s: float = 0.0
    next_s: float = 0.0
    load: float = 0.0
    heat: float = 0.0
    """The resistive part of `load`."""
    hum: float = 0.0
    """How much `load` trembles, as a share of the rating."""
    number: int = 0
    today: Today = _BEFORE
    running: tuple[Running, ...] = ()
    commands: int = 0
    """How often a command has started something."""

    @classmethod
    def make(
        cls, programs: Programs, noise: Noise, spread: float, rate: float, *, at_home: bool
    ) -> "Player":
        """Return a place in which nothing runs, and `rate` as much is done as usual."""
        starts = Starts.make(programs.programs, noise.state)
        return cls(programs, starts, spread, rate, at_home)

    @property
    def machines(self) -> Iterator[Machine]:
        """What can be started."""
        return map(self.starts.machine, range(len(self.starts.programs)))

    def advance(self, day: Day, day_s: float, dt_s: float) -> float:
        """Go on by `dt_s`, in whose middle it is `day_s` past midnight; return the mean load."""
        if day.number != self.number and self._begins(day, day_s):
            return self._over_midnight(day, day_s, dt_s)
        clock_s = self.clock_s + dt_s
        if clock_s < self.next_s:
            self.clock_s = clock_s
            return self.load
        work = self._run(dt_s)
        return work / dt_s if dt_s else self.load

    def start(self, machine: Machine, asked: Steps | None = None) -> bool:
        """Start a machine now, because a command says so; say whether it was free."""
        free = self._of(machine.number) is None
        if free:
            self.commands += 1
            self._begin(machine, noise_at(self.starts.seed, self.commands), asked)
            self._sum_up()
        return free

    def _begins(self, day: Day, day_s: float) -> bool:
        """Say whether the day is to be drawn: within its first hour, but not by all at once."""
        return day.number != self.number + 1 or day_s >= self.starts.seed % _QUIET_S

    def _over_midnight(self, day: Day, day_s: float, dt_s: float) -> float:
        midnight_s = self.clock_s + 0.5 * dt_s - day_s
        before_s = max(0.0, min(dt_s, midnight_s - self.clock_s))
        work = self._run(before_s)
        self._plan(day, midnight_s, self.clock_s - 0.5 * dt_s - 1.0)
        work += self._run(dt_s - before_s)
        return work / dt_s if dt_s else self.load

    def _plan(self, day: Day, midnight_s: float, from_s: float) -> None:
        at_home = self.at_home
        works = day.kind is DayKind.WORKDAY and (at_home or not day.closed)
        done = self.rate * (day.home if at_home else day.staff)
        self.number, self.today = day.number, Today(day, midnight_s, works, at_home, done)
        self.starts.plan(self.today, from_s, self.spread)
        self._sum_up()

    def _run(self, span_s: float) -> float:
        end_s, work = self.clock_s + span_s, 0.0
        while self.next_s <= end_s:
            at_s = self.next_s if self.next_s > self.clock_s else self.clock_s
            work += self.load * (at_s - self.clock_s)
            self.clock_s = at_s
            self._turn(at_s)
        work += self.load * (end_s - self.clock_s)
        self.clock_s = end_s
        return work

    def _turn(self, now_s: float) -> None:
        for run in self.running:
            if run.ends_s <= now_s:
                if not run.go_on(now_s):
                    self._end(run, now_s)
            elif run.turns_s <= now_s:
                run.pulse(now_s)
        for number, due_s in enumerate(self.starts.due_s):
            if due_s <= now_s:
                self._start_due(number)
        self._sum_up()

    def _start_due(self, number: int) -> None:
        busy, noise = self._of(number), self.starts.go_on(number, self.today, self.spread)
        if busy is None:
            self._begin(self.starts.machine(number), noise)
        else:
            busy.waiting = min(_QUEUE, busy.waiting + 1)

    def _begin(self, machine: Machine, noise: Noise, asked: Steps | None = None) -> None:
        cold = 1.0 + _COLD * (1.0 - self.today.day.summer)
        run = Running.begun(machine, noise, self.spread, cold, self.clock_s, asked)
        self.running = *self.running, run

    def _of(self, number: int) -> Running | None:
        for run in self.running:
            if run.machine.number == number:
                return run
        return None

    def _end(self, run: Running, now_s: float) -> None:
        self.running = tuple(other for other in self.running if other is not run)
        program = run.machine.program
        draw = run.noise.uniform() if self.spread > 0.0 else 0.5
        if draw >= program.then_share:
            return
        starts = self.starts
        for number, other in enumerate(starts.programs):
            if other.name == program.then and starts.due_s[number] == _NEVER:
                starts.due_s[number] = now_s + _UNTIL_NEXT_S * run.noise.wait(self.spread)

    def _sum_up(self) -> None:
        # Not the built-in sum: from Python 3.12 on it rounds otherwise.
        power_kw, heat_kw, hum_kw, next_s = 0.0, 0.0, 0.0, min(self.starts.due_s)
        for run in self.running:
            run_kw = run.power_kw
            power_kw += run_kw
            heat_kw += run_kw * run.machine.program.resistive
            hum_kw += run_kw * run.steps[run.step].hum
            next_s = min(next_s, run.ends_s, run.turns_s)
        rated_kw = self.programs.rated_kw
        self.load, self.heat = power_kw / rated_kw, heat_kw / rated_kw
        self.hum, self.next_s = hum_kw / rated_kw, next_s
