"""Programmes: machines that someone starts and that then run through steps of known power."""

from attrs import define, field, frozen

from iotmock.model.numbers.noise import Noise

_NEVER = float("inf")
_QUEUE = 3

Steps = tuple[tuple[float, float], ...]
"""(power in kW, duration in s) one after the other."""


@frozen(eq=False)
class Program:
    """One programme; `per_h` is how often it is started per hour in which everyone is there."""

    name: str
    per_h: float
    steps: Steps


@frozen(eq=False)
class Programs:
    """The programmes of one kind of place, and what they are a fraction of (kW)."""

    rated_kw: float
    programs: tuple[Program, ...]

    def __deepcopy__(self, memo: object) -> "Programs":
        """Return itself: it never changes."""
        return self


@define(eq=False)
class Running:
    """One started programme: the step it is in, and when that ends on the player's clock.

    `waiting` starts came while it ran; each begins when the machine is free.
    """

    program: Program
    step: int
    pace: float
    ends_s: float
    waiting: int = 0


@define(eq=False)
class Player:
    """Runs programmes. All its events lie on two clocks that only go forward.

    `clock_s` is the device's time; running steps end on it. `people_s` is the time weighted by how
    many people are there; starts are due on it, so that a changing presence needs no new draw (a
    Poisson process in operational time; Çinlar, "Introduction to Stochastic Processes", 1975, 4.7).
    """

    programs: Programs
    noise: Noise
    spread: float
    clock_s: float = 0.0
    people_s: float = 0.0
    load: float = 0.0
    step_ends_s: float = _NEVER
    start_due_s: float = _NEVER
    running: list[Running] = field(factory=list)
    due: list[float] = field(factory=list)

    @classmethod
    def make(cls, programs: Programs, noise: Noise, spread: float) -> "Player":
        """Return a place in which nothing runs."""
        player = cls(programs, noise, spread)
        share = min(1.0, spread)
        for number, program in enumerate(programs.programs):
            # Without noise the first starts lie apart, so that not everything begins at once.
            first = (1.0 - share) * (number + 1.0) / len(programs.programs) + share
            player.due.append(first * player._wait_s(program))
        player.start_due_s = min(player.due, default=_NEVER)
        return player

    def advance(self, people: float, dt_s: float) -> float:
        """Go on by `dt_s` with `people` (0 to 1) there; return the mean load."""
        clock_s, people_s = self.clock_s + dt_s, self.people_s + people * dt_s
        if clock_s < self.step_ends_s and people_s < self.start_due_s:
            self.clock_s, self.people_s = clock_s, people_s
            return self.load
        return self._through_events(people, dt_s)

    def _through_events(self, people: float, dt_s: float) -> float:
        left, work = dt_s, 0.0
        while True:
            until_step = self.step_ends_s - self.clock_s
            until_start = (self.start_due_s - self.people_s) / people if people > 0.0 else _NEVER
            part = left if left < until_step else until_step
            part = part if part < until_start else until_start
            part = part if part > 0.0 else 0.0
            work += self.load * part
            left -= part
            self.clock_s += part
            self.people_s += people * part
            if part >= until_step:
                self._end_steps()
            elif part >= until_start:
                self._start_due()
            else:
                return work / dt_s if dt_s else self.load

    def start(self, program: Program) -> bool:
        """Start a programme now; say whether its machine was free."""
        pace = self._pace()
        if self._of(program) is not None:
            return False
        ends_s = self.clock_s + program.steps[0][1] * pace
        self.running.append(Running(program, 0, pace, ends_s))
        self._sum_up()
        return True

    def _of(self, program: Program) -> Running | None:
        for run in self.running:
            if run.program is program:
                return run
        return None

    def _pace(self) -> float:
        return max(0.5, 1.0 + 0.08 * self.spread * self.noise.gauss())

    def _start_due(self) -> None:
        number = self.due.index(self.start_due_s)
        program = self.programs.programs[number]
        self.people_s = max(self.people_s, self.start_due_s)
        self.due[number] = self.start_due_s + self._wait_s(program)
        self.start_due_s = min(self.due)
        busy = self._of(program)
        if not self.start(program) and busy is not None:
            busy.waiting = min(_QUEUE, busy.waiting + 1)

    def _end_steps(self) -> None:
        now_s = self.clock_s = max(self.clock_s, self.step_ends_s)
        for running in tuple(self.running):
            if running.ends_s <= now_s:
                self._go_on(running, now_s)
        self._sum_up()

    def _go_on(self, running: Running, now_s: float) -> None:
        steps = running.program.steps
        running.step += 1
        if running.step == len(steps) and running.waiting:
            running.step, running.waiting = 0, running.waiting - 1
        if running.step < len(steps):
            running.ends_s = now_s + steps[running.step][1] * running.pace
        else:
            self.running.remove(running)

    def _sum_up(self) -> None:
        # Not the built-in sum: from Python 3.12 on it rounds otherwise.
        power_kw, ends_s = 0.0, _NEVER
        for run in self.running:
            power_kw += run.program.steps[run.step][0]
            ends_s = run.ends_s if run.ends_s < ends_s else ends_s
        self.load = power_kw / self.programs.rated_kw
        self.step_ends_s = ends_s

    def _wait_s(self, program: Program) -> float:
        return 3600.0 / program.per_h * max(0.01, self.noise.wait(self.spread))
