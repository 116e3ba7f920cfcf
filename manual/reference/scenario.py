"""Scenarios: every key, by the JSON Schema that they are read by."""

from collections.abc import Iterator

from iotmock.soak.scenario.reading.file import json_schema
from manual.reference.schema import fields


def lines() -> Iterator[str]:
    """Yield the section."""
    yield "## Every key"
    yield "As `iotmock soak schema` has them."
    for name, schema in json_schema()["$defs"].items():
        yield from ("", f"### {name}", "", schema.get("description", ""), *fields(schema))
