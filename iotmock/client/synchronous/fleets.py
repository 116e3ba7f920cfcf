"""Fleets: devices by rule, by the thousand."""

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from msgspec import UNSET, UnsetType

from iotmock.client.answers.fleets import FleetInfo, FleetList
from iotmock.client.asked import NewGroup
from iotmock.client.request import given, key
from iotmock.client.synchronous.asking import Asking


def _path(fleet: str) -> str:
    return f"api/v1/fleets/{quote(fleet, safe='')}"


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
        seed: int | UnsetType = UNSET,
        dialect: str | UnsetType = UNSET,
        idempotency_key: str | None = None,
    ) -> FleetInfo:
        """Make a fleet; a group is {"device_type": "hvac", "count": 100, …}."""
        body = given(name=name, groups=groups, seed=seed, dialect=dialect)
        headers = key(idempotency_key)
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
