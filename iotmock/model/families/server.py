"""Servers: a rack whose power follows its utilisation from idle to peak."""

from collections.abc import Mapping
from math import exp, sqrt
from typing import Annotated

from attrs import define
from msgspec import Meta

from iotmock.model.commands import Applied, Command, Outcome, Rejected
from iotmock.model.family import DeviceType
from iotmock.model.noise import Noise
from iotmock.model.site import Conditions
from iotmock.model.spec import Setting

_WANDER_TAU_S = 3600.0
_WANDER = 0.5
_IDLE = 0.45


class SetLoad(Command, frozen=True):
    """Hold the utilisation at a value, in percent."""

    name = "set_load"
    percent: Annotated[float, Meta(ge=0, le=100, description="utilisation, percent")]


@define(eq=False)
class Server:
    """A rack of servers; `held_load` is the utilisation that a command fixed, 0 to 1."""

    noise: Noise
    variation: float
    held_load: float | None = None
    wander: float = 0.0
    load: float = 0.4

    def step(self, site: Conditions, dt_s: float) -> float:
        """See `Family.step`."""
        keep = exp(-dt_s / _WANDER_TAU_S)
        shock = _WANDER * self.variation * sqrt(1.0 - keep * keep)
        self.wander = self.wander * keep + shock * self.noise.gauss()
        natural = min(1.0, max(0.0, 0.34 + 0.11 * site.occupancy + self.wander))
        self.load = natural if self.held_load is None else self.held_load
        ripple = 1.0 + 0.1 * self.variation * self.noise.gauss()
        return max(0.0, (_IDLE + (1.0 - _IDLE) * self.load) * ripple)

    def power_factor(self) -> float:
        """See `Family.power_factor`."""
        return 0.93 + 0.06 * self.load

    def apply(self, command: Command) -> Outcome:
        """See `Family.apply`."""
        if not isinstance(command, SetLoad):
            return Rejected(f"server has no {command.name}")
        self.held_load = command.percent / 100.0
        return Applied()

    def settings(self) -> dict[str, Setting]:
        """See `Family.settings`."""
        return {} if self.held_load is None else {"load": self.held_load}

    def restore(self, settings: Mapping[str, Setting]) -> None:
        """See `Family.restore`."""
        if "load" in settings:
            self.held_load = float(settings["load"])


TYPE = DeviceType(
    device_type="server",
    name="Server Rack",
    description="A rack whose power follows its utilisation from idle to peak; three-phase.",
    base_power=45.0,
    base_voltage=240.0,
    phases=3,
    build=Server,
    own_commands=(SetLoad,),
)
