"""The routes of fleets."""

from collections.abc import Iterator, Mapping
from typing import Any

from attrs import frozen
from msgspec import UNSET

from iotmock.actors.definitions.fleet import Fleet
from iotmock.actors.system import System
from iotmock.rest.fleets.types import FleetChanges, FleetInfo, FleetList, NewFleet, draft_of
from iotmock.rest.operation import Answer, Operation
from iotmock.rest.problems import Fault

_ALL = "/api/v1/fleets"
_ONE = "/api/v1/fleets/<fleet>"


@frozen
class FleetRoutes:
    """Fleets are made, scaled and taken down in the background: 202, and GET says how far."""

    system: System

    def operations(self) -> Iterator[Operation]:
        """Yield the rows of the table."""
        yield Operation("GET", _ALL, self.list_fleets, FleetList)
        create = self.create_fleet
        yield Operation(
            "POST", _ALL, create, FleetInfo, 202, body=NewFleet, check=self._check, problems=(409,)
        )
        yield Operation("GET", _ONE, self.get_fleet, FleetInfo)
        yield Operation(
            "PATCH", _ONE, self.scale_fleet, FleetInfo, 202, body=FleetChanges, problems=(409,)
        )
        yield Operation("DELETE", _ONE, self.delete_fleet, FleetInfo, 202)

    def _check(self, given: Mapping[str, Any]) -> Iterator[Fault]:
        # With the faults of single fields, so that a client hears of everything at once.
        if "groups" in given:
            groups = [draft_of(group) for group in given["groups"]]
            for fault in self.system.fleets.inspection.faults(given.get("name"), groups):
                yield Fault(fault.field, fault.message)

    async def list_fleets(self) -> Answer:
        """List the fleets, the oldest first."""
        fleets = [FleetInfo.of(fleet) for fleet in self.system.fleets]
        return Answer(FleetList(fleets, len(fleets)))

    async def create_fleet(self, body: NewFleet) -> Answer:
        """Make a fleet of up to 1,000,000 devices, in the background."""
        groups = [draft_of(group) for group in body.groups]
        seed = None if body.seed is UNSET else body.seed
        dialect = None if body.dialect is UNSET else body.dialect
        reading = None if body.reading is UNSET else body.reading
        create = self.system.fleets.create
        return _accepted(await create(body.name, groups, seed, dialect, reading))

    async def get_fleet(self, fleet: str) -> Answer:
        """Get a fleet, and how far it is."""
        return Answer(FleetInfo.of(self.system.fleets.get(fleet)))

    async def scale_fleet(self, fleet: str, body: FleetChanges) -> Answer:
        """Scale groups up or down, in the background; the last devices go first."""
        return _accepted(await self.system.fleets.scale(fleet, body.groups))

    async def delete_fleet(self, fleet: str) -> Answer:
        """Take a fleet down, in the background; it is 404 when its last device is gone."""
        return _accepted(await self.system.fleets.remove(fleet))


def _accepted(fleet: Fleet) -> Answer:
    return Answer(FleetInfo.of(fleet), 202, {"Location": f"{_ALL}/{fleet.name}"})
