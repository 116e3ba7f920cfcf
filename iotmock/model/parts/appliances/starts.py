"""When the machines of a place are started today."""

from array import array

from attrs import define

from iotmock.model.numbers.exact_math import exp, log
from iotmock.model.numbers.noise import Noise
from iotmock.model.parts.appliances.machine import Machine, Today
from iotmock.model.parts.appliances.program import Program

_NEVER = float("inf")
_HOUR_S = 3600.0
_LAST_S = 86_399.0


@define(eq=False, weakref_slot=False)
class Starts:
    """What is left of today's starts of each machine: `left` of them, after `passed` of the day's.

    The next is due at `due_s` on the player's clock. So the day is drawn start by start, in O(1)
    memory (order statistics of uniform numbers; Devroye, "Non-Uniform Random Variate Generation",
    1986, V.3); in arrays, as a kitchen with an object for each machine would be mostly these.
    """

    programs: tuple[Program, ...]
    seed: int
    due_s: "array[float]"
    passed: "array[float]"
    left: "array[int]"

    @classmethod
    def make(cls, programs: tuple[Program, ...], seed: int) -> "Starts":
        """Return machines that nobody starts until a day is planned."""
        many = len(programs)
        never, none = array("d", [_NEVER] * many), array("d", [0.0] * many)
        return cls(programs, seed, never, none, array("H", [0] * many))

    def machine(self, number: int) -> Machine:
        """Return a machine; its seed is one of a sequence that begins with the place's."""
        noise = Noise(self.seed)
        for _ in range(number):
            noise.branch()
        return Machine(number, self.programs[number], noise.branch().state)

    def plan(self, today: Today, from_s: float, spread: float) -> None:
        """Draw today's starts; what lies before `from_s` has been, and nobody saw it."""
        for number, program in enumerate(self.programs):
            if program.per_day:
                machine = self.machine(number)
                self.left[number], shift_s = machine.day(today, spread)
                self.passed[number] = 0.0
                self._draw(machine, today, shift_s, spread)
                while self.due_s[number] < from_s:
                    self._draw(machine, today, shift_s, spread)

    def go_on(self, number: int, today: Today, spread: float) -> Noise:
        """Draw when a machine is due again; return what the start draws from that was due."""
        machine = self.machine(number)
        noise = machine.noise(today, self.left[number]).branch()
        _, shift_s = machine.day(today, spread)
        self._draw(machine, today, shift_s, spread)
        return noise

    def _draw(self, machine: Machine, today: Today, shift_s: float, spread: float) -> None:
        number, left = machine.number, self.left[machine.number]
        if not left:
            self.due_s[number] = _NEVER
            return
        share = min(1.0, spread)
        drawn = exp(log(1.0 - machine.noise(today, left).uniform()) / left)
        evenly = left / (left + 1.0)
        passed = 1.0 - (1.0 - self.passed[number]) * (share * drawn + (1.0 - share) * evenly)
        self.passed[number], self.left[number] = passed, left - 1
        day_s = today.hour(machine.program, passed) * _HOUR_S + shift_s
        self.due_s[number] = today.midnight_s + max(0.0, min(_LAST_S, day_s))
