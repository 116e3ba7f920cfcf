"""From a payload's content to its bytes: JSON, Influx line protocol, CSV, plain text."""

from collections.abc import Callable, Iterable
from math import isfinite
from typing import Any

import msgspec

from iotmock.dialects.expressions.functions import text_of
from iotmock.dialects.template.payload.tree import LeafError

Write = Callable[[Any], bytes | None]
"""Returns None where there is nothing to be said.

Raises:
    ArithmeticError, ValueError, TypeError: the content can not be written as it is.
"""

_NO_TAGS: dict[str, object] = {}

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


def influx(shape: Any) -> Write:
    """Return what writes lines of InfluxDB's protocol; nothing without a field, which may not be.

    `time` is in ms, and written in ns.
    """
    fields = [(name, f"{_key(name)}=") for name in shape["fields"]]

    def write(content: Any) -> bytes | None:
        found = content["fields"]
        written = [
            head + shown for name, head in fields if (shown := _field(found.get(name))) is not None
        ]
        if not written:
            return None
        line = head_of(content["measurement"], content.get("tags", _NO_TAGS).items())
        moment = content.get("time")
        end = "" if moment is None else f" {int(moment)}000000"
        return f"{line} {','.join(written)}{end}".encode()

    return write


def head_of(measurement: str, tags: Iterable[tuple[str, Any]]) -> str:
    """Return what stands before the fields; a tag without a value is left out."""
    texts = [(_key(name), _key(text_of(tag))) for name, tag in tags if tag is not None]
    return _measurement(measurement) + "".join(f",{name}={text}" for name, text in texts if text)


def _field(value: object) -> str | None:
    if type(value) is float and 1e-3 < value < 1e15:  # nearly all of them
        return repr(value)
    match value:
        case None:
            return None
        case bool():
            return "true" if value else "false"
        case int():
            return f"{value}i"
        case float():
            return text_of(value) if isfinite(value) else None
    text = text_of(value).replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'"{text}"'


def _key(text: str) -> str:
    """Return a key or the value of a tag; a backslash at its end would take the next sign along."""
    text = text.replace("\n", " ").rstrip("\\")
    for sign in ",= ":
        text = text.replace(sign, f"\\{sign}")
    return text


def _measurement(text: str) -> str:
    return text.replace("\n", " ").rstrip("\\").replace(",", "\\,").replace(" ", "\\ ")


_WRITERS: dict[str, Write] = {"json": json, "csv": csv, "text": plain}


def writer(form: str, content: Any) -> Write:
    """Return what writes the payload that a file describes.

    Raises:
        LeafError: it has not what its format needs.
    """
    if form == "influx":
        _check_influx(content)
        return influx(content)
    if form == "csv" and not _is_flat_list(content):
        raise LeafError("", 'csv needs payload = ["{timestamp}", "{power}"]: a list of columns')
    if form == "text" and isinstance(content, dict | list):
        raise LeafError("", 'text needs payload = "{power}": one text')
    return _WRITERS[form]


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
