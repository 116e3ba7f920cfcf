"""From what a client asks for to a fleet's definition, with everything that is wrong at once."""

from collections.abc import Iterator, Sequence
from math import ceil, inf, prod

from attrs import evolve, frozen

from iotmock.model.family import Catalogue, UnknownDeviceTypeError, UnknownProfileError
from iotmock.model.fleet import (
    MOST_SPREAD,
    GroupRecord,
    GroupSpec,
    group_name,
    is_name,
    prefix_fits,
    prefix_of,
)
from iotmock.model.site.places.place import Country
from iotmock.model.spec import POWER_KW, InvalidFieldError


class InvalidFleetError(ValueError):
    """What is wrong with a fleet, each with the path of its field."""

    def __init__(self, faults: Sequence[InvalidFieldError]) -> None:
        super().__init__("; ".join(str(fault) for fault in faults))
        self.faults = faults


@frozen
class SitesOf:
    """What sites are, and where; without a country they are where the service has its locations."""

    kind: str
    country: Country | None = None


@frozen
class GroupDraft:
    """A group as it is asked for. None is the default, or was no value at all."""

    device_type: str | None
    count: int | None
    name: str | None = None
    profile: str | None = None
    location: str = ""
    interval: float | None = None
    base_power: float | None = None
    base_power_spread: float = 0.0
    base_voltage: float | None = None
    name_is_known: bool = True
    """False where it was not readable, and none must be made up."""
    site: str = ""
    draws: tuple[tuple[str, float], ...] = ()
    """See `GroupSpec`."""

    @property
    def own_name(self) -> str | None:
        """The name, or the one that follows from type and profile."""
        if self.name is not None or self.device_type is None or not self.name_is_known:
            return self.name
        return group_name(self.device_type, self.profile)

    @property
    def expected(self) -> int:
        """How many devices that will be, about."""
        return ceil((self.count or 0) * prod(share for _, share in self.draws))

    def record(self, catalogue: Catalogue) -> GroupRecord:
        """Return the definition; the draft has no faults."""
        kind = catalogue.get(self.device_type or "")
        profile, count = kind.profile(self.profile), self.count or 0
        spec = GroupSpec(
            self.own_name or "",
            kind.device_type,
            profile.base_power if self.base_power is None else self.base_power,
            profile.base_voltage if self.base_voltage is None else self.base_voltage,
            self.profile,
            self.location,
            self.interval,
            self.base_power_spread,
            self.site,
            self.draws,
        )
        return GroupRecord(spec, count, 0)


BYTES_A_DEVICE = 7_500
"""Resident memory that a device of a big fleet costs, measured with 100,000."""


@frozen
class Inspection:
    """Looks a fleet over.

    `room` is how many more devices the service takes, `memory` how many bytes there are for them.
    """

    catalogue: Catalogue
    room: int
    memory: float = inf

    def faults(
        self, fleet: str | None, groups: Sequence[GroupDraft]
    ) -> Iterator[InvalidFieldError]:
        """Yield what is wrong."""
        if fleet is not None and not is_name(fleet):
            yield InvalidFieldError("name", "must be 1 to 54 of A-Z a-z 0-9 _ . -")
        if not groups:
            yield InvalidFieldError("groups", "must have one group or more")
        names: set[str] = set()
        for place, group in enumerate(groups):
            for fault in self._of_group(fleet, group, names):
                yield InvalidFieldError(f"groups[{place}].{fault.field}", fault.message)
        yield from self.too_many(sum(group.expected for group in groups))

    def too_many(self, more: int) -> Iterator[InvalidFieldError]:
        """Yield a fault if there is no room for so many more."""
        if more > self.room:
            message = f"{more:,} devices are too many: there is room for {self.room:,} more"
            yield InvalidFieldError("groups", message)
        elif more * BYTES_A_DEVICE > self.memory:
            needed, left = more * BYTES_A_DEVICE / 1e6, self.memory / 1e6
            message = (
                f"{more:,} devices need about {needed:,.0f} MB and {left:,.0f} MB of memory are "
                "left; ask for fewer, or give the service more"
            )
            yield InvalidFieldError("groups", message)

    def _of_group(
        self, fleet: str | None, group: GroupDraft, names: set[str]
    ) -> Iterator[InvalidFieldError]:
        if group.name is not None or group.device_type in self.catalogue.names:
            yield from self._of_name(fleet, group.own_name, names)
        if group.device_type is not None:
            yield from self._of_type(group, group.device_type)

    def _of_name(
        self, fleet: str | None, name: str | None, names: set[str]
    ) -> Iterator[InvalidFieldError]:
        if name is None:
            return
        if not is_name(name):
            yield InvalidFieldError("name", "must be 1 to 54 of A-Z a-z 0-9 _ . -")
        elif fleet is not None and not prefix_fits(prefix_of(fleet, name)):
            message = "and the fleet's name are too long together: at most 55 characters"
            yield InvalidFieldError("name", message)
        if name in names:
            yield InvalidFieldError(
                "name", f"{name!r} is the name of an earlier group; give another"
            )
        names.add(name)

    def _of_type(self, group: GroupDraft, device_type: str) -> Iterator[InvalidFieldError]:
        try:
            self.catalogue.get(device_type).profile(group.profile)
            spec = group.record(self.catalogue).spec
            evolve(spec, base_power_spread=0.0).device("any", 0)  # refuses what no device may be
        except UnknownDeviceTypeError as error:
            yield InvalidFieldError("device_type", str(error))
        except UnknownProfileError as error:
            yield InvalidFieldError("profile", str(error))
        except InvalidFieldError as error:
            yield error
        else:
            yield from self._of_spread(spec)

    def _of_spread(self, spec: GroupSpec) -> Iterator[InvalidFieldError]:
        base, spread = spec.base_power, spec.base_power_spread
        if not 0.0 <= spread <= MOST_SPREAD:
            yield InvalidFieldError("base_power_spread", f"must be from 0 to {MOST_SPREAD:g}")
        elif base * (1.0 - spread) < POWER_KW[0] or base * (1.0 + spread) > POWER_KW[1]:
            limits = f"{POWER_KW[0]:g} to {POWER_KW[1]:g} kW"
            yield InvalidFieldError("base_power_spread", f"some devices would be beyond {limits}")
