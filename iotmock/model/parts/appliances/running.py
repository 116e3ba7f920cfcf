"""One run of a machine: the step it is in, and whether that heats or rests just now."""

from attrs import define

from iotmock.model.numbers.noise import Noise
from iotmock.model.parts.appliances.machine import Machine, Own
from iotmock.model.parts.appliances.program import Steps

_NEVER = float("inf")
_SHORTEST = 0.2
_TREMBLE = 0.12
"""How much the pulses of a thermostat or of a drum differ in length (judgement)."""


@define(eq=False, weakref_slot=False)
class Running:
    """The step ends at `ends_s` and the pulse in it at `turns_s`, on the player's clock.

    `power` and `pace` are this run's, relative to the usual machine, `cold` how much longer water
    takes to heat today. `waiting` starts came meanwhile; each begins when the machine is free.
    """

    machine: Machine
    noise: Noise
    steps: Steps
    spread: float
    power: float
    pace: float
    cold: float
    step: int = 0
    ends_s: float = 0.0
    turns_s: float = _NEVER
    on: bool = True
    waiting: int = 0

    @classmethod
    def begun(
        cls,
        machine: Machine,
        noise: Noise,
        spread: float,
        cold: float,
        now_s: float,
        asked: Steps | None = None,
    ) -> "Running":
        """Return a run in its first step; what is random about it comes from `noise`.

        `asked` is the course that somebody chose, else the machine draws one.
        """
        program = machine.program
        own = Own.of(program, machine.seed, spread)
        pace = max(0.5, 1.0 + program.pace_sd * spread * noise.gauss())
        steps = machine.steps(own, noise, spread) if asked is None else asked
        run = cls(machine, noise, steps, spread, own.power, pace, cold)
        run._enter(now_s)
        return run

    @property
    def power_kw(self) -> float:
        """What it draws now."""
        step = self.steps[self.step]
        return (step.power_kw if self.on else step.rest_kw) * self.power

    def go_on(self, now_s: float) -> bool:
        """Enter the next step, or the first of a run that waited; say whether there is one."""
        self.step += 1
        if self.step == len(self.steps):
            if not self.waiting:
                return False
            self.step, self.waiting = 0, self.waiting - 1
        self._enter(now_s)
        return True

    def pulse(self, now_s: float) -> None:
        """Change between power and rest."""
        step = self.steps[self.step]
        self.on = not self.on
        self.turns_s = now_s + (step.on_s if self.on else step.off_s) * self._trembling()

    def _enter(self, now_s: float) -> None:
        step = self.steps[self.step]
        length = self.pace * max(_SHORTEST, 1.0 + step.vary * self.spread * self.noise.gauss())
        self.ends_s = now_s + step.length_s * length * (self.cold if step.heats else 1.0)
        self.on = True
        self.turns_s = now_s + step.on_s * self._trembling() if step.on_s else _NEVER

    def _trembling(self) -> float:
        return max(0.5, 1.0 + _TREMBLE * self.spread * self.noise.gauss())
