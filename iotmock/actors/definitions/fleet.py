"""A fleet as it stands: its groups, what is wanted of it, how far that is."""

from collections.abc import Mapping
from typing import Literal

import trio
from attrs import define, evolve, field

from iotmock.actors.definitions.roster import Group
from iotmock.actors.turns import Turns
from iotmock.model.fleet import FleetRecord
from iotmock.model.measures.full_meters import ReadingKind
from iotmock.model.site.places.place import Country

FleetState = Literal["creating", "ready", "scaling", "deleting", "failed"]


@define(eq=False)
class Fleet:
    """A fleet. Its own task brings about what is wanted; whoever changes that sets `changed`."""

    name: str
    seed: int
    created_at: float
    groups: dict[str, Group]
    deleting: bool = False
    stood: bool = False
    """Whether it has been complete in this life."""
    problem: str | None = None
    """Why it can not be brought about."""
    changed: trio.Event = field(factory=trio.Event)
    turns: Turns = field(factory=Turns)
    """Its definition is saved alone: no device of it is being deleted meanwhile."""
    dialect: str | None = None
    kind: str | None = None
    """Of sites: what each is."""
    country: Country | None = None
    """Of sites: where they are; None is where all others are."""
    reading: ReadingKind | None = None
    """Of its devices; None is the service's."""

    @classmethod
    def of(cls, record: FleetRecord) -> "Fleet":
        """Return a fleet of which nothing has been made yet."""
        name, seed, at = record.name, record.seed, record.created_at
        turns, words, kind = Turns(), record.dialect, record.reading
        groups = {
            group.spec.name: Group.of(name, seed, at, group, turns, words, kind)
            for group in record.groups
        }
        fleet = cls(name, seed, at, groups, record.deleting, turns=turns)
        fleet.dialect, fleet.reading, fleet.kind = words, kind, record.kind
        fleet.country = record.country
        return fleet

    @property
    def state(self) -> FleetState:
        """What it is doing."""
        if self.problem is not None:
            return "failed"
        if self.deleting:
            return "deleting"
        if all(group.stands for group in self.groups.values()):
            return "ready"
        return "scaling" if self.stood else "creating"

    @property
    def wanted(self) -> int:
        """How many devices there should be."""
        return sum(group.wanted for group in self.groups.values())

    @property
    def present(self) -> int:
        """How many devices there are."""
        return sum(group.present for group in self.groups.values())

    def take_up(self, record: FleetRecord) -> None:
        """Want what is saved."""
        self.deleting = record.deleting
        for group in record.groups:
            self.groups[group.spec.name].take_up(group)
        self.changed.set()

    def scaled(self, counts: Mapping[str, int]) -> FleetRecord:
        """Return its record with other numbers of devices in the groups that are named."""
        groups = tuple(
            group.scaled(counts[name]) if name in counts else group.record()
            for name, group in self.groups.items()
        )
        return evolve(self.record(), groups=groups)

    def record(self) -> FleetRecord:
        """Return what the registry keeps."""
        groups = tuple(group.record() for group in self.groups.values())
        about = self.name, self.seed, self.created_at
        words = self.deleting, self.dialect, self.reading
        return FleetRecord(*about, groups, *words, self.kind, self.country)
