"""The main meter of a location: shows what passes the mains, its own background load with it."""

from math import floor, sqrt
from typing import Protocol, runtime_checkable

from attrs import define

from iotmock.model.meter import TwoWayMeter
from iotmock.model.site.connection.mains import ALL_LINES, DIGITS, Branch, Mains

_DECIMALS = 4
"""As the finest of its devices' meters: so it shows their sum to the last digit."""
_OWN_FACTOR = 0.95
_LEAST_FACTOR = 0.05
_HOURS_PER_SECOND = 1.0 / 3600.0


@runtime_checkable
class BackgroundLoad(Protocol):
    """What a family must be to stand for all that no device of a location stands for."""

    factor: float
    """The power factor of all that the main meter sums up, which it tells."""
    lived: bool
    """Whether it has stepped since the main meter looked; while disabled it does not."""


@define(eq=False, kw_only=True)
class MainMeter(TwoWayMeter):
    """Two registers: what was drawn from the grid, and what was fed into it.

    What it measures as a device is its background load alone; what it shows is the sum of all. The
    registers go the way that the power goes: their difference is what the devices counted, but for
    `carried`, a few digits that devices counted while the power went the other way.
    """

    meter_id: str
    load: BackgroundLoad
    branch: Branch
    """Its own, of the background load."""
    own_kwh: float = 0.0
    carried: int = 0
    lines: tuple[int, int, int] = (0, 0, 0)
    """Of `power_kw`, in digits."""

    @classmethod
    def of(
        cls, before: TwoWayMeter, meter_id: str, load: BackgroundLoad, mains: Mains
    ) -> "MainMeter":
        """Return a main meter that goes on from these registers."""
        mains.admit(meter_id)
        made = cls(
            phases=before.phases,
            decimals=_DECIMALS,
            energy_kwh=before.energy_kwh,
            back_kwh=before.back_kwh,
            gain=before.gain,
            meter_id=meter_id,
            load=load,
            branch=Branch(mains, ALL_LINES, 0),
        )
        made.keep_ceilings(before)
        return made

    @property
    def mains(self) -> Mains:
        """What it sums up."""
        return self.branch.mains

    def exchange(self, decimals: int) -> None:
        """See `Meter.exchange`: it keeps its digits, whatever the connection is rated at."""

    def measure(self, power_kw: float, voltage_v: float, dt_s: float) -> None:
        """See `Meter.measure`; the power is the background's."""
        self.voltage_v = voltage_v
        self.own_kwh += power_kw * dt_s * _HOURS_PER_SECOND
        own, counter = floor(power_kw * DIGITS + 0.5), floor(self.own_kwh * DIGITS + 0.5)
        self.branch.draw(own, counter, _OWN_FACTOR, dt_s)
        mains = self.mains
        power, self.lines = mains.power, mains.by_line()
        lived, self.load.lived = self.load.lived, False
        new = mains.take(self.meter_id)
        mains.turn(self.meter_id)
        if not lived or mains.island.cut:  # disabled, or behind it an island: nothing is seen
            power = new = 0
            self.lines = (0, 0, 0)
        self.power_kw = power / DIGITS
        self.load.factor = _factor(power, mains.reactive)
        self._count(power, new + self.carried)

    def _count(self, power: int, new: int) -> None:
        self.carried = 0
        if power >= 0 and new >= 0:
            self.energy_kwh = _plus(self.energy_kwh, new)
        elif power < 0 and new <= 0:
            self.back_kwh = _plus(self.back_kwh, -new)
        else:
            self.carried = new

    def settle(self) -> None:
        """Take up all that was counted, before the registers are all that is left of it."""
        new = self.mains.take(self.meter_id)
        new = self.carried + (0 if self.mains.island.cut else new)
        self._count(new, new)


def _plus(kwh: float, digits: int) -> float:
    return (floor(kwh * DIGITS + 0.5) + digits) / DIGITS


def _factor(power: int, reactive: int) -> float:
    if not power and not reactive:
        return 1.0
    return max(_LEAST_FACTOR, abs(power) / sqrt(power * power + reactive * reactive))
