"""Servers: power follows utilisation from idle to peak, through fans and power supplies."""

from collections.abc import Callable, Mapping
from typing import Annotated

from attrs import define, field, frozen

from iotmock.model.commands import Applied, Command, Outcome, Rejected
from iotmock.model.family import DeviceType, Family, Profile
from iotmock.model.numbers.by_step import ByStep, Relaxation, relaxation
from iotmock.model.numbers.curve import Curve, Points, between
from iotmock.model.numbers.exact_math import cosine
from iotmock.model.numbers.noise import Noise
from iotmock.model.numbers.slow_noise import SlowNoise
from iotmock.model.quantities import quantity
from iotmock.model.site.site import Conditions, spread_of
from iotmock.model.spec import PERCENT, Setting, read_setting

_TREND_TAU_S = 3600.0
# Power at 0, 10, ... 100 % / peak: the shape of SPECpower_ssj2008 results of two-socket servers,
# with the switches and storage of a rack in it, which do not follow load.
_SPECPOWER = (0.45, 0.53, 0.58, 0.62, 0.66, 0.70, 0.75, 0.81, 0.87, 0.93, 1.0)
_PSU_EFFICIENCY: Points = ((0.0, 0.80), (0.1, 0.90), (0.2, 0.94), (0.5, 0.96), (1.0, 0.94))
"""80 PLUS Titanium at 115 V: 90 % at a tenth of the load, 94 % at a half and at full load."""


class SetLoad(Command, frozen=True):
    """Hold the utilisation at a value, in percent."""

    name = "set_load"
    percent: Annotated[float, quantity(PERCENT, "%", "utilisation")]


def _pace(dt_s: float) -> Relaxation:
    return relaxation(30.0, dt_s)


_PACES = ByStep(_pace)
_BY_HOUR = Curve.of(lambda hour: cosine((hour - 19.0) / 24.0), limit=24.0)


@frozen(eq=False)
class Machines:
    """What the machines do. Utilisations 0 to 1, times in s, `fans` is a share of peak power.

    Source: levels and spreads of realism.md (Google cluster and PlanetLab CPU traces); the GPU's
    jobs after the Philly trace (Jeon et al., ATC 2019).
    """

    mean: float
    by_day: float
    slow: float
    fast: float
    burst: float
    burst_s: float
    pause_s: float
    fans: float
    curve: tuple[float, ...] = _SPECPOWER
    weekend: float = 0.92
    power: Curve = field(init=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "power", Curve.of(self._power, limit=1.0))

    def _power(self, load: float) -> float:
        return self._drawn(load) / self._drawn(1.0)

    def _drawn(self, load: float) -> float:
        points = [(share / 10.0, watts) for share, watts in enumerate(self.curve)]
        used = (1.0 - self.fans) * between(points, load) + self.fans * (
            0.2 + 0.8 * load * load * load
        )
        return used / between(_PSU_EFFICIENCY, used)

    def __deepcopy__(self, memo: object) -> "Machines":
        """Return itself: it never changes."""
        return self


RACK = Machines(
    mean=0.34,
    by_day=0.11,
    slow=0.05,
    fast=0.025,
    burst=0.25,
    burst_s=15 * 60.0,
    pause_s=6 * 3600.0,
    fans=0.08,
)
STORAGE = Machines(
    mean=0.25,
    by_day=0.05,
    slow=0.03,
    fast=0.04,
    burst=0.35,
    burst_s=40 * 60.0,
    pause_s=12 * 3600.0,
    fans=0.10,
    curve=(0.66, 0.71, 0.75, 0.79, 0.82, 0.85, 0.88, 0.91, 0.94, 0.97, 1.0),
)
GPU = Machines(
    mean=0.12,
    by_day=0.05,
    slow=0.03,
    fast=0.03,
    burst=0.75,
    burst_s=3 * 3600.0,
    pause_s=2 * 3600.0,
    fans=0.12,
    curve=(0.14, 0.24, 0.34, 0.43, 0.52, 0.61, 0.70, 0.78, 0.86, 0.93, 1.0),
)


@define(eq=False)
class Server:
    """Machines under load; `held_load` is the utilisation that a command fixed, 0 to 1.

    `slow` and `fast` are AR processes of variance 1, `unmoved_s` how long `slow` has stood still,
    and `left_s` the time until the burst, or the pause between two, ends.
    """

    noise: Noise
    bursts: Noise
    spread: float
    machines: Machines
    trend: SlowNoise
    left_s: float
    held_load: float | None = None
    fast: float = 0.0
    bursting: bool = False
    load: float = 0.4

    @classmethod
    def make(cls, noise: Noise, variation: float, machines: Machines = RACK) -> "Server":
        """Return machines at their usual load."""
        spread = spread_of(variation)
        bursts = noise.branch()
        left_s = machines.pause_s * bursts.wait(spread)
        trend = SlowNoise.make(bursts.state, _TREND_TAU_S, stride=1)
        return cls(noise, bursts, spread, machines, trend, left_s, fast=noise.gauss())

    def step(self, site: Conditions, dt_s: float) -> float:
        """See `Family.step`."""
        keep, kick, _, steady = _PACES[dt_s]
        self.fast = self.fast * keep + kick * self.noise.gauss()
        burst = self._burst(dt_s)
        self.load = load = self._natural(site, steady, burst)
        return self.machines.power.at(load)

    def _natural(self, site: Conditions, steady: float, burst: float) -> float:
        if self.held_load is not None:
            return self.held_load
        machines = self.machines
        wander = machines.slow * self.trend.between(site.now)
        wander += machines.fast * steady * self.fast
        usual = machines.mean + machines.by_day * _BY_HOUR.at(site.hour)
        if site.weekday >= 5:
            usual *= machines.weekend
        load = usual + self.spread * wander + burst
        return 1.0 if load > 1.0 else 0.0 if load < 0.0 else load

    def _burst(self, dt_s: float) -> float:
        if dt_s < self.left_s:
            self.left_s -= dt_s
            return self.machines.burst if self.bursting else 0.0
        left, burst_s = dt_s, 0.0
        while left >= self.left_s:
            burst_s += self.left_s if self.bursting else 0.0
            left -= self.left_s
            self.bursting = not self.bursting
            mean_s = self.machines.burst_s if self.bursting else self.machines.pause_s
            self.left_s = mean_s * self.bursts.wait(self.spread)
        self.left_s -= left
        burst_s += left if self.bursting else 0.0
        return self.machines.burst * burst_s / dt_s if dt_s else 0.0

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
            self.held_load = read_setting(settings, "load", PERCENT, 0.0)


def _running(machines: Machines) -> Callable[[Noise, float], Family]:
    def build(noise: Noise, variation: float) -> Server:
        return Server.make(noise, variation, machines)

    return build


TYPE = DeviceType.of_profiles(
    device_type="server",
    name="Server Rack",
    description="Machines whose power follows their utilisation from idle to peak; three-phase.",
    profiles=(
        Profile(
            "rack", "A rack of servers with office and web load.", 45, 240, 3, _running(RACK), 1
        ),
        Profile(
            "storage", "Disks: a high idle and nightly scrubs.", 12, 240, 3, _running(STORAGE), 1
        ),
        Profile("gpu", "Accelerators that train for hours or wait.", 30, 240, 3, _running(GPU), 1),
    ),
    own_commands=(SetLoad,),
)
