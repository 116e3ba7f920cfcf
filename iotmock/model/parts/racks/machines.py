"""Machines that there are in racks: what they do, and what that takes."""

from functools import lru_cache

from attrs import evolve, field, frozen

from iotmock.model.numbers.curve import Curve, Points, between
from iotmock.model.numbers.noise import Noise
from iotmock.model.parts.racks.workload import Work

# Power at 0, 10, ... 100 % / peak: the shape of SPECpower_ssj2008 results of two-socket servers,
# with the switches and storage of a rack in it, which do not follow load.
_SPECPOWER = (0.45, 0.53, 0.58, 0.62, 0.66, 0.70, 0.75, 0.81, 0.87, 0.93, 1.0)
_TITANIUM: Points = ((0.0, 0.80), (0.1, 0.90), (0.2, 0.94), (0.5, 0.96), (1.0, 0.94))
_PLATINUM: Points = ((0.0, 0.76), (0.1, 0.86), (0.2, 0.92), (0.5, 0.94), (1.0, 0.91))
SUPPLIES = (_TITANIUM, _PLATINUM)
"""80 PLUS at 115 V (Titanium: 90 % at a tenth of the load, 94 % at a half and at full load)."""


@frozen(eq=False)
class Machines:
    """What the machines do. Utilisations 0 to 1, times in s, `fans` is a share of peak power.

    `fast` is the standard deviation of what changes with the time constant `fast_s`. Where work
    `queues`, a burst is there at once and drains: real load rises faster than it falls (Google).
    """

    work: Work
    fast: float
    burst: float
    burst_s: float
    pause_s: float
    fans: float
    queues: bool = False
    fast_s: float = 30.0
    curve: tuple[float, ...] = _SPECPOWER
    supply: Points = _TITANIUM
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
        return used / between(self.supply, used)

    def __deepcopy__(self, memo: object) -> "Machines":
        """Return itself: it never changes."""
        return self


@lru_cache(maxsize=256)
def _built(machines: Machines, supply: int, fans: int) -> Machines:
    return evolve(machines, supply=SUPPLIES[supply], fans=machines.fans * (0.85 + 0.1 * fans))


@frozen(eq=False)
class Kinds:
    """Machines that a profile may be, the usual first, each with the share of all up to it."""

    kinds: tuple[tuple[float, Machines], ...]

    def drawn(self, traits: Noise, spread: float) -> Machines:
        """Draw one, with its own supplies and fans; at `spread` 0 it is the usual one."""
        if spread == 0.0:
            return self.kinds[0][1]
        at = traits.uniform()
        machines = next(machines for up_to, machines in self.kinds if at < up_to)
        return _built(machines, int(2.0 * traits.uniform()), int(4.0 * traits.uniform()))


_BATCH = Work(
    mean=0.41,
    by_day=0.03,
    peak_h=20.5,
    saturday=0.11,
    sunday=0.15,
    slow=0.07,
    hours=0.062,
    quick=0.02,
    unrest=0.02,
)
"""Jobs that queue: Google's clusters, whose weeks wander more than their days."""
_WEB = Work(
    mean=0.32,
    by_day=0.10,
    peak_h=19.5,
    saturday=0.02,
    sunday=0.01,
    slow=0.03,
    hours=0.025,
    quick=0.02,
    backup=0.08,
    in_winter=0.03,
)
"""People who look at pages, most of them in the evening."""
_IDLE = Work(
    mean=0.22, by_day=0.006, peak_h=15.0, slow=0.006, hours=0.0115, quick=0.005, unrest=0.17
)
"""Virtual machines that mostly wait, as PlanetLab's do."""

_CLUSTER = Machines(
    _BATCH, fast=0.025, burst=0.065, burst_s=2 * 3600.0, pause_s=4 * 3600.0, fans=0.08, queues=True
)
_WEB_RACK = Machines(_WEB, fast=0.025, burst=0.2, burst_s=900.0, pause_s=6 * 3600.0, fans=0.08)
_VIRTUAL = Machines(
    _IDLE, fast=0.038, burst=0.04, burst_s=300.0, pause_s=4 * 3600.0, fans=0.08, fast_s=70.0
)
RACK = Kinds(((0.85, _CLUSTER), (1.0, _WEB_RACK)))
VM_HOST = Kinds(((1.0, _VIRTUAL),))
STORAGE = Kinds(
    (
        (
            1.0,
            Machines(
                Work(
                    mean=0.25,
                    by_day=0.05,
                    peak_h=15.0,
                    saturday=0.03,
                    sunday=0.04,
                    slow=0.03,
                    hours=0.02,
                    quick=0.02,
                    backup=0.3,
                    backup_h=2.5,
                ),
                fast=0.04,
                burst=0.25,
                burst_s=40 * 60.0,
                pause_s=12 * 3600.0,
                fans=0.10,
                curve=(0.66, 0.71, 0.75, 0.79, 0.82, 0.85, 0.88, 0.91, 0.94, 0.97, 1.0),
            ),
        ),
    )
)
"""Disks, with a scrub or a backup every night."""
GPU = Kinds(
    (
        (
            1.0,
            Machines(
                Work(
                    mean=0.12,
                    by_day=0.05,
                    peak_h=16.0,
                    saturday=0.02,
                    sunday=0.03,
                    slow=0.05,
                    hours=0.01,
                    quick=0.03,
                ),
                fast=0.03,
                burst=0.68,
                burst_s=3 * 3600.0,
                pause_s=2 * 3600.0,
                fans=0.12,
                curve=(0.14, 0.24, 0.34, 0.43, 0.52, 0.61, 0.70, 0.78, 0.86, 0.93, 1.0),
            ),
        ),
    )
)
"""Accelerators; their jobs after the Philly trace (Jeon et al., ATC 2019)."""
