"""From a payload's content to its bytes: JSON, Influx line protocol, CSV, plain text."""

from collections.abc import Callable
from functools import lru_cache
from math import isfinite
from typing import Any

import msgspec

from iotmock.dialects.expressions.functions import text_of
from iotmock.dialects.template.tree import LeafError

_MOST_WHOLE = 1 << 63
Write = Callable[[Any], bytes | None]
"""Returns None where there is nothing to be said.

Raises:
    ArithmeticError, ValueError, TypeError: the content can not be written as it is.
"""

json: Write = msgspec.json.Encoder().encode


def plain(content: Any) -> bytes | None:
    """Return a value as a text."""
    return None if content is None else text_of(content).encode()


def csv(content: Any) -> bytes | None:
    """Return a line of columns (RFC 4180, without a line break at its end)."""
    return ",".join(map(_column, content)).encode()


def _column(value: object) -> str:
    text = "" if value is None else text_of(value)
    return '"' + text.replace('"', '""') + '"' if set(text) & set(',"\r\n') else text


def influx(content: Any) -> bytes | None:
    """Return a line of InfluxDB's protocol; None without a field, which it may not be.

    `time` is in ms, and written in ns.
    """
    fields = ",".join(
        f"{_key(name)}={_field(value)}"
        for name, value in content["fields"].items()
        if not isinstance(value, float) or isfinite(value)
    )
    if not fields:
        return None
    tags = (f",{_key(name)}={_key(text_of(tag))}" for name, tag in content.get("tags", {}).items())
    head = _measurement(content["measurement"]) + "".join(tag for tag in tags if tag[-1] != "=")
    moment = content.get("time")
    return f"{head} {fields}{f' {int(moment) * 1_000_000}' if moment is not None else ''}".encode()


def _field(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return f"{value}i"
        case float():
            return text_of(value)
    text = text_of(value).replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'"{text}"'


@lru_cache(maxsize=65_536)
def _key(text: str) -> str:
    """Return a key or the value of a tag; a backslash at its end would take the next sign along."""
    text = text.replace("\n", " ").rstrip("\\")
    for sign in ",= ":
        text = text.replace(sign, f"\\{sign}")
    return text


@lru_cache(maxsize=1_024)
def _measurement(text: str) -> str:
    return text.replace("\n", " ").rstrip("\\").replace(",", "\\,").replace(" ", "\\ ")


FORMATS: dict[str, Write] = {"json": json, "influx": influx, "csv": csv, "text": plain}


def check_shape(form: str, content: Any) -> None:
    """See whether a payload has what its format needs.

    Raises:
        LeafError: it has not.
    """
    if form == "influx":
        _check_influx(content)
    elif form == "csv" and not _is_flat_list(content):
        raise LeafError("", 'csv needs payload = ["{timestamp}", "{power}"]: a list of columns')
    elif form == "text" and isinstance(content, dict | list):
        raise LeafError("", 'text needs payload = "{power}": one text')


def _check_influx(content: Any) -> None:
    known, needed = {"measurement", "tags", "fields", "time"}, {"measurement", "fields"}
    if not isinstance(content, dict) or not needed <= content.keys() <= known:
        raise LeafError(
            "", "influx needs measurement and fields in its payload, perhaps tags and time"
        )
    for name in ("tags", "fields"):
        if not isinstance(content.get(name, {}), dict):
            raise LeafError("", f"{name} must be a table of names and values")


def _is_flat_list(content: Any) -> bool:
    return isinstance(content, list) and not any(isinstance(one, dict | list) for one in content)
