"""Parameters as people type them: power=30 program=eco."""

from collections.abc import Sequence
from typing import Any

import msgspec

from iotmock.client.errors import UsageError
from iotmock.wording.durations import seconds


def read_parameters(pairs: Sequence[str]) -> dict[str, Any]:
    """Return what pairs of key=value say: a value is JSON, or else the text that it is.

    Raises:
        UsageError: one is no pair, or a key comes twice.
    """
    found: dict[str, Any] = {}
    for pair in pairs:
        key, equals, text = pair.partition("=")
        if not equals or not key.strip():
            raise UsageError(f"{pair!a} is no parameter: write key=value, as power=30")
        if key.strip() in found:
            raise UsageError(f"{key.strip()} is given twice: give it once")
        found[key.strip()] = _value(text)
    return found


def _value(text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError):
        return text


def read_duration(option: str, text: str | None) -> float | None:
    """Return seconds, of a number or of a text such as 10m.

    Raises:
        UsageError: it is none, or not more than nothing.
    """
    if text is None:
        return None
    try:
        found = seconds(text) or float(text)
    except ValueError:
        found = 0.0
    if not 0.0 < found < float("inf"):
        raise UsageError(f"{option} must be a duration such as 90s, 10m or 1h30m, not {text!a}")
    return found
