"""Industrial: a production line with two shifts, ramps and a machine cycle."""

from collections.abc import Mapping
from math import exp, pi, sin

from attrs import define

from iotmock.model.commands import Applied, Command, Outcome, Rejected
from iotmock.model.family import DeviceType
from iotmock.model.noise import Noise
from iotmock.model.site import Conditions
from iotmock.model.spec import Setting

_STANDBY = 0.045
_CYCLE_S = 42.0
_RAMP_TAU_S = 60.0
_SHIFTS_H = (6.0, 22.0)


class StartLine(Command, frozen=True):
    """Start the line, whatever the calendar says."""

    name = "start_line"


class StopLine(Command, frozen=True):
    """Stop the line until it is started again."""

    name = "stop_line"


@define(eq=False)
class Industrial:
    """A production line; `held` is what a command fixed, None leaves it to the calendar."""

    noise: Noise
    variation: float
    held: bool | None = None
    level: float = 0.0

    def step(self, site: Conditions, dt_s: float) -> float:
        """See `Family.step`."""
        on_shift = site.weekday < 5 and _SHIFTS_H[0] <= site.hour < _SHIFTS_H[1]
        runs = on_shift if self.held is None else self.held
        self.level = runs + (self.level - runs) * exp(-dt_s / _RAMP_TAU_S)
        cycle = 0.16 * sin(2.0 * pi * site.now / _CYCLE_S) if dt_s < _CYCLE_S else 0.0
        work = self.level * (0.74 + cycle) * (1.0 + 0.3 * self.variation * self.noise.gauss())
        return _STANDBY + max(0.0, work)

    def power_factor(self) -> float:
        """See `Family.power_factor`."""
        return 0.5 + 0.4 * (1.0 - exp(-(_STANDBY + self.level) / 0.28))

    def apply(self, command: Command) -> Outcome:
        """See `Family.apply`."""
        if not isinstance(command, StartLine | StopLine):
            return Rejected(f"industrial has no {command.name}")
        self.held = isinstance(command, StartLine)
        return Applied()

    def settings(self) -> dict[str, Setting]:
        """See `Family.settings`."""
        return {} if self.held is None else {"line": self.held}

    def restore(self, settings: Mapping[str, Setting]) -> None:
        """See `Family.restore`."""
        if "line" in settings:
            self.held = bool(settings["line"])


TYPE = DeviceType(
    device_type="industrial",
    name="Production Line",
    description="A line in two shifts with ramps and a machine cycle; three-phase.",
    base_power=120.0,
    base_voltage=480.0,
    phases=3,
    build=Industrial,
    own_commands=(StartLine, StopLine),
)
