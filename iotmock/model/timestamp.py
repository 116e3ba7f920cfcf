"""Times as clients read them: UTC, RFC 3339, with `Z`."""

from datetime import UTC, date, datetime
from functools import lru_cache
from math import floor

_EPOCH = date(1970, 1, 1).toordinal()
_MINUTES = tuple(f"{minute // 60:02d}:{minute % 60:02d}" for minute in range(1440))


FIRST, LAST = -62_135_596_800.0, 253_402_300_799.0
"""The times that can be written, in Unix s: those of the years 1 to 9999."""


def is_moment(epoch_s: float) -> bool:
    """Say whether a time can be written."""
    return FIRST <= epoch_s <= LAST


@lru_cache(maxsize=64)  # the devices of a cohort are ticked at one moment
def rfc3339(epoch_s: float, *, milliseconds: bool = False) -> str:
    """Return `epoch_s` (Unix seconds) as `2025-08-09T16:30:00Z`, or with milliseconds."""
    if milliseconds:
        moment = datetime.fromtimestamp(epoch_s, UTC)
        return moment.isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"
    return _whole(floor(epoch_s))


def written(epoch_s: float, interval_s: float) -> str:
    """Return the time of a reading that comes every `interval_s`.

    Whole seconds, as in the contract's example, unless it takes more to keep two readings apart.
    """
    return rfc3339(epoch_s, milliseconds=interval_s % 1.0 != 0.0)


@lru_cache(maxsize=16)
def _whole(epoch_s: int) -> str:
    # Put together from a cached date: a quarter of what datetime takes, and every reading has one.
    day, second = divmod(epoch_s, 86_400)
    return f"{_date(day)}T{_MINUTES[second // 60]}:{second % 60:02d}Z"


@lru_cache(maxsize=16)
def _date(day: int) -> str:
    return date.fromordinal(_EPOCH + day).isoformat()
