"""Runs the machines of one device: their starts, and the steps of what runs."""

from attrs import define, field

from iotmock.model.numbers.noise import Noise
from iotmock.model.parts.appliances.machine import Machine, Today
from iotmock.model.parts.appliances.program import Programs, Steps
from iotmock.model.parts.appliances.running import Running
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


_BEFORE = Today(Day(0, 0, DayKind.WORKDAY, 0.0), 0.0, works=True, at_home=True)


@define(eq=False, weakref_slot=False)
class Player:
    """Runs programmes. All its events lie on one clock, `clock_s`, the device's own time.

    Starts are drawn day by day, each machine's by its own seed and the day's number, and each run
    draws from a sequence of its own: so a day is the same whatever the ticks were before it.
    """

    machines: tuple[Machine, ...]
    rated_kw: float
    noise: Noise
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
    cold: float = 1.0
    running: list[Running] = field(factory=list)

    @classmethod
    def make(
        cls, programs: Programs, noise: Noise, spread: float, rate: float, *, at_home: bool
    ) -> "Player":
        """Return a place in which nothing runs, and `rate` as much is done as usual."""
        machines = tuple(Machine(program, noise.branch().state) for program in programs.programs)
        return cls(machines, programs.rated_kw, noise, spread, rate, at_home)

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
        free = self._of(machine) is None
        if free:
            self._begin(machine, self.noise.branch(), asked)
            self._sum_up()
        return free

    def _begins(self, day: Day, day_s: float) -> bool:
        """Say whether the day is to be drawn: within its first hour, but not by all at once."""
        return day.number != self.number + 1 or day_s >= self.machines[0].seed % _QUIET_S

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
        self.number, self.today = day.number, Today(day, midnight_s, works, at_home)
        self.cold = 1.0 + _COLD * (1.0 - day.summer)
        done = self.rate * (day.home if at_home else day.staff)
        for machine in self.machines:
            machine.plan(self.today, done, self.spread)
            # What lies before the device's first moment of the day has been: nobody saw it.
            while machine.due_s < from_s:
                machine.next_start(self.today, self.spread)
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
        for run in tuple(self.running):
            if run.ends_s <= now_s:
                if not run.go_on(now_s):
                    self._end(run, now_s)
            elif run.turns_s <= now_s:
                run.pulse(now_s)
        for machine in self.machines:
            if machine.due_s <= now_s:
                self._start_due(machine)
        self._sum_up()

    def _start_due(self, machine: Machine) -> None:
        noise, busy = machine.noise(self.today).branch(), self._of(machine)
        machine.next_start(self.today, self.spread)
        if busy is None:
            self._begin(machine, noise)
        else:
            busy.waiting = min(_QUEUE, busy.waiting + 1)

    def _begin(self, machine: Machine, noise: Noise, asked: Steps | None = None) -> None:
        run = Running.begun(machine, noise, self.spread, self.cold, self.clock_s, asked)
        self.running.append(run)

    def _of(self, machine: Machine) -> Running | None:
        for run in self.running:
            if run.machine is machine:
                return run
        return None

    def _end(self, run: Running, now_s: float) -> None:
        self.running.remove(run)
        program = run.machine.program
        draw = run.noise.uniform() if self.spread > 0.0 else 0.5
        if draw >= program.then_share:
            return
        for machine in self.machines:
            if machine.program.name == program.then and machine.due_s == _NEVER:
                machine.due_s = now_s + _UNTIL_NEXT_S * run.noise.wait(self.spread)

    def _sum_up(self) -> None:
        # Not the built-in sum: from Python 3.12 on it rounds otherwise.
        power_kw, heat_kw, hum_kw, next_s = 0.0, 0.0, 0.0, _NEVER
        for run in self.running:
            run_kw = run.power_kw
            power_kw += run_kw
            heat_kw += run_kw * run.machine.program.resistive
            hum_kw += run_kw * run.steps[run.step].hum
            next_s = min(next_s, run.ends_s, run.turns_s)
        for machine in self.machines:
            next_s = machine.due_s if machine.due_s < next_s else next_s
        rated_kw = self.rated_kw
        self.load, self.heat = power_kw / rated_kw, heat_kw / rated_kw
        self.hum, self.next_s = hum_kw / rated_kw, next_s
