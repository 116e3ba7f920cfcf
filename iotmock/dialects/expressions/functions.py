"""What expressions can call, and what their operators become where Python's would have no bound."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, tzinfo
from functools import lru_cache, partial
from typing import Any

from attrs import frozen

from iotmock.dialects.expressions.types import Type

_MOST_DIGITS = 15
_MOST = 1 << 63
"""Of a whole number: more is no number of JSON's that receivers read, and of no line protocol's."""


@frozen
class Function:
    """A function: what it takes, what it gives; arguments from `needs` on may be left out."""

    call: Callable[..., Any]
    takes: tuple[Type, ...]
    needs: int
    gives: Type
    usage: str


def functions(timezone: tzinfo = UTC) -> Mapping[str, Function]:
    """Return the functions by name; `timezone` is that of `local`."""
    number, text = Type.NUMBER, Type.TEXT
    return {
        "round": Function(_round, (number, number), 1, number, "round(number, digits)"),
        "int": Function(_whole, (number,), 1, number, "int(number)"),
        "text": Function(text_of, (Type.ANY,), 1, text, "text(value)"),
        "iso": Function(_iso, (text,), 1, text, "iso(timestamp)"),
        "unix_ms": Function(_unix_ms, (text,), 1, number, "unix_ms(timestamp)"),
        "local": Function(partial(_local, timezone), (text,), 1, text, "local(timestamp)"),
    }


def power_of(base: float, exponent: float) -> float:
    """Return a power, as a float: whole numbers would grow without a bound.

    Raises:
        ArithmeticError: it is too large, or no real number.
    """
    result: float | complex = float(base) ** exponent
    if isinstance(result, complex):
        raise ArithmeticError("no real number")
    return result


def number_of(value: object) -> float:
    """Return a value that is a number, of no more than 64 bits.

    Raises:
        TypeError: it is none.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError("no number")
    return value if abs(value) < _MOST else float(value)


def text_of(value: object) -> str:
    """Return a value as a text: as JSON has it, without an exponent for what meters show.

    Raises:
        ValueError: there is no value.
    """
    if type(value) is str:  # most tags
        return value
    match value:
        case None:
            raise ValueError("nothing has no text")
        case bool():
            return "true" if value else "false"
        case float():
            shown = repr(value)
            return shown if "e" not in shown else f"{value:.12f}".rstrip("0").rstrip(".")
    return str(value)


def join(*parts: object) -> str:
    """Return the texts of values, one after the other."""
    return "".join(map(text_of, parts))


def _round(number: float, digits: float = 0) -> float:
    if not digits:
        return round(number)
    return round(number, int(max(-_MOST_DIGITS, min(_MOST_DIGITS, digits))))


def _whole(number: float) -> int:
    whole = int(number)
    if abs(whole) >= _MOST:
        raise ArithmeticError("too large")
    return whole


@lru_cache(maxsize=16)
def _moment(timestamp: str) -> datetime:
    return datetime.fromisoformat(timestamp)


@lru_cache(maxsize=16)
def _iso(timestamp: str) -> str:
    return _moment(timestamp).isoformat(timespec="milliseconds")


@lru_cache(maxsize=16)
def _unix_ms(timestamp: str) -> int:
    return round(_moment(timestamp).timestamp() * 1_000)


@lru_cache(maxsize=16)
def _local(timezone: tzinfo, timestamp: str) -> str:
    return _moment(timestamp).astimezone(timezone).isoformat(timespec="seconds")
