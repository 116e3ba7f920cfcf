"""Times as files write them: ISO 8601, Unix, day or month first, or by a format that is given."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from math import nan

_EPOCH = datetime(1970, 1, 1)
_NUMBER = re.compile(r"\d{9,20}(\.\d+)?")
_SLASHED = re.compile(
    r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})[ T]*(\d{1,2}):(\d\d)(?::(\d\d)(\.\d+)?)?"
)
FIRST, LAST = -2_208_988_800.0, 7_258_118_400.0
"""The years 1900 to 2199: what lies outside is a mistake in the file."""
ALLOWED = (
    "a time such as 2025-01-31 13:45, 2025-01-31T13:45:00+01:00, 31.01.2025 13:45 or Unix seconds; "
    "for others give --time-format '%d %b %Y %H:%M'"
)

Moment = tuple[float, float]
"""What the clock showed, s since 1970, and how many s it was ahead of UTC: NaN if not said."""
Reader = Callable[[str], Moment]
"""Reads a time; a ValueError says that it is none."""


class AmbiguousTimesError(ValueError):
    """Nobody knows whether the day or the month comes first."""


class NoTimeError(ValueError):
    """A text is no time; the message says what is allowed."""


def told(reader: Reader, text: str) -> Moment:
    """Return the time that a text says.

    Raises:
        NoTimeError: it says none.
    """
    try:
        return reader(text)
    except (ValueError, OverflowError):
        raise NoTimeError(f"{text[:60]!a} is no time: it must be {ALLOWED}") from None


def reader_of(samples: Sequence[str], form: str | None) -> Reader:
    """Return what reads times that look like these.

    Raises:
        AmbiguousTimesError: day and month could be either.
    """
    if form is not None:
        return partial(_formatted, form)
    first = samples[0].strip() if samples else ""
    if _NUMBER.fullmatch(first):
        return partial(_unix, _per_second(float(first)))
    if _SLASHED.fullmatch(first):
        return partial(_slashed, _day_is_first(samples))
    return _iso


def _iso(text: str) -> Moment:
    return _moment(datetime.fromisoformat(text.strip()))


def _formatted(form: str, text: str) -> Moment:
    return _moment(datetime.strptime(text.strip(), form))


def _moment(at: datetime) -> Moment:
    offset = at.utcoffset()
    written = (at.replace(tzinfo=None) - _EPOCH).total_seconds()
    return within(written), nan if offset is None else offset.total_seconds()


def _unix(per_second: float, text: str) -> Moment:
    return within(float(text) / per_second), 0.0


def within(seconds: float) -> float:
    """Return a time that a reading may have.

    Raises:
        ValueError: it is before 1900 or after 2199.
    """
    if not FIRST <= seconds < LAST:
        raise ValueError(seconds)
    return seconds


def _per_second(number: float) -> float:
    """Return in which parts of a second a Unix time of our days is counted."""
    return next((scale for scale in (1.0, 1e3, 1e6) if number < 1e11 * scale), 1e9)


def _slashed(day_first: bool, text: str) -> Moment:
    found = _SLASHED.fullmatch(text.strip())
    if found is None:
        raise ValueError(text)
    one, other, year, hour, minute, second, part = found.groups()
    day, month = (one, other) if day_first else (other, one)
    clock = int(hour), int(minute), int(second or "0")
    written, _ = _moment(datetime(int(year), int(month), int(day), *clock))
    return written + float(part or 0.0), nan


def _day_is_first(samples: Sequence[str]) -> bool:
    found = [match for text in samples if (match := _SLASHED.fullmatch(text.strip()))]
    if any(int(one[1]) > 12 for one in found) or "." in samples[0][:3]:
        return True
    if any(int(one[2]) > 12 for one in found):
        return False
    raise AmbiguousTimesError(
        "does not show whether the day or the month comes first in its times: give --time-format, "
        "as '%d/%m/%Y %H:%M'"
    )
