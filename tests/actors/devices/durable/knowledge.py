"""What a client knows of devices and fleets, by what it was answered."""

import itertools
from collections.abc import Callable

import trio
from attrs import define, evolve, field, frozen

from iotmock.model.fleet import GroupRecord


@frozen
class Single:
    """A device of no fleet, as a client knows it."""

    name: str
    power: float = 10.0


@frozen
class Whole:
    """A fleet as a client knows it; `gone` may have become holes, or come anew with more."""

    group: GroupRecord
    gone: frozenset[int] = frozenset()
    deleting: bool = False

    def scaled(self, count: int) -> "set[Whole]":
        found = set()
        for size in range(len(self.gone) + 1):
            for kept in itertools.combinations(sorted(self.gone), size):
                every = evolve(self.group, holes=self.group.holes | set(kept))
                group = evolve(every.scaled(count), reached=0)
                beyond = (every.holes | self.gone) - group.holes
                above = frozenset(number for number in beyond if number > group.top)
                found.add(Whole(group, above, self.deleting))
        return found

    def without(self, number: int) -> "Whole":
        if number > self.group.top:
            return evolve(self, gone=self.gone | {number})
        return evolve(self, group=evolve(self.group, holes=self.group.holes | {number}))

    @property
    def members(self) -> set[int]:
        return set(range(1, self.group.top + 1)) - self.group.holes


State = Single | Whole | None

Step = Callable[[State], set[State]]


@define(eq=False)
class Asked:
    """A change that was asked for: what it makes of a state when it is carried out, and if not."""

    subject: str
    done: Step
    not_done: Callable[[Exception], Step]
    scope: trio.CancelScope = field(factory=trio.CancelScope)
    number: int = field(factory=itertools.count().__next__)


@define(eq=False)
class Knowledge:
    """Every state that a subject may be in, by what was answered."""

    states: dict[str, set[State]]
    open: list[Asked] = field(factory=list)
    """Whose caller has given up: they may be carried out at any time until all is quiet."""

    def loosen(self) -> None:
        for asked in self.open:
            states = self.states[asked.subject]
            self.states[asked.subject] = states | set().union(*map(asked.done, states))

    def apply(self, asked: Asked, step: Step) -> None:
        for _ in range(2):
            self.loosen()
        before = self.states[asked.subject]
        after = set().union(*map(step, before)) if before else set()
        assert after, f"{asked.subject} was {before}: no state explains the answer"
        self.states[asked.subject] = after
