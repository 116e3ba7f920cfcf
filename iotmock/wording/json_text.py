"""What a text that is to be JSON has in it, found without reading it as such."""

import re
from itertools import accumulate
from math import isinf

DEEPEST = 64
"""Lists and objects within each other. Ours have six; at some 900 Python's own limit ends whatever
goes through them, wherever that is."""
_STRING = re.compile(rb'"(?:[^"\\]++|\\.?)*+(?:"|\Z)', re.DOTALL)
_OPENING = b"[{"
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_NUMBER = re.compile(rb"-?[0-9][0-9.eE+-]*")
_ESCAPES = re.compile(
    rb"\\u[dD][89abAB]..\\u[dD][c-fC-F]..|(\\u[dD][89a-fA-F][0-9a-fA-F]{2})|\\.", re.DOTALL
)


def is_too_deep(text: bytes) -> bool:
    """Return whether lists and objects are in each other more often than `DEEPEST`."""
    # Nearly all have too few brackets for it, and are not walked.
    if text.count(b"{") + text.count(b"[") <= DEEPEST:
        return False
    brackets = _STRING.sub(b"", text).translate(None, _NO_BRACKETS)
    depths = accumulate(1 if bracket in _OPENING else -1 for bracket in brackets)
    return any(depth > DEEPEST for depth in depths)


def number_beyond(text: bytes) -> str | None:
    """Return the first number that is beyond all numbers, as 1e400."""
    for found in _NUMBER.finditer(_STRING.sub(b'""', text)):
        try:
            if isinf(float(found[0])):
                return found[0].decode()
        except ValueError:
            return None
    return None


def half_pair(text: bytes) -> str | None:
    r"""Return the first escape that is half of a character, as \ud800 without its other half."""
    halves = (found[1] for found in _ESCAPES.finditer(text))
    return next((half.decode() for half in halves if half), None)
