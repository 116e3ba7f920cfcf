"""From rows of times and powers to a series: checked one by one, bounded, and laid on weeks."""

from array import array
from collections.abc import Iterable
from datetime import UTC, datetime
from math import isfinite
from zoneinfo import ZoneInfo

from iotmock.model.parts.flows.series import WEEK_S, Series
from iotmock.model.spec import POWER_KW
from iotmock.replays.errors import RowError

MOST_ROWS = 1_000_000
LATEST_S = 253_402_300_799.0
"""The end of the year 9999, and as far before 1970: what Unix seconds may be."""
_MONDAY_S = 4 * 86_400.0
"""1970-01-05, s after the epoch."""
_FIRST_ROW = 2
_MOST_KW = POWER_KW[1]

Row = tuple[int, datetime | float, float | None]
"""Its number, a time (without a zone it is the wall clock's; a number is Unix seconds), kW."""


def series_of(name: str, rows: Iterable[Row], zone: ZoneInfo) -> Series:
    """Return the series of a file; a row without a power is a row that is not there.

    Raises:
        RowError: a row is not in order, there are more than `MOST_ROWS`, or fewer than two.
    """
    times, powers, offset_s = array("d"), array("d"), None
    for number, time, power in rows:
        if len(times) >= MOST_ROWS:
            raise RowError(number, f"is one too many: {MOST_ROWS:,} are allowed; thin them out")
        if power is None:
            continue
        if offset_s is None:
            offset_s = _offset_s(time, zone)
        at_s = _unix_s(time) + offset_s
        if times and at_s <= times[-1]:
            raise RowError(number, "is not later than the one before; sort them, one for a time")
        if not (isfinite(power) and abs(power) <= _MOST_KW):
            raise RowError(number, f"has no power from -{_MOST_KW:,.0f} to {_MOST_KW:,.0f} kW")
        times.append(at_s)
        powers.append(power)
    if len(times) < 2:
        raise RowError(
            _FIRST_ROW, "and all others have fewer than two powers, which a series needs"
        )
    monday_s = times[0] - (times[0] - _MONDAY_S) % WEEK_S
    return Series.of(name, array("d", (time - monday_s for time in times)), powers)


def _offset_s(first: datetime | float, zone: ZoneInfo) -> float:
    """Return what makes times those of the wall clock; of a series it stays the first row's."""
    if isinstance(first, datetime) and first.tzinfo is None:
        return 0.0
    moment = first if isinstance(first, datetime) else datetime.fromtimestamp(first, UTC)
    offset = moment.astimezone(zone).utcoffset()
    return offset.total_seconds() if offset is not None else 0.0


def _unix_s(time: datetime | float) -> float:
    if isinstance(time, float):
        return time
    return (time.replace(tzinfo=UTC) if time.tzinfo is None else time).timestamp()
