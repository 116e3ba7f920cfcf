"""What the command line says, checked: each refusal is one line."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from iotmock.wording.quoted import HIDDEN, looks_secret
from iotmock.wording.words import meant


class OptionError(Exception):
    """An option has a value that it can not have."""

    def __init__(self, option: str, value: str, allowed: str, meant: str = "") -> None:
        given = HIDDEN if looks_secret(value) else ascii(value[:80])
        super().__init__(f"{option}: must be {allowed}, not {given}{meant}")


class OptionsError(Exception):
    """Options that do not go together, and which do."""


def number(option: str, text: str, limits: tuple[float, float], unit: str) -> float:
    """Return a number within limits.

    Raises:
        OptionError: it is none, or outside.
    """
    low, high = limits
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not low <= value <= high:
        raise OptionError(option, text, f"a number from {low:g} to {high:g} {unit}".rstrip())
    return value


def whole(option: str, text: str) -> int:
    """Return a whole number.

    Raises:
        OptionError: it is none.
    """
    try:
        return int(text)
    except ValueError:
        raise OptionError(option, text, "a whole number") from None


def choice(option: str, text: str, allowed: Sequence[str]) -> str:
    """Return one of several words.

    Raises:
        OptionError: it is none of them.
    """
    if text not in allowed:
        raise OptionError(option, text, f"one of {', '.join(allowed)}", meant(text[:80], allowed))
    return text


def zone(option: str, text: str) -> ZoneInfo:
    """Return a time zone.

    Raises:
        OptionError: there is none of this name.
    """
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise OptionError(option, text, "an IANA time zone such as Europe/Berlin") from None


def moment(option: str, text: str, local: ZoneInfo) -> float:
    """Return Unix seconds; a time without an offset is local.

    Raises:
        OptionError: it is no date or time, or outside the years 1900 to 2200.
    """
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = datetime.min
    if not 1900 <= at.year <= 2200:
        raise OptionError(option, text, "a date such as 2025-01-31, or with a time, 1900 to 2200")
    return (at if at.tzinfo is not None else at.replace(tzinfo=local)).timestamp()
