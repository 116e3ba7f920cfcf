"""The groups of all fleets by the prefix of their ids: whose is a device, and what is its rule."""

from collections.abc import Iterator

from attrs import define, field

from iotmock.actors.definitions.file import PunchHole
from iotmock.actors.errors import FleetExistsError, IdReservedError
from iotmock.actors.turns import Turns
from iotmock.model.fleet import (
    MOST_DEVICES,
    GroupRecord,
    GroupSpec,
    id_of,
    prefix_of,
    present,
    split_id,
)
from iotmock.model.measures.full_meters import ReadingKind


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
    turns: Turns = field(factory=Turns)
    """Those of its fleet: devices are deleted beside each other, definitions change alone."""
    made: int = 0
    gone: set[int] = field(factory=set)
    """Deleted singly beyond `top`, where the others have yet to be taken down."""
    dialect: str | None = None
    reading: ReadingKind | None = None
    """Those of its fleet; None is the service's."""
    _stand: bytearray = field(factory=bytearray, repr=False)
    """Of sites: by number, whether the site has one; as far as somebody has asked."""

    @classmethod
    def of(
        cls,
        fleet: str,
        seed: int,
        created_at: float,
        record: GroupRecord,
        turns: Turns,
        dialect: str | None = None,
        reading: ReadingKind | None = None,
    ) -> "Group":
        """Return a group of which nothing has been made yet."""
        spec, top, reached, holes = record.spec, record.top, record.reached, set(record.holes)
        group = cls(fleet, seed, created_at, spec, top, reached, holes, turns)
        group.dialect, group.reading = dialect, reading
        return group

    @property
    def prefix(self) -> str:
        """What its devices' ids begin with."""
        return prefix_of(self.fleet, self.spec.name)

    @property
    def wanted(self) -> int:
        """How many devices there should be."""
        return self._standing(self.top) - len(self.holes)

    @property
    def present(self) -> int:
        """How many devices there are."""
        missing = self.made - present(self.made, self.holes | self.gone)
        return self._standing(self.made) - missing

    def has(self, number: int) -> bool:
        """Say whether there is to be a device of this number."""
        return self.stands_at(number) and number not in self.holes

    def stands_at(self, number: int) -> bool:
        """Say whether the rule makes a device of this number; of sites, not each has one."""
        return not self.spec.draws or self.spec.stands_at(number, self.seed)

    def _standing(self, top: int) -> int:
        if not self.spec.draws:
            return top
        while len(self._stand) < top:
            self._stand.append(self.spec.stands_at(len(self._stand) + 1, self.seed))
        return self._stand.count(True, 0, top)

    @property
    def stands(self) -> bool:
        """Whether it is as it should be."""
        return self.made == self.top and self.reached <= self.top

    def id_of(self, number: int) -> str:
        """Return the id of a number."""
        return id_of(self.prefix, number)

    def record(self) -> GroupRecord:
        """Return what the registry keeps."""
        return GroupRecord(self.spec, self.top, self._reached, frozenset(self.holes))

    def scaled(self, count: int) -> GroupRecord:
        """Return the record of the group with `count` devices; see `GroupRecord.scaled`."""
        every = frozenset(self.holes | self.gone)
        return GroupRecord(self.spec, self.top, self._reached, every).scaled(count)

    @property
    def _reached(self) -> int:
        return max(self.reached, self.made, self.top)

    def take_up(self, record: GroupRecord) -> None:
        """Want what is saved; the devices come and go later."""
        alive = {number for number in self.holes | self.gone if number <= self.made}
        self.top, self.holes = record.top, set(record.holes)
        self.gone = {number for number in alive if number > record.top}


@define(eq=False)
class Roster:
    """Which group an id belongs to. Two groups never have a prefix in common."""

    most: int = MOST_DEVICES
    """How many devices there may be, in fleets and single ones together."""
    _groups: dict[str, Group] = field(factory=dict)

    @property
    def taken(self) -> int:
        """How many devices the groups have, or want to have."""
        return sum(max(group.wanted, group.present) for group in self)

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

    def dialect_of(self, device_id: str) -> str | None:
        """Return the words of the device's fleet, if it has its own."""
        place = self.place(device_id)
        return place[0].dialect if place else None

    def reading_of(self, device_id: str) -> ReadingKind | None:
        """Return what the readings of the device's fleet are, if it says so."""
        place = self.place(device_id)
        return place[0].reading if place else None

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
        if place is None:
            return ()
        group, number = place
        if number > group.top:  # the file has it no more; but the group may grow again meanwhile
            group.gone.add(number)
            return ()
        group.holes.add(number)
        return (PunchHole(group.fleet, group.spec.name, number),)

    def mend(self, device_id: str) -> None:
        """Want this device again: it could not be deleted."""
        if place := self.place(device_id):
            place[0].holes.discard(place[1])
            place[0].gone.discard(place[1])
