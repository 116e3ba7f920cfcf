"""What is wrong with one device now, what will be, and what of it goes on record."""

from bisect import insort
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

import attrs
import msgspec
from attrs import define, field, frozen

from iotmock.model.faults.device import DeviceEffect
from iotmock.model.faults.fault import Effect, Injection, Scene
from iotmock.model.faults.link import Letter, LinkEffect, Marks, ResultEffect
from iotmock.model.faults.meter import ClockEffect, MeterEffect
from iotmock.model.faults.plan import Plan
from iotmock.model.reading import Reading, Status
from iotmock.model.spec import DeviceSpec

_NEVER = float("inf")
_LONGEST_CATCH_UP_S = 86_400.0
E = TypeVar("E", bound=Effect)


@frozen
class Opened:
    """A fault was taken up; `begun` says that its time has come."""

    injection: Injection
    memory: Mapping[str, Any]
    begun: bool


@frozen
class Remembered:
    """What of a fault must outlive the process has changed."""

    fault_id: str
    memory: Mapping[str, Any]


@frozen
class Closed:
    """A fault has ended; `end` in Unix seconds."""

    injection: Injection
    end: float


@frozen
class Affected:
    """A message is not what, when or as often it should be."""

    fault_id: str
    time: float
    timestamp: str
    effect: str


