"""The route of locations: all that have a main meter, and how they are."""

from collections.abc import Iterator
from itertools import islice
from typing import Annotated

import msgspec
from attrs import frozen
from msgspec import UNSET, Meta, UnsetType
from quart import request

from iotmock.actors.system import System
from iotmock.model.site.site import Site
from iotmock.model.spec import LOCATION_LENGTH
from iotmock.rest.http.links import links
from iotmock.rest.operation import Answer, Operation
from iotmock.rest.requests import LAST_OFFSET, LONGEST_LIST

_Found = tuple[str, Site, str]
"""A location, its site, its main meter."""


class LocationQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which locations to list."""

    limit: Annotated[int, Meta(ge=1, le=LONGEST_LIST, description="how many at most")] = 100
    offset: Annotated[int, Meta(ge=0, le=LAST_OFFSET, description="how many to skip")] = 0
    name: (
        Annotated[
            str, Meta(max_length=LOCATION_LENGTH, description="those with this in their name")
        ]
        | UnsetType
    ) = UNSET


class Location(msgspec.Struct, frozen=True):
    """A location as it stands. `power` is what its main meter shows, kW, negative: it feeds in.

    `black_out`: its grid is away. `island`: and a battery feeds what is on its side.
    """

    location: str
    devices: int
    meter: str
    power: float
    black_out: bool
    island: bool


class LocationList(msgspec.Struct, frozen=True):
    """Some of all locations that have a main meter; `total` is how many there are."""

    locations: list[Location]
    total: int


@frozen
class LocationRoutes:
    """Locations, a page at a time."""

    system: System

    def operations(self) -> Iterator[Operation]:
        """Yield the row of the table."""
        path, answer = "/api/v1/locations", LocationList
        yield Operation("GET", path, self.list_locations, answer, query=LocationQuery, pages=True)

    async def list_locations(self, query: LocationQuery) -> Answer:
        """List the locations that have a main meter, the oldest first."""
        found = list(self._found("" if query.name is UNSET else query.name))
        page = islice(found, query.offset, query.offset + query.limit)
        where = links(request.args, query.limit, query.offset, len(found))
        answer = LocationList([self._location(*one) for one in page], len(found))
        return Answer(answer, headers=where)

    def _found(self, name: str) -> Iterator[_Found]:
        by_id = self.system.supervisor.children.by_id
        for location, site in self.system.supervisor.sites.metered():
            meter = site.leading_meter
            if meter in by_id and name in location:
                yield location, site, meter

    def _location(self, name: str, site: Site, meter: str) -> Location:
        shown_kw = self.system.supervisor.get(meter).model.meter.shown_kw
        island = site.island
        return Location(
            name, len(site.loads), meter, shown_kw, island.dark, island.dark and island.up
        )
