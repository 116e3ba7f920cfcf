"""The routes of faults: have devices fail, end that, and read the ledger."""

from collections.abc import Iterator
from typing import Any

import msgspec
from attrs import frozen
from msgspec import UNSET
from quart import request

from iotmock.actors.ports.ledger_file import Page
from iotmock.actors.routers.fault_router import Injected, known_faults
from iotmock.actors.routers.selector import Selector
from iotmock.actors.system import System
from iotmock.model.faults.entry import FaultEntry
from iotmock.model.faults.fault import Fault, Injection
from iotmock.model.faults.request import FaultRequest, read_moment
from iotmock.model.faults.types import FAULT_TYPES
from iotmock.rest.answers import parameters_schema
from iotmock.rest.http.links import links
from iotmock.rest.intake.checks import check_fault
from iotmock.rest.operation import Answer, Operation
from iotmock.rest.requests import LONGEST_LIST, GroupQuery, LedgerQuery, NewFault, NewFaults

_OF_DEVICE = "/api/v1/devices/<device_id>/faults"
_ALL = "/api/v1/faults"
_OF_ACTORS = (409, 429)


class Refusal(msgspec.Struct, frozen=True):
    """A device that was chosen and can not have the fault, and why."""

    device_id: str
    reason: str


class InjectedFaults(msgspec.Struct, frozen=True):
    """What became of a request for many; `faults` and `refused` list a thousand at most."""

    group: str
    injected: int
    faults: list[FaultEntry]
    refused_total: int
    refused: list[Refusal]

    @classmethod
    def of(cls, injected: Injected) -> "InjectedFaults":
        """Return what a client sees of it."""
        faults, refused = injected.faults[:LONGEST_LIST], injected.refused[:LONGEST_LIST]
        return cls(
            injected.group,
            len(injected.faults),
            [FaultEntry.of(injection, "active") for injection in faults],
            len(injected.refused),
            [Refusal(device_id, reason) for device_id, reason in refused],
        )


class FaultList(msgspec.Struct, frozen=True):
    """Faults by their begin; `total` is how many match in all."""

    faults: list[FaultEntry]
    total: int


class ClearedFaults(msgspec.Struct, frozen=True):
    """How many faults were ended."""

    cleared: int


class FaultTypeInfo(msgspec.Struct, frozen=True):
    """A way to fail; `parameters` is a JSON Schema, `per_day` how often under `realistic`."""

    fault: str
    kind: str
    description: str
    device_type: str | None
    momentary: bool
    per_day: float
    parameters: dict[str, Any]

    @classmethod
    def of(cls, fault: type[Fault]) -> "FaultTypeInfo":
        """Return what a client can know about a fault."""
        parameters = parameters_schema(fault)
        return cls(
            fault.name,
            fault.kind.value,
            parameters.pop("description", ""),
            fault.device_type,
            fault.momentary,
            fault.occurs.per_day,
            parameters,
        )


class FaultTypeList(msgspec.Struct, frozen=True):
    """Every fault that there is."""

    fault_types: list[FaultTypeInfo]


@frozen
class FaultRoutes:
    """How devices fail."""

    system: System

    def operations(self) -> Iterator[Operation]:
        """Yield the rows of the table."""
        inject, inject_many = self.inject_fault, self.inject_faults
        yield Operation("GET", _OF_DEVICE, self.list_device_faults, FaultList)
        yield Operation(
            "POST",
            _OF_DEVICE,
            inject,
            FaultEntry,
            201,
            body=NewFault,
            check=check_fault,
            problems=_OF_ACTORS,
        )
        yield Operation(
            "DELETE", f"{_OF_DEVICE}/<fault_id>", self.clear_fault, None, 204, problems=_OF_ACTORS
        )
        yield Operation("GET", _ALL, self.read_ledger, FaultList, query=LedgerQuery, pages=True)
        yield Operation(
            "POST",
            _ALL,
            inject_many,
            InjectedFaults,
            201,
            body=NewFaults,
            check=check_fault,
            problems=(404,),
        )
        yield Operation("DELETE", _ALL, self.clear_faults, ClearedFaults, query=GroupQuery)
        yield Operation("GET", "/api/v1/fault-types", self.list_fault_types, FaultTypeList)

    async def list_device_faults(self, device_id: str) -> Answer:
        """List the faults of a device that are active, and those that were asked for and wait."""
        device = self.system.supervisor.get(device_id)
        entries = [self._entry(injection) for injection in known_faults(device)]
        return Answer(FaultList(entries, len(entries)))

    async def inject_fault(self, device_id: str, body: NewFault) -> Answer:
        """Have a device fail; a fault of its location takes its neighbours too."""
        request = FaultRequest(body.fault, body.parameters, body.start, body.duration)
        injection = await self.system.faults.inject(device_id, request)
        where = {"Location": f"/api/v1/devices/{device_id}/faults/{injection.fault_id}"}
        return Answer(self._entry(injection), 201, where)

    async def clear_fault(self, device_id: str, fault_id: str) -> Answer:
        """End a fault."""
        await self.system.faults.clear(device_id, fault_id)
        return Answer(status=204)

    async def inject_faults(self, body: NewFaults) -> Answer:
        """Have many devices fail in the same way."""
        request = FaultRequest(body.fault, body.parameters, body.start, body.duration)
        chosen = body.selector
        ids = None if chosen.ids is None else tuple(chosen.ids)
        if chosen.device_type is not None:
            self.system.supervisor.catalogue.get(chosen.device_type)  # refuses an unknown type
        selector = Selector(chosen.device_type, chosen.location, ids, chosen.share, chosen.seed)
        injected = await self.system.faults.inject_where(selector, request)
        return Answer(InjectedFaults.of(injected), 201)

    async def clear_faults(self, query: GroupQuery) -> Answer:
        """End every fault of one request for many devices."""
        return Answer(ClearedFaults(await self.system.faults.clear_group(query.group)))

    async def read_ledger(self, query: LedgerQuery) -> Answer:
        """Read what was wrong on purpose: the faults, and a thousand messages of each."""
        page = Page(
            begin=None if query.begin is UNSET else read_moment("from", query.begin),
            end=None if query.to is UNSET else read_moment("to", query.to),
            device_id=None if query.device_id is UNSET else query.device_id,
            fault=None if query.fault is UNSET else query.fault,
            limit=query.limit,
            offset=query.offset,
        )
        found = FaultList(*await self.system.ledger.find(page))
        return Answer(found, headers=links(request.args, query.limit, query.offset, found.total))

    async def list_fault_types(self) -> Answer:
        """List the ways to fail, with the parameters of each."""
        return Answer(FaultTypeList([FaultTypeInfo.of(kind) for kind in FAULT_TYPES.values()]))

    def _entry(self, injection: Injection) -> FaultEntry:
        begun = injection.begin <= self.system.clock.now()
        return FaultEntry.of(injection, "active" if begun else "scheduled")
