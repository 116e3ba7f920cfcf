"""JSON Schemas, in the few words that a table has room for."""

from collections.abc import Iterator, Mapping
from typing import Any

from manual.reference.tables import code, table

Json = Mapping[str, Any]

_HEAD = ("field", "value", "default", "meaning")
_LONGEST = 60
_WORDS = {"boolean": "true or false", "integer": "a whole number", "null": "null"}


def fields(schema: Json) -> Iterator[str]:
    """Yield the table of an object's fields."""
    needed = set(schema.get("required", ()))
    rows = [
        (code(name), kind(one), _default(one, is_needed=name in needed), _meaning(one))
        for name, one in schema.get("properties", {}).items()
    ]
    yield from table(_HEAD, rows)


def kind(schema: Json) -> str:
    """Return what a value is: its type, its range, or which there are."""
    if "const" in schema:
        return code(schema["const"])
    if "enum" in schema:
        return ", ".join(code(one) for one in schema["enum"])
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    for several in ("anyOf", "oneOf"):
        if several in schema:
            return " or ".join(dict.fromkeys(kind(one) for one in schema[several]))
    return _of_type(schema)


def _of_type(schema: Json) -> str:
    name = schema.get("type", "anything")
    if isinstance(name, list):
        return " or ".join(_of_type({**schema, "type": one}) for one in name)
    if name == "array":
        return f"a list of {kind(schema.get('items', {}))}"
    if name == "string":
        return _text(schema)
    return f"{_WORDS.get(name, f'a {name}' if name == 'number' else name)}{_range(schema)}"


def _text(schema: Json) -> str:
    if schema.get("format"):
        return str(schema["format"])
    pattern = str(schema.get("pattern", ""))
    return f"text, {code(pattern)}" if 0 < len(pattern) < _LONGEST else "text"


def _range(schema: Json) -> str:
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is None and "exclusiveMinimum" in schema:
        return f" above {schema['exclusiveMinimum']:,}" + (f" to {_plain(high)}" if high else "")
    if low is not None and high is not None:
        return f", {_plain(low)} to {_plain(high)}"
    return "" if low is None else f", {_plain(low)} at least"


def _plain(number: float) -> str:
    return f"{int(number):,}" if number == int(number) else str(number)


def _default(schema: Json, *, is_needed: bool) -> str:
    if is_needed:
        return "required"
    value = schema.get("default")
    return code(value) if isinstance(value, str | int | float) and value != "" else ""


def _meaning(schema: Json) -> str:
    parts = (schema, *schema.get("anyOf", ()))
    return next((str(one["description"]) for one in parts if "description" in one), "")
