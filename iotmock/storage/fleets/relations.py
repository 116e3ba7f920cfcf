"""What the rows of fleets say of each other: holes and counters are of groups that there are."""

from collections.abc import Iterable
from typing import Any

from attrs import frozen

from iotmock.actors.definitions.file import BLOCK, BlockKey
from iotmock.model.fleet import MOST_DEVICES, FleetRecord, GroupRecord, prefix_of
from iotmock.storage.rows import RecordError, require

_MOST = 1.1 * MOST_DEVICES
"""Of sites, not each has every device: by lot it can be some more than the shares say."""


def check_prefixes(fleets: Iterable[FleetRecord]) -> None:
    """See to it that no two groups make the same ids: fleet a-b, group c, and fleet a, group b-c.

    Raises:
        RecordError: two do.
    """
    owners: dict[str, str] = {}
    for fleet in fleets:
        for group in fleet.groups:
            prefix = prefix_of(fleet.name, group.spec.name)
            owner = owners.setdefault(prefix, fleet.name)
            if owner != fleet.name:
                raise RecordError(
                    f"fleet {fleet.name!r}: group: {group.spec.name!r} makes the ids {prefix}-…, "
                    f"as fleet {owner!r} does"
                )


def check_size(fleets: Iterable[FleetRecord]) -> None:
    """See to it that fleets are of no more devices than a service has ever had room for.

    Raises:
        RecordError: a start would take all memory; with the fleet that is too much.
    """
    wanted = 0.0
    for fleet in fleets:
        wanted += sum(group.wanted * group.spec.share for group in fleet.groups)
        if wanted > _MOST:
            raise RecordError(
                f"fleet {fleet.name!r}: top: fleets must be of {MOST_DEVICES:,} devices together, "
                f"not {wanted:,.0f}"
            )


@frozen
class GroupsOfFile:
    """The groups of all fleets of a file, by the names of both."""

    groups: dict[tuple[str, str], GroupRecord]

    @classmethod
    def of(cls, fleets: Iterable[FleetRecord]) -> "GroupsOfFile":
        """Gather them."""
        pairs = ((fleet.name, group) for fleet in fleets for group in fleet.groups)
        return cls({(name, group.spec.name): group for name, group in pairs})

    def check_hole(self, fleet: Any, group: Any, number: Any) -> None:
        """See to it that a device that was deleted is one that there would be.

        Raises:
            InvalidFieldError: it would come back, as nobody is kept away by this row.
        """
        found = self.groups.get((fleet, group))
        require(found is not None, "fleet_group", "a group of a fleet that there is", group)
        top = found.top if found else 0
        fits = isinstance(number, int) and 1 <= number <= top
        require(fits, "number", f"a whole number from 1 to {top}", number)

    def check_block(self, key: BlockKey, devices: int) -> None:
        """See to it that counters are of devices that may have lived.

        Raises:
            InvalidFieldError: they would be dropped, or nobody can read them.
        """
        number = key.number
        require(isinstance(number, int) and number >= 0, "block", "a whole number", number)
        if not devices:  # left by a fleet that was gone before its first device came
            return
        found = self.groups.get((key.fleet, key.group))
        require(found is not None, "fleet_group", "a group of a fleet that there is", key.group)
        reached = max(found.top, found.reached) if found else 0
        require(number * BLOCK < reached, "block", f"of the first {reached} devices", number)
