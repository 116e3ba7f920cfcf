"""Appliances: a kitchen, a fridge that cycles and programmes that people start."""

from collections.abc import Mapping
from typing import Literal

from attrs import define

from iotmock.model.commands import Applied, Command, Outcome, Rejected
from iotmock.model.family import DeviceType
from iotmock.model.noise import Noise
from iotmock.model.site import Conditions
from iotmock.model.spec import Setting

_PROGRAMS = {"dishwasher": (0.35, 2400.0), "oven": (0.5, 1800.0), "coffee": (0.15, 240.0)}
_STANDBY = 0.03
_FRIDGE = 0.08
_FRIDGE_PERIOD_S = 3240.0
_FRIDGE_DUTY = 0.26
_STARTS_PER_S = 4.0 / 3600.0


class StartCycle(Command, frozen=True):
    """Start a programme now."""

    name = "start_cycle"
    program: Literal["dishwasher", "oven", "coffee"]


@define(eq=False)
class Appliance:
    """A kitchen; `running` holds the seconds that each programme still runs."""

    noise: Noise
    variation: float
    running: dict[str, float]

    @classmethod
    def make(cls, noise: Noise, variation: float) -> "Appliance":
        """Return a kitchen in which nothing runs."""
        return cls(noise, variation, {})

    def step(self, site: Conditions, dt_s: float) -> float:
        """See `Family.step`."""
        if self.noise.uniform() < 1.0 - (1.0 - _STARTS_PER_S * site.occupancy) ** dt_s:
            program = list(_PROGRAMS)[int(self.noise.uniform() * len(_PROGRAMS))]
            self.running.setdefault(program, _PROGRAMS[program][1])
        fridge = _FRIDGE * (site.now % _FRIDGE_PERIOD_S < _FRIDGE_DUTY * _FRIDGE_PERIOD_S)
        power = sum(self._run(program, dt_s) for program in tuple(self.running))
        ripple = 1.0 + 0.1 * self.variation * self.noise.gauss()
        return max(0.0, (_STANDBY + fridge + power) * ripple)

    def _run(self, program: str, dt_s: float) -> float:
        left = self.running[program]
        self.running[program] = left - dt_s
        if left <= dt_s:
            del self.running[program]
        return _PROGRAMS[program][0] * min(1.0, left / dt_s) if dt_s else _PROGRAMS[program][0]

    def power_factor(self) -> float:
        """See `Family.power_factor`."""
        return 0.95 if self.running else 0.75

    def apply(self, command: Command) -> Outcome:
        """See `Family.apply`."""
        if not isinstance(command, StartCycle):
            return Rejected(f"appliance has no {command.name}")
        self.running[command.program] = _PROGRAMS[command.program][1]
        return Applied()

    def settings(self) -> dict[str, Setting]:
        """See `Family.settings`."""
        return {}

    def restore(self, settings: Mapping[str, Setting]) -> None:
        """See `Family.restore`."""


TYPE = DeviceType(
    device_type="appliance",
    name="Kitchen Equipment",
    description="A kitchen: a cycling fridge and programmes that people start; single-phase.",
    base_power=15.0,
    base_voltage=240.0,
    phases=1,
    build=Appliance.make,
    own_commands=(StartCycle,),
)
