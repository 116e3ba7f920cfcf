"""Servers: power follows utilisation from idle to peak, through fans and power supplies."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Annotated

from attrs import define

from iotmock.model.commands import Applied, Command, Outcome, Rejected
from iotmock.model.family import DeviceType, Family, Profile
from iotmock.model.numbers.by_step import ByStep, Relaxation, relaxation
from iotmock.model.numbers.exact_math import exp
from iotmock.model.numbers.noise import Noise
from iotmock.model.numbers.shared import in_steps, shared
from iotmock.model.parts.racks.machines import GPU, RACK, STORAGE, VM_HOST, Kinds, Machines
from iotmock.model.parts.racks.workload import Workload
from iotmock.model.quantities import quantity
from iotmock.model.site.site import Conditions, spread_of
from iotmock.model.spec import PERCENT, Setting, read_setting


class SetLoad(Command, frozen=True):
    """Hold the utilisation at a value, in percent."""

    name = "set_load"
    percent: Annotated[float, quantity(PERCENT, "%", "utilisation")]


_FULL = 0.9
_EMPTY = 0.2
"""How much of a rack may be empty."""
_EVEN = 0.5
"""How much less bursts differ where many people's jobs queue than where one service has its own."""
_PACES = {tau_s: ByStep(partial(relaxation, tau_s)) for tau_s in (30.0, 70.0)}


@define(eq=False)
class Server:
    """Machines under load; `held_load` is the utilisation that a command fixed, 0 to 1.

    `fast` is an AR process of variance 1 and `unrest` its weight; `left_s` is the time until the
    burst, or the pause between two, ends; a burst adds `height`, and `drain` for each second that
    is left of it. `range` is its own distance from idle to peak / that of its kind, `filled` the
    share of its places that are taken.
    """

    noise: Noise
    bursts: Noise
    machines: Machines
    workload: Workload
    paces: ByStep[Relaxation]
    unrest: float
    range: float
    filled: float
    left_s: float
    held_load: float | None = None
    fast: float = 0.0
    bursting: bool = False
    height: float = 0.0
    drain: float = 0.0
    load: float = 0.4

    @classmethod
    def make(cls, noise: Noise, variation: float, kinds: Kinds = RACK) -> "Server":
        """Return machines at their usual load, of one of the kinds that there are."""
        spread = spread_of(variation)
        bursts, traits = noise.branch(), noise.branch()
        machines = kinds.drawn(traits, spread)
        workload = Workload.make(machines.work, traits.branch().state, spread)
        own, more = (in_steps(max(-2.5, min(2.5, spread * traits.gauss()))) for _ in range(2))
        return cls(
            noise,
            bursts,
            machines,
            workload,
            paces=_PACES[machines.fast_s],
            unrest=shared(machines.fast * spread * exp(machines.work.unrest * more)),
            range=shared(exp(0.025 * own)),
            filled=shared(1.0 - in_steps(_EMPTY * min(1.0, spread) * traits.uniform())),
            left_s=machines.pause_s * bursts.wait(spread),
            fast=noise.gauss(),
        )

    def step(self, site: Conditions, dt_s: float) -> float:
        """See `Family.step`."""
        keep, kick, _, steady = self.paces[dt_s]
        self.fast = self.fast * keep + kick * self.noise.gauss()
        burst = self._burst(dt_s)
        load = self.held_load
        if load is None:
            load = self.workload.at(site) + burst
            load += self.unrest * steady * self.fast
            load = 1.0 if load > 1.0 else 0.0 if load < 0.0 else load
        self.load = load
        return self.filled * (1.0 - self.range * (1.0 - self.machines.power.at(load)))

    def _burst(self, dt_s: float) -> float:
        if dt_s < self.left_s:
            self.left_s -= dt_s
            return self.height + self.drain * (self.left_s + 0.5 * dt_s)
        left, work = dt_s, 0.0
        while left >= self.left_s:
            work += self.left_s * (self.height + 0.5 * self.drain * self.left_s)
            left -= self.left_s
            self._turn()
        self.left_s -= left
        work += left * (self.height + self.drain * (self.left_s + 0.5 * left))
        return work / dt_s if dt_s else self.height + self.drain * self.left_s

    def _turn(self) -> None:
        machines, bursts = self.machines, self.bursts
        self.bursting = not self.bursting
        spread = self.workload.spread * (_EVEN if machines.queues else 1.0)
        deviation = max(-1.0, min(1.0, 0.35 * spread * bursts.gauss()))
        # Little is ever at full load: what shares the machines leaves a part of them waiting.
        highest = min(machines.burst * (1.0 + deviation), _FULL - machines.work.mean)
        mean_s = machines.burst_s if self.bursting else machines.pause_s
        self.left_s = mean_s * bursts.wait(spread)
        self.height = self.drain = 0.0
        if self.bursting and machines.queues:
            self.drain = highest / max(1.0, self.left_s)
        elif self.bursting:
            self.height = highest

    def power_factor(self) -> float:
        """See `Family.power_factor`."""
        factor = 0.93 + 0.06 * self.load
        return factor if factor < 1.0 else 1.0

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
            self.held_load = read_setting(settings, "load", PERCENT, 0.0)


def _running(kinds: Kinds) -> Callable[[Noise, float], Family]:
    def build(noise: Noise, variation: float) -> Server:
        return Server.make(noise, variation, kinds)

    return build


TYPE = DeviceType.of_profiles(
    device_type="server",
    name="Server Rack",
    description="Machines whose power follows their utilisation from idle to peak.",
    profiles=(
        Profile(
            "rack", "A rack of servers with batch and web load.", 45, 240, 3, _running(RACK), 1
        ),
        Profile(
            "storage", "Disks: a high idle and nightly scrubs.", 12, 240, 3, _running(STORAGE), 1
        ),
        Profile("gpu", "Accelerators that train for hours or wait.", 30, 240, 3, _running(GPU), 1),
        Profile(
            "vm_host", "A host of virtual machines that idle.", 0.8, 240, 1, _running(VM_HOST), 1
        ),
    ),
    own_commands=(SetLoad,),
)
