"""Faults: what can go wrong, what does, and when it did."""

from typing import Any, Literal

import msgspec

from iotmock.client.answers.many import Failure


class AffectedMessage(msgspec.Struct, frozen=True):
    """A message that a fault changed, held back or sent again."""

    timestamp: str
    time: str
    effect: str


class FaultEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A fault of one device; without `end` it stays until it is cleared."""

    fault_id: str
    device_id: str
    fault: str
    kind: str
    parameters: dict[str, Any]
    begin: str
    end: str | None
    state: Literal["active", "ended", "scheduled"]
    cause: str
    group: str | None = None
    affected: int = 0
    messages: list[AffectedMessage] = []


class FaultList(msgspec.Struct, frozen=True):
    """Faults, oldest first; `total` is how many match in all."""

    faults: list[FaultEntry]
    total: int = 0


class InjectedFaults(msgspec.Struct, frozen=True):
    """What became of a fault for many; `group` ends them together. The lists hold a thousand."""

    group: str
    injected: int
    faults: list[FaultEntry]
    refused_total: int
    refused: list[Failure]


class ClearedFaults(msgspec.Struct, frozen=True):
    """How many faults were ended."""

    cleared: int


class FaultTypeInfo(msgspec.Struct, frozen=True):
    """What can go wrong; `parameters` is a JSON Schema."""

    fault: str
    kind: str
    description: str
    device_type: str | None
    momentary: bool
    per_day: float
    parameters: dict[str, Any]


class FaultTypeList(msgspec.Struct, frozen=True):
    """Every type of fault."""

    fault_types: list[FaultTypeInfo]
