"""RPC: what the platform asks of a device, and what it is answered."""

from collections.abc import Mapping
from typing import Any

import msgspec
from attrs import frozen

from iotmock.actors.messages import CommandResult
from iotmock.model.commands import Command
from iotmock.wording.no_json import NO_JSON


class _Data(msgspec.Struct, frozen=True):
    id: int
    method: str
    params: Any = None


class _Request(msgspec.Struct, frozen=True):
    """An answer has no `method`, so that our own, which a usual broker brings back, is none."""

    device: str
    data: _Data


@frozen
class Call:
    """A command for a device; `number` is what the platform finds its answer by."""

    device_id: str
    number: int
    request: bytes


def read(payload: bytes, known: Mapping[str, type[Command]]) -> Call | None:
    """Return what is asked for; None: it is no request.

    A bare value, as widgets send it, is the only parameter of a command that has one.
    """
    try:
        found = msgspec.json.decode(payload, type=_Request)
        return _call(found, known)
    except NO_JSON:
        return None


def _call(found: _Request, known: Mapping[str, type[Command]]) -> Call:
    data, params = found.data, found.data.params
    command = known.get(data.method)
    if command is not None and params is not None and not isinstance(params, dict):
        names = command.given()
        params = {names[0]: params} if len(names) == 1 else {}
    content = {"command": data.method, "parameters": params or {}}
    return Call(found.device, data.id, msgspec.json.encode(content))


def answer(number: int, result: CommandResult) -> bytes:
    """Return what says what became of a command."""
    data: dict[str, Any] = {"success": result.status == "applied"}
    if result.reason is not None:
        data["error"] = result.reason
    return msgspec.json.encode({"device": result.device_id, "id": number, "data": data})
