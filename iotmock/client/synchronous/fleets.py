"""Fleets and sites: devices by rule, by the thousand."""

from collections.abc import Mapping, Sequence
from typing import Unpack
from urllib.parse import quote

from iotmock.client.answers.fleets import (
    FleetInfo,
    FleetList,
    LocationList,
    SitesInfo,
    SitesList,
)
from iotmock.client.asked import FleetFields, NewGroup, SitesFields
from iotmock.client.request import key
from iotmock.client.synchronous.asking import Asking


def _path(fleet: str) -> str:
    return f"api/v1/fleets/{quote(fleet, safe='')}"


def _sites(sites: str) -> str:
    return f"api/v1/sites/{quote(sites, safe='')}"


class Fleets(Asking):
    """The service answers at once and goes on; `state` is `ready` when all devices are there."""

    def list_fleets(self) -> FleetList:
        """Return every fleet."""
        return self.ask("GET", "api/v1/fleets", FleetList)

    def create_fleet(
        self,
        name: str,
        groups: Sequence[NewGroup],
        *,
        idempotency_key: str | None = None,
        **fields: Unpack[FleetFields],
    ) -> FleetInfo:
        """Make a fleet; a group is {"device_type": "hvac", "count": 100, …}."""
        body, headers = {"name": name, "groups": groups, **fields}, key(idempotency_key)
        return self.ask("POST", "api/v1/fleets", FleetInfo, body=body, headers=headers)

    def get_fleet(self, fleet: str) -> FleetInfo:
        """Return a fleet."""
        return self.ask("GET", _path(fleet), FleetInfo)

    def scale_fleet(self, fleet: str, groups: Mapping[str, int]) -> FleetInfo:
        """Say how many devices each group should have."""
        return self.ask("PATCH", _path(fleet), FleetInfo, body={"groups": groups})

    def delete_fleet(self, fleet: str) -> FleetInfo:
        """Take a fleet away."""
        return self.ask("DELETE", _path(fleet), FleetInfo)

    def list_sites(self) -> SitesList:
        """Return what sites were made by rule."""
        return self.ask("GET", "api/v1/sites", SitesList)

    def create_sites(
        self,
        name: str,
        kind: str,
        count: int,
        *,
        idempotency_key: str | None = None,
        **fields: Unpack[SitesFields],
    ) -> SitesInfo:
        """Make sites: home, office, factory, depot or datacentre, each with a main meter."""
        body = {"name": name, "kind": kind, "count": count, **fields}
        headers = key(idempotency_key)
        return self.ask("POST", "api/v1/sites", SitesInfo, body=body, headers=headers)

    def get_sites(self, sites: str) -> SitesInfo:
        """Return sites."""
        return self.ask("GET", _sites(sites), SitesInfo)

    def scale_sites(self, sites: str, count: int) -> SitesInfo:
        """Say how many sites there should be."""
        return self.ask("PATCH", _sites(sites), SitesInfo, body={"count": count})

    def delete_sites(self, sites: str) -> SitesInfo:
        """Take sites away."""
        return self.ask("DELETE", _sites(sites), SitesInfo)

    def list_locations(
        self, *, limit: int = 100, offset: int = 0, name: str | None = None
    ) -> LocationList:
        """Return locations that have a main meter, those with `name` in theirs."""
        query = {"limit": limit, "offset": offset, "name": name}
        return self.ask("GET", "api/v1/locations", LocationList, query=query)
