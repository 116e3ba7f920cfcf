"""What will befall one device: what was asked for, and what its plan draws."""

from bisect import insort

import attrs
from attrs import define, field

from iotmock.model.faults.fault import Injection
from iotmock.model.faults.plan import Plan
from iotmock.model.spec import DeviceSpec

_NEVER = float("inf")
_LONGEST_CATCH_UP_S = 86_400.0


@define(eq=False)
class Schedule:
    """Faults in the order in which they begin. With a plan, a window of it is drawn at a time."""

    plan: Plan | None = None
    waiting: list[Injection] = field(factory=list)
    _planned_to: float = -_NEVER

    def __bool__(self) -> bool:
        return self.plan is not None or bool(self.waiting)

    @property
    def due(self) -> float:
        """When the next begins, or the next window is to be drawn; Unix seconds."""
        begin = self.waiting[0].begin if self.waiting else _NEVER
        return begin if self.plan is None else min(begin, self._planned_to)

    @property
    def requested(self) -> list[Injection]:
        """What waits and was asked for; what the plan holds is not known to anyone yet."""
        return [one for one in self.waiting if one.cause == "request"]

    def follow(self, spec: DeviceSpec) -> None:
        """Take up what a device has become: its gateway is its location's."""
        if self.plan is not None:
            self.plan = attrs.evolve(self.plan, spec=spec)

    def add(self, injection: Injection) -> None:
        """Have a fault wait for its time."""
        insort(self.waiting, injection, key=lambda one: one.begin)

    def take(self, now: float) -> list[Injection]:
        """Return what has its time at `now`; it waits no more."""
        if self.plan is not None and now >= self._planned_to:
            self._draw(self.plan, now)
        taken = []
        while self.waiting and self.waiting[0].begin <= now:
            taken.append(self.waiting.pop(0))
        return taken

    def _draw(self, plan: Plan, now: float) -> None:
        if now - self._planned_to > _LONGEST_CATCH_UP_S:
            self._planned_to = now
        while now >= self._planned_to:
            coming, self._planned_to = plan.after(self._planned_to)
            for injection in coming:
                self.add(injection)

    def find(self, fault_id: str) -> Injection | None:
        """Return what waits with this id, if anything does."""
        return next((one for one in self.waiting if one.fault_id == fault_id), None)

    def cancel(self, injection: Injection) -> None:
        """Let a fault never begin."""
        self.waiting.remove(injection)
