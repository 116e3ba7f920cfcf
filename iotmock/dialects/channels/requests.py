"""Commands as types, one for each: what a client sends as iotmock has it."""

from collections.abc import Iterable, Sequence
from functools import cache, reduce
from operator import or_
from typing import Any

import msgspec

from iotmock.model.commands import Command
from iotmock.model.device import Device

_VALUES = {"fault": "stuck"}
"""What stands in an example for a text that is not any text."""


def requests_of(devices: Iterable[Device]) -> list[type[msgspec.Struct]]:
    """Return the type of each request that some device understands."""
    known = {name: one for device in devices for name, one in device.kind.commands.items()}
    return [_request(command) for command in known.values()]


def any_of(types: Sequence[Any]) -> Any:
    """Return what is one of these types."""
    return reduce(or_, types)


@cache
def _request(command: type[Command]) -> type[msgspec.Struct]:
    needed = any(one.required for one in msgspec.structs.fields(command))
    parameters: Any = ("parameters", command)
    if not needed:
        parameters = ("parameters", command, msgspec.field(default_factory=command))
    fields = [parameters, ("id", str | None, None)]
    if not needed:
        fields.reverse()
    return msgspec.defstruct(
        f"{command.__name__}Request",
        fields,
        tag_field="command",
        tag=command.name,
        forbid_unknown_fields=True,
        namespace={"__doc__": command.__doc__},
    )


def example_of(request: type[msgspec.Struct]) -> bytes:
    """Return a request that a device would carry out."""
    components = msgspec.json.schema(request)["$defs"]
    content = _example(components[request.__name__], components)
    return msgspec.json.encode({**content, "id": "42"})


def _example(schema: dict[str, Any], components: dict[str, Any]) -> Any:
    match schema:
        case {"$ref": where}:
            return _example(components[where.rpartition("/")[2]], components)
        case {"enum": [first, *_]}:
            return first
        case {"type": "object", "properties": properties}:
            return {
                name: _VALUES.get(name) or _example(properties[name], components)
                for name in schema.get("required", ())
            }
        case {"type": "number" | "integer"}:
            return max(schema.get("minimum", 0), min(20, schema.get("maximum", 20)))
        case {"type": "boolean"}:
            return True
    return ""
