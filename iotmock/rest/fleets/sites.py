"""The routes of sites: fleets by rule, of which each number is a location with a main meter."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal

import msgspec
from attrs import frozen
from msgspec import UNSET, Meta, UnsetType

from iotmock.actors.definitions.draft import GroupDraft, SitesOf
from iotmock.actors.definitions.fleet import Fleet, FleetState
from iotmock.actors.errors import UnknownFleetError
from iotmock.actors.fleets.sites import country_named, groups_of
from iotmock.actors.system import System
from iotmock.model.fleet import MOST_DEVICES
from iotmock.model.quantities import Interval
from iotmock.model.site.places.place import Country
from iotmock.model.site_kinds import KINDS
from iotmock.model.spec import InvalidFieldError
from iotmock.model.timestamp import rfc3339
from iotmock.rest.answers import Timestamp
from iotmock.rest.fleets.types import Counted, FleetName, ReadingWord, Seed, Words
from iotmock.rest.operation import Answer, Operation
from iotmock.rest.problems import Fault
from iotmock.rest.requests import Body
from iotmock.wording.patterns import whole

_ALL = "/api/v1/sites"
_ONE = "/api/v1/sites/<sites>"
KindName = Annotated[
    Literal["home", "office", "factory", "depot", "datacentre"],
    Meta(description="what each of them is"),
]
CountryCode = Annotated[
    str,
    Meta(
        pattern=whole("[A-Za-z]{2}|none"),
        description="ISO 3166, as FR; else SITE_COUNTRY",
        extra={"words": "a code of two letters, as DE, or none"},
    ),
]
CountryRegion = Annotated[
    str, Meta(max_length=60, description="of the country, as BY of DE or CA of US")
]
SiteCount = Annotated[int, Meta(ge=0, le=MOST_DEVICES, description="how many sites")]


class NewSites(Body, frozen=True):
    """Sites to be made; the fridge of the 7th of homes is homes-fridge-000007 at homes-000007."""

    example: ClassVar[dict[str, Any]] = {"name": "homes", "kind": "home", "count": 20}
    name: FleetName
    kind: KindName
    count: SiteCount
    seed: Seed | UnsetType = UNSET
    interval: Interval | UnsetType = UNSET
    dialect: Words | UnsetType = UNSET
    reading: ReadingWord | UnsetType = UNSET
    country: CountryCode | UnsetType = UNSET
    region: CountryRegion | UnsetType = UNSET


class SitesChanges(Body, frozen=True):
    """How many sites there shall be; the last ones go first."""

    example: ClassVar[dict[str, Any]] = {"count": 30}
    count: SiteCount


class SitesInfo(msgspec.Struct, frozen=True):
    """Sites as they stand. `types` is how many devices of each type they have, all together.

    `country` is null where they are where the service has its locations.
    """

    name: str
    kind: str
    state: FleetState
    problem: str | None
    seed: int
    dialect: str | None
    reading: Literal["basic", "full"] | None
    country: str | None
    region: str | None
    created_at: Timestamp
    sites: int
    devices: Counted
    types: dict[str, int]

    @classmethod
    def of(cls, fleet: Fleet) -> "SitesInfo":
        """Return what a client sees of them now."""
        types: dict[str, int] = {}
        for group in fleet.groups.values():
            kind = group.spec.device_type
            types[kind] = types.get(kind, 0) + group.wanted
        return cls(
            fleet.name,
            fleet.kind or "",
            fleet.state,
            fleet.problem,
            fleet.seed,
            fleet.dialect,
            fleet.reading,
            fleet.country.code if fleet.country else None,
            (fleet.country.region or None) if fleet.country else None,
            rfc3339(fleet.created_at),
            max((group.top for group in fleet.groups.values()), default=0),
            Counted(fleet.wanted, fleet.present),
            types,
        )


class SitesList(msgspec.Struct, frozen=True):
    """All sites that were made by rule."""

    sites: list[SitesInfo]
    total: int


@frozen
class SiteRoutes:
    """Sites are made, scaled and taken down in the background: 202, and GET says how far.

    They are fleets and in their list, too.
    """

    system: System

    def operations(self) -> Iterator[Operation]:
        """Yield the rows of the table."""
        yield Operation("GET", _ALL, self.list_sites, SitesList)
        create, scale = self.create_sites, self.scale_sites
        yield Operation(
            "POST", _ALL, create, SitesInfo, 202, body=NewSites, check=self._check, problems=(409,)
        )
        yield Operation("GET", _ONE, self.get_sites, SitesInfo)
        yield Operation("PATCH", _ONE, scale, SitesInfo, 202, body=SitesChanges, problems=(409,))
        yield Operation("DELETE", _ONE, self.delete_sites, SitesInfo, 202)

    def _check(self, given: Mapping[str, Any]) -> Iterator[Fault]:
        name, kind, count = (given.get(field) for field in ("name", "kind", "count"))
        if isinstance(country := given.get("country"), str | None):
            yield from _country_faults(country, given.get("region") or "")
        if isinstance(count, int) and kind in KINDS:
            groups = self._groups(SitesOf(str(kind)), str(name or "sites"), count, None)
            for fault in self.system.fleets.inspection.faults(name, groups):
                yield Fault("count" if fault.field == "groups" else "name", fault.message)

    def _groups(
        self, sites: SitesOf, name: str, count: int, interval: float | None
    ) -> list[GroupDraft]:
        return groups_of(sites, name, count, interval, self.system.supervisor.catalogue)

    def _get(self, name: str) -> Fleet:
        fleet = self.system.fleets.get(name)
        if fleet.kind is None:
            raise UnknownFleetError(name)
        return fleet

    async def list_sites(self) -> Answer:
        """List what sites were made by rule, the oldest first."""
        sites = [SitesInfo.of(fleet) for fleet in self.system.fleets if fleet.kind is not None]
        return Answer(SitesList(sites, len(sites)))

    async def create_sites(self, body: NewSites) -> Answer:
        """Make sites of a kind in the background: locations with devices and a main meter."""
        interval = None if body.interval is UNSET else body.interval
        seed = None if body.seed is UNSET else body.seed
        dialect = None if body.dialect is UNSET else body.dialect
        reading = None if body.reading is UNSET else body.reading
        sites = SitesOf(body.kind, _country_of(body))
        groups = self._groups(sites, body.name, body.count, interval)
        create = self.system.fleets.create
        return _accepted(await create(body.name, groups, seed, dialect, reading, sites))

    async def get_sites(self, sites: str) -> Answer:
        """Get sites, and how far they are."""
        return Answer(SitesInfo.of(self._get(sites)))

    async def scale_sites(self, sites: str, body: SitesChanges) -> Answer:
        """Have more or fewer sites, in the background; the last ones go first."""
        counts = dict.fromkeys(self._get(sites).groups, body.count)
        return _accepted(await self.system.fleets.scale(sites, counts))

    async def delete_sites(self, sites: str) -> Answer:
        """Take sites down, in the background; they are 404 when the last device is gone."""
        self._get(sites)
        return _accepted(await self.system.fleets.remove(sites))


def _country_of(body: NewSites) -> Country | None:
    code = None if body.country is UNSET else body.country
    return country_named(code, "" if body.region is UNSET else body.region)


def _country_faults(code: str | None, region: str) -> Iterator[Fault]:
    try:
        country_named(code, region)
    except InvalidFieldError as error:
        yield Fault(error.field, error.message)


def _accepted(fleet: Fleet) -> Answer:
    return Answer(SitesInfo.of(fleet), 202, {"Location": f"{_ALL}/{fleet.name}"})
