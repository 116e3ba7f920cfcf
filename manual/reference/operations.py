"""REST: every operation, by the service's OpenAPI document."""

from collections.abc import Iterator
from typing import Any

from manual.reference.schema import fields, kind
from manual.reference.service import told
from manual.reference.tables import code, table

Json = dict[str, Any]

_PARAMETER = ("parameter", "in", "value", "meaning")
_PROBLEMS = 400


def lines() -> Iterator[str]:
    """Yield the section."""
    document = told().openapi
    yield "## Every operation"
    yield "As `/openapi.json` has them; any may also answer 403 or 421 ([errors](#errors))."
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield from _operation(f"{method.upper()} {path}", operation)
    yield "## Every body"
    for name in sorted(_sent(document)):
        schema = document["components"]["schemas"][name]
        yield from ("", f"### {name}", "", schema.get("description", ""), *fields(schema))


def _operation(name: str, operation: Json) -> Iterator[str]:
    yield from ("", f"### {code(name)}", "", operation["summary"], operation.get("description", ""))
    yield from ("", f"Takes {_body(operation)}; answers {_answers(operation)}.")
    rows = [
        (code(one["name"]), one["in"], kind(one["schema"]), one.get("description", ""))
        for one in operation.get("parameters", ())
    ]
    yield from table(_PARAMETER, rows)


def _body(operation: Json) -> str:
    names = _names(operation.get("requestBody", {}))
    return ", ".join(f"[{name}](#{name.lower()})" for name in names) or "no body"


def _answers(operation: Json) -> str:
    good = {
        status: " ".join(_names(answer))
        for status, answer in operation["responses"].items()
        if int(status) < _PROBLEMS
    }
    return " or ".join(f"{status} {name}".strip() for status, name in good.items())


def _names(holder: Json) -> list[str]:
    schemas = (one.get("schema", {}) for one in holder.get("content", {}).values())
    return list(dict.fromkeys(kind(one) for one in schemas if "$ref" in one))


def _sent(document: Json) -> set[str]:
    """Return the names of what clients send, and of what is within."""
    found = {
        name
        for methods in document["paths"].values()
        for operation in methods.values()
        for name in _names(operation.get("requestBody", {}))
    }
    schemas = document["components"]["schemas"]
    within = {name for name in schemas if any(_mentions(schemas[one], name) for one in found)}
    return found | within


def _mentions(schema: Json, name: str) -> bool:
    return f"/{name}'" in str(schema)
