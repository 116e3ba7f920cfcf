"""Why a text is no JSON, in words for people and not a library's."""

import re

import msgspec

from iotmock.wording.json_text import half_pair, number_beyond
from iotmock.wording.words import shown

NO_JSON = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What `msgspec.json.decode` raises for it; `ValidationError`, which is one, is of JSON."""
_MALFORMED = re.compile(r"JSON is malformed: (.*)", re.DOTALL)
_OF_ESCAPES = re.compile("truncated|surrogate|hex escape")
"""Half a character near the end is cut off, for msgspec, however whole the text is."""


def no_json(error: Exception, text: bytes | str) -> str:
    """Return what is wrong with a text that is to be JSON, and where."""
    if isinstance(error, UnicodeDecodeError):
        return f"byte {error.start} is not UTF-8"
    if isinstance(error, RecursionError):
        return "it is too deep"
    return _malformed(error, text.encode() if isinstance(text, str) else text)


def out_of_range(error: Exception, text: bytes) -> str | None:
    """Return which number is beyond all numbers, if it is that which is wrong with a text."""
    number = number_beyond(text) if "out of range" in str(error) else None
    return f"the number {shown(number)} is out of range" if number else None


def _malformed(error: Exception, text: bytes) -> str:
    said = str(error)
    if _OF_ESCAPES.search(said) and (half := half_pair(text)):
        return f"{half} is half of a character"
    if "truncated" in said:
        return "it ends too early"
    found = _MALFORMED.fullmatch(said)
    return out_of_range(error, text) or (found[1] if found else said)
