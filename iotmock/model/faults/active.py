"""What is wrong with one device now, what will be, and what of it goes on record."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from attrs import define, field

from iotmock.model.faults.effects import NO_EFFECTS, Active, Effects, noted
from iotmock.model.faults.fault import Injection, Scene
from iotmock.model.faults.notes import Affected, Closed, Note, Opened, Remembered
from iotmock.model.faults.schedule import Schedule
from iotmock.model.faults.types.link import Letter, LinkEffect, Marks, Said
from iotmock.model.reading import Reading, Status

Encode = Callable[[Reading], Said]
"""From a reading to what goes out of it, in the words that the device speaks."""


@define(eq=False)
class Faults:
    """The faults of one device: each begins, works and ends here, and leaves its notes.

    `due` is when the next one begins or ends. `notes` are for the ledger, and are to be drained.
    Long because each step of a fault is noted where it is taken; what
    is to come is the `Schedule`'s, and what is done to power and readings the `Effects`'.
    """

    schedule: Schedule = field(factory=Schedule)
    due: float = float("inf")
    active: dict[str, Active] = field(factory=dict)
    effects: Effects = NO_EFFECTS
    notes: list[Note] = field(factory=list)
    quiet: bool = True
    """Whether messages go out as if there were no faults."""
    status: Status = "online"
    cut_off: bool = False
    _released: list[Letter] = field(factory=list)

    def __attrs_post_init__(self) -> None:
        self._set_due()

    @property
    def idle(self) -> bool:
        """Whether there is nothing to be done for it any more."""
        return not (self.schedule or self.active or self.notes or self._released)

    @property
    def ids(self) -> set[str]:
        """The ids of those that are active, and of those that were asked for and wait."""
        return {*self.active, *(one.fault_id for one in self.schedule.requested)}

    def knows(self, fault_id: str) -> bool:
        """Say whether there is a fault of this id."""
        return fault_id in self.active or self.schedule.find(fault_id) is not None

    # What begins and ends

    def add(self, injection: Injection) -> None:
        """Have a fault begin at its time."""
        self.schedule.add(injection)
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
        for injection in self.schedule.take(now):
            if injection.end is None or injection.end > now:
                self._begin(injection, scene)
            elif injection.cause == "request":  # over before a tick could see it
                self.notes.append(Closed(injection, injection.end))
        for active in [one for one in self.active.values() if _is_over(one.injection, now)]:
            self._end(active, active.injection.end or now)
        self._sort(now)

    def _begin(self, injection: Injection, scene: Scene) -> None:
        active = Active(injection, injection.fault.effect(scene.of(injection)))
        self.active[injection.fault_id] = active
        self.notes.append(Opened(injection, active.memory, begun=True))

    def _end(self, active: Active, end: float) -> None:
        active.effect.stop()
        if isinstance(active.effect, LinkEffect):
            marks = Marks()
            self._released += active.effect.release(marks)
            self.notes += noted(active.injection, marks)
        del self.active[active.injection.fault_id]
        self.notes.append(Closed(active.injection, end))

    def clear(self, fault_id: str, now: float) -> bool:
        """End a fault, or let it never begin; say whether there was one."""
        if active := self.active.get(fault_id):
            self._end(active, now)
        elif found := self.schedule.find(fault_id):
            self.schedule.cancel(found)
            self.notes.append(Closed(found, min(now, found.begin)))
        else:
            return False
        self._sort(now)
        return True

    def clear_all(self, now: float) -> None:
        """End everything, because the device goes."""
        for fault_id in [*self.active, *(one.fault_id for one in self.schedule.requested)]:
            self.clear(fault_id, now)

    def forget(self, fault_id: str) -> None:
        """Let it be as if there had never been this fault, because who asked for it was refused."""
        if active := self.active.pop(fault_id, None):
            active.effect.stop()
        if found := self.schedule.find(fault_id):
            self.schedule.cancel(found)

    def _sort(self, now: float) -> None:
        self.effects = Effects.of(self.active.values())
        self.look_at_link(now)
        self._set_due()
        self._look_whether_quiet()

    def _look_whether_quiet(self) -> None:
        self.quiet = not (self.active or self.notes or self._released)

    def _set_due(self) -> None:
        ends = (one.injection.end for one in self.active.values() if one.injection.end)
        self.due = min((self.schedule.due, *ends))

    def look_at_link(self, now: float) -> None:
        """See whether the device has its link at `now`, and what its status is by that."""
        self.cut_off = not self.effects.up(now)
        if self.cut_off:
            self.status = "offline"
        else:
            self.status = "error" if self.effects.error else "online"

    # What a message goes through

    def send(
        self, reading: Reading, true_timestamp: str, now: float, encode: Encode
    ) -> Iterable[Said]:
        """Pass a reading through meter and link; return the messages that go out now.

        `reading` has the device's own timestamp, `true_timestamp` is what it should be.
        """
        effects, changed_by = self.effects, list[Injection]()
        shown = effects.distorted(reading, changed_by)
        letter = Letter(now, shown.timestamp, encode(shown))
        if shown.timestamp != true_timestamp:
            changed_by += (injection for injection, _ in effects.clocks)
        self.notes += (Affected.of(injection, letter, "reported") for injection in changed_by)
        self.notes += (Affected.of(injection, letter, "happened") for injection in effects.bent)
        letters = effects.carry([*self._released, letter], now, self.notes)
        self._released.clear()
        self._finish_momentary(changed_by, now)
        return [letter.payload for letter in letters]

    def _finish_momentary(self, changed_by: Iterable[Injection], now: float) -> None:
        over = [one for one in changed_by if one.fault.momentary]
        for injection in over:
            self._end(self.active[injection.fault_id], now)
        if over:
            self._sort(now)

    def delay_of_result(self, now: float, timestamp: str) -> float | None:
        """Return by how many s the result of a command comes late; None loses it."""
        for injection, effect in self.effects.results:
            if effect.strikes():
                what = "result lost" if effect.delay_s is None else "result late"
                self.notes.append(Affected(injection.fault_id, now, timestamp, what))
                return effect.delay_s
        return 0.0

    # The record

    def drain(self) -> list[Note]:
        """Return what goes on record, and forget it."""
        for injection, effect in self.effects.metering:
            if effect.evolves:
                memory = self.active[injection.fault_id].memory
                self.notes.append(Remembered(injection.fault_id, memory))
        notes, self.notes = self.notes, []
        self._look_whether_quiet()
        return notes


def _is_over(injection: Injection, now: float) -> bool:
    return injection.end is not None and injection.end <= now