Note = Opened | Remembered | Closed | Affected


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
class Faults:
    """The faults of one device. Two of a kind compose in the order in which they began.

    `due` is when the next one begins or ends. `notes` are for the ledger, and are to be drained.
    """

    plan: Plan | None = None
    due: float = _NEVER
    waiting: list[Injection] = field(factory=list)
    active: dict[str, Active] = field(factory=dict)
    notes: list[Note] = field(factory=list)
    quiet: bool = True
    """Whether messages go out as if there were no faults."""
    status: Status = "online"
    cut_off: bool = False
    error: bool = False
    bending: tuple[tuple[Injection, DeviceEffect], ...] = ()
    _metering: tuple[tuple[Injection, MeterEffect], ...] = ()
    _clocks: tuple[tuple[Injection, ClockEffect], ...] = ()
    _linking: tuple[tuple[Injection, LinkEffect], ...] = ()
    _results: tuple[tuple[Injection, ResultEffect], ...] = ()
    _bent: list[tuple[str, str]] = field(factory=list)
    _released: list[Letter] = field(factory=list)
    _planned_to: float = -_NEVER

    def __attrs_post_init__(self) -> None:
        self._set_due()

    @property
    def idle(self) -> bool:
        """Whether there is nothing to be done for it any more."""
        return not (self.plan or self.waiting or self.active or self.notes or self._released)

    @property
    def count(self) -> int:
        """How many are known, begun or not."""
        return len(self.active) + len(self.waiting)

    def knows(self, fault_id: str) -> bool:
        """Say whether there is a fault of this id."""
        return fault_id in self.active or any(one.fault_id == fault_id for one in self.waiting)

    def follow(self, spec: DeviceSpec) -> None:
        """Take up what a device has become: its gateway is its location's."""
        if self.plan is not None:
            self.plan = attrs.evolve(self.plan, spec=spec)

    # What begins and ends

    def add(self, injection: Injection) -> None:
        """Have a fault begin at its time."""
        insort(self.waiting, injection, key=lambda one: one.begin)
        self.notes.append(Opened(injection, {}, begun=False))
        self.quiet = False
        self._set_due()

    def resume(self, injection: Injection, memory: Mapping[str, Any], scene: Scene) -> None:
        """Go on with a fault that had begun in an earlier life of the process."""
        self._begin(injection, scene)
        for name, value in memory.items():
            setattr(self.active[injection.fault_id].effect, name, value)
        self._sort(scene.begin)

    def turn(self, now: float, scene: Scene) -> None:
        """Begin and end what is due at `now`."""
        if self.plan is not None and now >= self._planned_to:
            self._draw(self.plan, now)
        while self.waiting and self.waiting[0].begin <= now:
            injection = self.waiting.pop(0)
            if injection.end is None or injection.end > now:
                self._begin(injection, scene)
            elif injection.cause == "request":  # over before a tick could see it
                self.notes.append(Closed(injection, injection.end))
        for active in [one for one in self.active.values() if _is_over(one.injection, now)]:
            self._end(active, active.injection.end or now)
        self._sort(now)

    def _draw(self, plan: Plan, now: float) -> None:
        if now - self._planned_to > _LONGEST_CATCH_UP_S:
            self._planned_to = now
        while now >= self._planned_to:
            coming, self._planned_to = plan.after(self._planned_to)
            for injection in coming:
                insort(self.waiting, injection, key=lambda one: one.begin)

    def _begin(self, injection: Injection, scene: Scene) -> None:
        active = Active(injection, injection.fault.effect(scene.of(injection)))
        self.active[injection.fault_id] = active
        self.notes.append(Opened(injection, active.memory, begun=True))

    def _end(self, active: Active, end: float) -> None:
        active.effect.stop()
        if isinstance(active.effect, LinkEffect):
            marks = Marks()
            self._released += active.effect.release(marks)
            self._record(active.injection, marks)
        del self.active[active.injection.fault_id]
        self.notes.append(Closed(active.injection, end))

    def clear(self, fault_id: str, now: float) -> bool:
        """End a fault, or let it never begin; say whether there was one."""
        if active := self.active.get(fault_id):
            self._end(active, now)
        elif found := [one for one in self.waiting if one.fault_id == fault_id]:
            self.waiting.remove(found[0])
            self.notes.append(Closed(found[0], min(now, found[0].begin)))
        else:
            return False
        self._sort(now)
        return True

    def clear_all(self, now: float) -> None:
        """End everything, because the device goes."""
        for fault_id in [*self.active, *(one.fault_id for one in self.requested)]:
            self.clear(fault_id, now)

    @property
    def requested(self) -> list[Injection]:
        """What waits and was asked for; what the plan holds is not known to anyone yet."""
        return [one for one in self.waiting if one.cause == "request"]

    def _sort(self, now: float) -> None:
        self.bending = self._of(DeviceEffect)
        self._bent.clear()
        self._metering, self._clocks = self._of(MeterEffect), self._of(ClockEffect)
        linking, self._results = self._of(LinkEffect), self._of(ResultEffect)
        self._linking = tuple(sorted(linking, key=lambda pair: pair[1].place))
        self.error = any(effect.error for _, effect in self.bending)
        self.look_at_link(now)
        self._set_due()
        self._look_whether_quiet()

    def _look_whether_quiet(self) -> None:
        self.quiet = not (self.active or self.notes or self._released)

    def _of(self, kind: type[E]) -> tuple[tuple[Injection, E], ...]:
        every = self.active.values()
        return tuple(
            (active.injection, active.effect) for active in every if isinstance(active.effect, kind)
        )

    def _set_due(self) -> None:
        ends = [one.injection.end for one in self.active.values() if one.injection.end]
        begin = self.waiting[0].begin if self.waiting else _NEVER
        planned = self._planned_to if self.plan is not None else _NEVER
        self.due = min(begin, planned, *ends) if ends else min(begin, planned)

    def look_at_link(self, now: float) -> None:
        """See whether the device has its link at `now`, and what its status is by that."""
        silent = any(effect.silent for _, effect in self.bending)
        self.cut_off = silent or not all(effect.up(now) for _, effect in self._linking)
        if self.cut_off:
            self.status = "offline"
        else:
            self.status = "error" if self.error else "online"

    # The physics

    def bend(self, share: float, voltage: float) -> tuple[float, float]:
        """Return power / base power and voltage / nominal as the faults let them become."""
        self._bent.clear()
        for injection, effect in self.bending:
            bent = effect.bend(share, voltage)
            if bent != (share, voltage) or effect.error or effect.pervades:
                self._bent.append((injection.fault_id, "happened"))
            share, voltage = bent
        return share, voltage

    def elapse(self, power_kw: float, dt_s: float) -> None:
        """Tell meter faults what was true over the last tick."""
        for _, effect in self._metering:
            effect.elapse(power_kw, dt_s)

    # The meter

    def shift_s(self, now: float) -> float:
        """Return by how much the device's clock is ahead."""
        return sum(effect.shift_s(now) for _, effect in self._clocks)

    def distorted(self, reading: Reading, changed_by: list[Injection] | None = None) -> Reading:
        """Return what the meter reports; `changed_by` collects the faults that made it so."""
        for injection, effect in self._metering:
            shown = effect.distort(reading)
            if changed_by is not None and shown != reading:
                changed_by.append(injection)
            reading = shown
        return reading

    # The link

    def send(self, reading: Reading, true_timestamp: str, now: float) -> Iterable[bytes]:
        """Pass a reading through meter and link; return the messages that go out now.

        `reading` has the device's own timestamp, `true_timestamp` is what it should be.
        """
        changed_by: list[Injection] = []
        shown = self.distorted(reading, changed_by)
        letter = Letter(now, shown.timestamp, msgspec.json.encode(shown))
        if shown.timestamp != true_timestamp:
            changed_by += (injection for injection, _ in self._clocks)
        for injection in changed_by:
            self._affect(injection.fault_id, letter, "reported")
        for fault_id, what in self._bent:
            self._affect(fault_id, letter, what)
        arriving = self._carried([*self._released, letter], now)
        self._released.clear()
        self._finish_momentary(changed_by, now)
        return arriving

    def _carried(self, letters: list[Letter], now: float) -> Iterable[bytes]:
        for injection, silent in self.bending:
            if silent.silent:
                for letter in letters:
                    self._affect(injection.fault_id, letter, "missing")
                letters = []
        for injection, effect in self._linking:
            marks = Marks()
            letters = effect.carry(letters, now, marks)
            self._record(injection, marks)
        return [letter.payload for letter in letters]

    def _finish_momentary(self, changed_by: Iterable[Injection], now: float) -> None:
        over = [one for one in changed_by if one.fault.momentary]
        for injection in over:
            self._end(self.active[injection.fault_id], now)
        if over:
            self._sort(now)

    # Results

    def delay_of_result(self, now: float, timestamp: str) -> float | None:
        """Return by how many s the result of a command comes late; None loses it."""
        for injection, effect in self._results:
            if effect.strikes():
                what = "result lost" if effect.delay_s is None else "result late"
                self.notes.append(Affected(injection.fault_id, now, timestamp, what))
                return effect.delay_s
        return 0.0

    # The record

    def _record(self, injection: Injection, marks: Marks) -> None:
        for letter, what in marks.done:
            self._affect(injection.fault_id, letter, what)

    def _affect(self, fault_id: str, letter: Letter, what: str) -> None:
        self.notes.append(Affected(fault_id, letter.time, letter.timestamp, what))

    def drain(self) -> list[Note]:
        """Return what goes on record, and forget it."""
        for injection, effect in self._metering:
            if effect.evolves:
                memory = self.active[injection.fault_id].memory
                self.notes.append(Remembered(injection.fault_id, memory))
        notes, self.notes = self.notes, []
        self._look_whether_quiet()
        return notes


def _is_over(injection: Injection, now: float) -> bool:
    return injection.end is not None and injection.end <= now
