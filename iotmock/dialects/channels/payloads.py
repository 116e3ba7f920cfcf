"""What payloads look like, from examples of them: their content type, their JSON Schema."""

from base64 import b64encode
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import msgspec

from iotmock.actors.ports.channel import BINARY, JSON, TEXT

Json = dict[str, Any]
_TYPES = {type(None): "null", bool: "boolean", int: "number", float: "number", str: "string"}


def content_type_of(examples: Sequence[bytes]) -> str:
    """Return what payloads are: JSON objects and lists, texts, or bytes."""
    with suppress(msgspec.DecodeError, UnicodeDecodeError):
        if all(isinstance(msgspec.json.decode(one), dict | list) for one in examples):
            return JSON
    try:
        for one in examples:
            one.decode()
    except UnicodeDecodeError:
        return BINARY
    return TEXT


def value_of(payload: bytes, content_type: str) -> Any:
    """Return a payload as JSON can have it: its content, its text, or its bytes in Base64."""
    if content_type == JSON:
        return msgspec.json.decode(payload)
    return payload.decode() if is_text(content_type) else b64encode(payload).decode()


def text_of(payload: bytes) -> str:
    """Return a payload as a text, in Base64 if it is none."""
    return str(value_of(payload, BINARY if content_type_of([payload]) == BINARY else TEXT))


def is_text(content_type: str) -> bool:
    """Say whether payloads are texts."""
    return content_type.startswith("text/")


def schema_of(values: Sequence[Any], content_type: str) -> Json:
    """Return what values have in common; required is what all of them have."""
    if content_type == JSON:
        return _common(values)
    coded = {} if is_text(content_type) else {"contentEncoding": "base64"}
    return {"type": "string", **coded}


def _common(values: Sequence[Any]) -> Json:
    if values and all(isinstance(value, dict) for value in values):
        return _common_object(values)
    if values and all(isinstance(value, list) for value in values):
        items = [item for value in values for item in value]
        return {"type": "array", **({"items": _common(items)} if items else {})}
    types = sorted({_TYPES[type(value)] for value in values if type(value) in _TYPES})
    if not types or any(type(value) not in _TYPES for value in values):
        return {}
    return {"type": types[0] if len(types) == 1 else types}


def _common_object(values: Sequence[Json]) -> Json:
    names = list(dict.fromkeys(name for value in values for name in value))
    found = {name: [value[name] for value in values if name in value] for name in names}
    schema: Json = {"type": "object"}
    if names:
        schema["properties"] = {name: _common(some) for name, some in found.items()}
    required = [name for name, some in found.items() if len(some) == len(values)]
    return schema | ({"required": required} if required else {})
