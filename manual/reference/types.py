"""Device types: every profile and command, as the service lists them."""

from collections.abc import Iterator
from typing import Any

from manual.reference.schema import kind
from manual.reference.service import told
from manual.reference.tables import code, table

Json = dict[str, Any]

_PROFILE = ("profile", "base power, kW", "voltage, V", "phases", "meaning")
_COMMAND = ("command", "parameters", "meaning")


def lines() -> Iterator[str]:
    """Yield the section."""
    types = told().device_types
    common = set.intersection(*map(_names, types))
    yield "## Every type"
    yield from ("", "### Commands of all types", "", *_commands(types[0], common))
    for one in types:
        yield from ("", f"### {code(one['device_type'])}", "", one["description"])
        yield from table(_PROFILE, map(_profile, one["profiles"]))
        yield from _commands(one, _names(one) - common)


def _names(of: Json) -> set[str]:
    return {command["command"] for command in of["commands"]}


def _profile(profile: Json) -> tuple[str, ...]:
    usual = profile["defaults"]
    figures = (f"{usual[name]:g}" for name in ("base_power", "base_voltage", "phases"))
    return code(profile["profile"]), *figures, profile["description"]


def _commands(of: Json, meant: set[str]) -> Iterator[str]:
    rows = [
        (code(one["command"]), _parameters(one["parameters"]), one["description"])
        for one in of["commands"]
        if one["command"] in meant
    ]
    yield from table(_COMMAND, rows)


def _parameters(schema: Json) -> str:
    there = schema.get("properties", {})
    return "; ".join(f"{code(name)}: {kind(one)}" for name, one in there.items())
