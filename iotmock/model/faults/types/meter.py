"""Meter faults: they distort what is reported, never the truth beneath it.

What is seen in the field is listed with its sources in realism.md, "Error conditions".
"""

from typing import Annotated, Literal, Self, get_args

import msgspec
from attrs import define, field
from msgspec import Meta

from iotmock.model.faults.fault import (
    REMEMBERED,
    Effect,
    Fault,
    FaultKind,
    Occurrence,
    Scene,
)
from iotmock.model.numbers.noise import Noise
from iotmock.model.quantities import above_zero, quantity
from iotmock.model.reading import Reading

_DAY_S = 86_400.0
_SAVED_EVERY_H = 1.0 / 6.0
Register = Literal["voltage", "current", "energy"]
Shown = Literal["power", "voltage", "current", "energy"]
Amount = Annotated[float, Meta(ge=-1e15, le=1e15)]
"""What a meter shows or counts, far beyond what it can."""


@define(eq=False)
class MeterEffect(Effect):
    """Distorts readings."""

    def elapse(self, power_kw: float, dt_s: float) -> None:
        """Take note of what was true over the last tick."""

    def distort(self, reading: Reading) -> Reading:
        """Return what is reported instead."""
        raise NotImplementedError


class MeterFault(Fault, frozen=True):
    """A meter that reports what is not so."""

    kind = FaultKind.METER


@define(eq=False)
class _Held(MeterEffect):
    values: dict[Shown, Amount] = field(factory=dict, metadata=REMEMBERED)

    def distort(self, reading: Reading) -> Reading:
        return msgspec.structs.replace(reading, **self.values)


class Stuck(MeterFault, frozen=True):
    """Power stays as it was while voltage, current and energy move; or everything stays."""

    name = "stuck"
    occurs = Occurrence(0.02, 1_800.0, 2 * _DAY_S)
    remembers = _Held
    what: Literal["power", "all"] = "power"

    def effect(self, scene: Scene) -> _Held:
        """See `Fault.effect`."""
        names: tuple[Shown, ...] = ("power",) if self.what == "power" else get_args(Shown)
        return _Held({name: getattr(scene.shown, name) for name in names})

    @classmethod
    def drawn(cls, noise: Noise) -> Self:
        """See `Fault.drawn`."""
        return cls("all" if noise.uniform() < 0.4 else "power")


@define(eq=False)
class _Zero(MeterEffect):
    def distort(self, reading: Reading) -> Reading:
        return msgspec.structs.replace(reading, power=0.0)


class FalseZero(MeterFault, frozen=True):
    """Power is 0 while current flows."""

    name = "false_zero"
    occurs = Occurrence(0.1, 20.0, 300.0)

    def effect(self, scene: Scene) -> _Zero:  # noqa: ARG002
        """See `Fault.effect`."""
        return _Zero()


@define(eq=False)
class _Spiked(MeterEffect):
    factor: float
    register: Register | None
    decimals: int

    def distort(self, reading: Reading) -> Reading:
        if self.register is not None:
            return msgspec.structs.replace(reading, power=getattr(reading, self.register))
        return msgspec.structs.replace(
            reading, power=round(reading.power * self.factor, self.decimals)
        )


class Spike(MeterFault, frozen=True):
    """One sample is out: by a factor, or because power shows what another register holds."""

    name = "spike"
    occurs = Occurrence(1 / 90, 60.0, 60.0)
    momentary = True
    factor: Annotated[float, Meta(gt=0, le=1e6, description="usual are 10 and 1000")] | None = None
    register: Register | None = None

    def __post_init__(self) -> None:
        """Refuse a spike that is both.

        Raises:
            ValueError: both parameters are given.
        """
        if self.factor is not None and self.register is not None:
            raise ValueError("factor and register contradict each other; give one")

    def effect(self, scene: Scene) -> _Spiked:
        """See `Fault.effect`."""
        return _Spiked(self.factor or 10.0, self.register, scene.decimals)

    @classmethod
    def drawn(cls, noise: Noise) -> Self:
        """See `Fault.drawn`."""
        usual = (cls(10.0), cls(1000.0), cls(None, "voltage"), cls(None, "energy"))
        return usual[int(noise.uniform() * len(usual))]


@define(eq=False)
class _Behind(MeterEffect):
    decimals: int
    kwh: Amount = field(default=0.0, metadata=REMEMBERED)

    def distort(self, reading: Reading) -> Reading:
        shown = max(0.0, round(reading.energy - self.kwh, self.decimals))
        return msgspec.structs.replace(reading, energy=shown)


