"""Lines of InfluxDB's protocol, where all fields are sure to be numbers with a point, or truths.

Then msgspec writes them, as JSON, which needs other signs only: five times as fast as Python's
texts of floats. Lines of other fields are `formats.influx`'s.
"""

import ast
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import msgspec

from iotmock.dialects.template.payload.formats import head_of

LINE = "_line"
_FLOATS = {"power", "voltage", "current", "energy"}
_SIGNS = bytes.maketrans(b":", b"=")
_KEPT_HEADS = 1 << 18
_KEY = re.compile(r"[A-Za-z0-9_.-]+")
_encode = msgspec.json.Encoder().encode


def are_plain(fields: Mapping[str, ast.expr]) -> bool:
    """Say whether fields with this Python can be written from JSON."""
    return all(_KEY.fullmatch(key) and _is_plain(node) for key, node in fields.items())


def _is_plain(node: ast.expr) -> bool:
    match node:
        case ast.Constant(value=value):
            return value is None or isinstance(value, bool | float)
        case ast.Attribute(value=ast.Name(id="r"), attr=name):
            return name in _FLOATS or name == "enabled"
        case ast.BinOp(op=ast.Div()) | ast.Compare() | ast.UnaryOp(op=ast.Not()):
            return True
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() | ast.Mult(), right=right):
            return _is_plain(left) or _is_plain(right)
        case ast.IfExp(body=yes, orelse=no):
            return _is_plain(yes) and _is_plain(no)
    return False


def line(
    names: tuple[str, ...], measurement: str, tags: tuple[Any, ...], fields: Any, time: float | None
) -> bytes | None:
    """Return a line: what stands before the fields is that of the same tags every time.

    Raises:
        ValueError: a field is no number after all.
    """
    written = _encode(fields).translate(_SIGNS, b'{}"')
    if not written:
        return None
    if b"null" in written:
        raise ValueError("a field is no number")
    head = _head(names, measurement, tags)
    return b"%b %b" % (head, written) if time is None else b"%b %b %d000000" % (head, written, time)


@lru_cache(maxsize=_KEPT_HEADS)
def _head(names: tuple[str, ...], measurement: str, tags: tuple[Any, ...]) -> bytes:
    return head_of(measurement, zip(names, tags, strict=True)).encode()
