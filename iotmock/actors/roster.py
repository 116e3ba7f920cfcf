"""The groups of all fleets by the prefix of their ids: whose is a device, and what is its rule."""

from collections.abc import Iterator

from attrs import define, field

from iotmock.actors.errors import FleetExistsError, IdReservedError
from iotmock.actors.fleet_file import PunchHole
from iotmock.model.fleet import GroupRecord, GroupSpec, id_of, prefix_of, present, split_id


@define(eq=False)
class Group:
    """A group as it stands: the numbers up to `made` are alive, but for the holes.

    `reached` is the highest number that may ever have lived, and so have a status at the broker.
    """

    fleet: str
    seed: int
    created_at: float
    spec: GroupSpec
    top: int
    reached: int
    holes: set[int]
    made: int = 0

    @classmethod
    def of(cls, fleet: str, seed: int, created_at: float, record: GroupRecord) -> "Group":
        """Return a group of which nothing has been made yet."""
        holes = set(record.holes)
        return cls(fleet, seed, created_at, record.spec, record.top, record.reached, holes)

    @property
    def prefix(self) -> str:
        """What its devices' ids begin with."""
        return prefix_of(self.fleet, self.spec.name)

    @property
    def wanted(self) -> int:
        """How many devices there should be."""
        return self.top - len(self.holes)

    @property
    def present(self) -> int:
        """How many devices there are."""
        return present(self.made, self.holes)

    @property
    def stands(self) -> bool:
        """Whether it is as it should be."""
        return self.made == self.top and self.reached <= self.top

    def id_of(self, number: int) -> str:
        """Return the id of a number."""
        return id_of(self.prefix, number)

    def record(self) -> GroupRecord:
        """Return what the registry keeps."""
        reached = max(self.reached, self.made, self.top)
        return GroupRecord(self.spec, self.top, reached, frozenset(self.holes))

    def take_up(self, top: int) -> None:
        """Want the numbers up to `top`; the devices come and go later."""
        self.top = top
        self.holes = {number for number in self.holes if number <= top}


@define(eq=False)
class Roster:
    """Which group an id belongs to. Two groups never have a prefix in common."""

    _groups: dict[str, Group] = field(factory=dict)

    def __iter__(self) -> Iterator[Group]:
        return iter(self._groups.values())

    def add(self, group: Group) -> None:
        """Take up a group."""
        self._groups[group.prefix] = group

    def remove(self, group: Group) -> None:
        """Forget a group."""
        del self._groups[group.prefix]

    def place(self, device_id: str) -> tuple[Group, int] | None:
        """Return the group and the number of an id that a fleet's rule makes; else None."""
        parts = split_id(device_id)
        group = self._groups.get(parts[0]) if parts else None
        return (group, parts[1]) if group and parts else None

    def seed_for(self, device_id: str) -> int | None:
        """Return the seed of the device's fleet, if it is of one."""
        place = self.place(device_id)
        return place[0].seed if place else None

    def refuse_prefix(self, prefix: str) -> None:
        """Refuse a prefix that a group has.

        Raises:
            FleetExistsError: its ids are taken.
        """
        if prefix in self._groups:
            fleet = self._groups[prefix].fleet
            raise FleetExistsError(f"the ids {prefix}-… are those of fleet {fleet!r}")

    def refuse_id(self, device_id: str) -> None:
        """Refuse an id that a fleet makes devices of.

        Raises:
            IdReservedError: it does.
        """
        if place := self.place(device_id):
            raise IdReservedError(device_id, place[0].fleet)

    def punch(self, device_id: str) -> tuple[PunchHole, ...]:
        """Want this device no more; return what the registry must be told, if it is of a fleet."""
        place = self.place(device_id)
        if place is None or place[1] > place[0].top:
            return ()
        group, number = place
        group.holes.add(number)
        return (PunchHole(group.fleet, group.spec.name, number),)

    def mend(self, device_id: str) -> None:
        """Want this device again: it could not be deleted."""
        if place := self.place(device_id):
            place[0].holes.discard(place[1])
