"""What the faults at work do: to power and voltage, to what the meter shows, to what is sent."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any, TypeVar

import attrs
from attrs import define, field, frozen

from iotmock.model.faults.fault import Effect, Injection
from iotmock.model.faults.notes import Affected, Note
from iotmock.model.faults.types.device import DeviceEffect
from iotmock.model.faults.types.link import Letter, LinkEffect, Marks
from iotmock.model.faults.types.meter import ClockEffect, MeterEffect
from iotmock.model.faults.types.result import ResultEffect
from iotmock.model.reading import Reading

E = TypeVar("E", bound=Effect)


@frozen(eq=False)
class Active:
    """A fault at work."""

    injection: Injection
    effect: Effect

    @property
    def memory(self) -> dict[str, Any]:
        """What of it must outlive the process."""
        return attrs.asdict(self.effect, filter=lambda name, _: "remembered" in name.metadata)


@define(eq=False)
class Effects:
    """Effects by what they touch. Two of a kind compose in the order in which they began."""

    bending: tuple[tuple[Injection, DeviceEffect], ...] = ()
    metering: tuple[tuple[Injection, MeterEffect], ...] = ()
    clocks: tuple[tuple[Injection, ClockEffect], ...] = ()
    linking: tuple[tuple[Injection, LinkEffect], ...] = ()
    results: tuple[tuple[Injection, ResultEffect], ...] = ()
    error: bool = False
    bent: list[Injection] = field(factory=list)
    """The faults whose doing was in the last tick."""

    @classmethod
    def of(cls, active: Collection[Active]) -> "Effects":
        """Return the effects of these faults."""
        if not active:
            return NO_EFFECTS
        bending = _of_kind(DeviceEffect, active)
        return cls(
            bending,
            _of_kind(MeterEffect, active),
            _of_kind(ClockEffect, active),
            tuple(sorted(_of_kind(LinkEffect, active), key=lambda pair: pair[1].place)),
            _of_kind(ResultEffect, active),
            any(effect.error for _, effect in bending),
        )

    # The physics

    def bend(self, share: float, voltage: float) -> tuple[float, float]:
        """Return power / base power and voltage / nominal as the faults let them become."""
        self.bent.clear()
        for injection, effect in self.bending:
            bent = effect.bend(share, voltage)
            if bent != (share, voltage) or effect.error or effect.pervades:
                self.bent.append(injection)
            share, voltage = bent
        return share, voltage

    def elapse(self, power_kw: float, dt_s: float) -> None:
        """Tell meter faults what was true over the last tick."""
        for _, effect in self.metering:
            effect.elapse(power_kw, dt_s)

    # The meter

    def shift_s(self, now: float) -> float:
        """Return by how much the device's clock is ahead."""
        return sum(effect.shift_s(now) for _, effect in self.clocks)

    def distorted(self, reading: Reading, changed_by: list[Injection] | None = None) -> Reading:
        """Return what the meter reports; `changed_by` collects the faults that made it so."""
        for injection, effect in self.metering:
            shown = effect.distort(reading)
            if changed_by is not None and shown != reading:
                changed_by.append(injection)
            reading = shown
        return reading

    # The link

    def up(self, now: float) -> bool:
        """Say whether the device has its link at `now`."""
        if any(effect.cut_off() for _, effect in self.bending):
            return False
        return all(effect.up(now) for _, effect in self.linking)

    def carry(self, letters: list[Letter], now: float, notes: list[Note]) -> list[Letter]:
        """Return what goes out now of `letters`, and of what was held back."""
        for injection, effect in self.bending:
            if effect.cut_off():
                notes += (Affected.of(injection, letter, "missing") for letter in letters)
                letters = []
        for injection, link in self.linking:
            marks = Marks()
            letters = link.carry(letters, now, marks)
            notes += noted(injection, marks)
        return letters


NO_EFFECTS = Effects()
"""Most devices have none, and share this one."""


def _of_kind(kind: type[E], active: Iterable[Active]) -> tuple[tuple[Injection, E], ...]:
    return tuple((one.injection, one.effect) for one in active if isinstance(one.effect, kind))


def noted(injection: Injection, marks: Marks) -> Iterator[Affected]:
    """Yield for the record what a link fault did."""
    for letter, what in marks.done:
        yield Affected.of(injection, letter, what)
