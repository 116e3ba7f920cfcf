"""Why a text is no JSON, in words for people and not a library's."""

import re

import msgspec

NO_JSON = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What `msgspec.json.decode` raises for it; `ValidationError`, which is one, is of JSON."""
_MALFORMED = re.compile(r"JSON is malformed: (.*)", re.DOTALL)


def no_json(error: Exception) -> str:
    """Return what is wrong with a text that is to be JSON, and where."""
    if isinstance(error, UnicodeDecodeError):
        return f"byte {error.start} is not UTF-8"
    if isinstance(error, RecursionError):
        return "it is too deep"
    if "truncated" in str(error):
        return "it ends too early"
    found = _MALFORMED.fullmatch(str(error))
    return found[1] if found else str(error)
