"""Numbers as every consumer reads them: a decimal point and never an exponent."""

from collections.abc import Mapping
from decimal import Decimal
from math import floor, log10
from typing import Any

import msgspec

_LEAST, MOST = 1e-4, 1e15
"""Python and msgspec write what lies between them without an exponent."""


def plain(value: float) -> str:
    """Return the shortest text that is just this number: `0.00000125`, `25.0`."""
    text = format(Decimal(repr(value)), "f")
    return text if "." in text else f"{text}.0"


def plain_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as msgspec writes them without an exponent.

    What it would write with one is text of JSON already, which `msgspec.to_builtins` does not take.
    """
    return {name: _writable(value) for name, value in values.items()}


def _writable(value: Any) -> Any:
    if not isinstance(value, float) or value == 0.0 or _LEAST <= abs(value) < MOST:
        return value
    return msgspec.Raw(plain(value).encode())


def figure(value: float, digits: int) -> str:
    """Return a number for people: so many digits count, thousands are grouped."""
    places = digits - 1 - floor(log10(abs(value))) if value else 0
    text = f"{round(value, places):,.{max(0, places)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