class CounterReset(MeterFault, frozen=True):
    """The energy counter begins at 0 again, as after a power loss."""

    name = "counter_reset"
    occurs = Occurrence(0.005, _DAY_S, 7 * _DAY_S)
    remembers = _Behind

    def effect(self, scene: Scene) -> _Behind:
        """See `Fault.effect`."""
        return _Behind(scene.decimals, scene.energy_kwh)


class CounterRollback(MeterFault, frozen=True):
    """The energy counter goes back to its last saved value."""

    name = "counter_rollback"
    occurs = Occurrence(0.005, _DAY_S, 7 * _DAY_S)
    remembers = _Behind
    lost_kwh: (
        Annotated[float, above_zero("kWh", "what it forgets; default: ten minutes at base power")]
        | None
    ) = None

    def effect(self, scene: Scene) -> _Behind:
        """See `Fault.effect`."""
        lost = self.lost_kwh or scene.base_power * _SAVED_EVERY_H
        return _Behind(scene.decimals, min(lost, scene.energy_kwh))


@define(eq=False)
class _Wrapped(MeterEffect):
    register_kwh: float
    decimals: int

    def distort(self, reading: Reading) -> Reading:
        shown = round(reading.energy % self.register_kwh, self.decimals)
        return msgspec.structs.replace(reading, energy=shown)


class Rollover(MeterFault, frozen=True):
    """The energy counter wraps at its register's end."""

    name = "rollover"
    occurs = Occurrence(0.002, _DAY_S, 7 * _DAY_S)
    register_kwh: Annotated[
        float,
        above_zero("kWh", "where it begins anew; 23 bits of 0.1 Wh, as in a HomeMatic meter"),
    ] = 838.8607

    def effect(self, scene: Scene) -> _Wrapped:
        """See `Fault.effect`."""
        return _Wrapped(self.register_kwh, scene.decimals)


@define(eq=False)
class _Drifting(MeterEffect):
    evolves = True
    per_s: float
    decimals: int
    elapsed_s: Amount = field(default=0.0, metadata=REMEMBERED)
    extra_kwh: Amount = field(default=0.0, metadata=REMEMBERED)

    def elapse(self, power_kw: float, dt_s: float) -> None:
        self.elapsed_s += dt_s
        self.extra_kwh += self.per_s * self.elapsed_s * power_kw * dt_s / 3600.0

    def distort(self, reading: Reading) -> Reading:
        gain = max(0.0, 1.0 + self.per_s * self.elapsed_s)
        return msgspec.structs.replace(
            reading,
            power=round(reading.power * gain, self.decimals),
            current=round(reading.current * gain, self.decimals),
            energy=max(0.0, round(reading.energy + self.extra_kwh, self.decimals)),
        )


class Drift(MeterFault, frozen=True):
    """The gain for power, current and energy grows slowly."""

    name = "drift"
    occurs = Occurrence(0.003, 3 * _DAY_S, 30 * _DAY_S)
    remembers = _Drifting
    percent_per_day: Annotated[float, quantity((-1e4, 1e4), "%", "a day")] = 1.0

    def effect(self, scene: Scene) -> _Drifting:
        """See `Fault.effect`."""
        return _Drifting(self.percent_per_day / 100.0 / _DAY_S, scene.decimals)


@define(eq=False)
class ClockEffect(Effect):
    """Shifts timestamps."""

    offset_s: float
    per_s: float
    begin: float

    def shift_s(self, now: float) -> float:
        """Return by how much the device's clock is ahead."""
        return self.offset_s + self.per_s * (now - self.begin)


class ClockSkew(MeterFault, frozen=True):
    """Timestamps are off by a constant; 3600 s is a missed change of daylight saving time."""

    name = "clock_skew"
    occurs = Occurrence(2 / 365, 3_600.0, _DAY_S)
    seconds: Annotated[float, quantity((-1e6, 1e6), "s", "the clock is ahead by")] = 3600.0

    def effect(self, scene: Scene) -> ClockEffect:
        """See `Fault.effect`."""
        return ClockEffect(self.seconds, 0.0, scene.begin)

    @classmethod
    def drawn(cls, noise: Noise) -> Self:
        """See `Fault.drawn`."""
        usual = (-3600.0, 3600.0, float(round(5.0 * noise.gauss()) or 2))
        return cls(usual[int(noise.uniform() * len(usual))])


class ClockDrift(MeterFault, frozen=True):
    """Timestamps run ahead of, or behind, the time ever more; quartz is within ±20 ppm."""

    name = "clock_drift"
    occurs = Occurrence(0.01, _DAY_S, 30 * _DAY_S)
    ppm: Annotated[float, quantity((-1e5, 1e5), "ppm", "the clock is fast by")] = 20.0

    def effect(self, scene: Scene) -> ClockEffect:
        """See `Fault.effect`."""
        return ClockEffect(0.0, self.ppm * 1e-6, scene.begin)
