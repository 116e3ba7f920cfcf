"""Local days of each device, as sums and counts of steps: what a file leaves when it was read."""

from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo

import numpy as np
from attrs import Factory, define, field
from numpy.typing import NDArray

from iotmock.judge.piece import DAY_S, Truths, Values
from iotmock.judge.series.batch import Batch

MOST_DEVICES = 1_000
MOST_STEPS = 20_000_000
"""Together a quarter of a gigabyte."""
_HOUR_S = 3_600.0


class TooMuchError(Exception):
    """A file has more devices or days than are kept."""


@define
class Found:
    """What there was to say of the rows."""

    rows: int = 0
    missing: int = 0
    negative: int = 0
    backwards: int = 0
    doubled: int = 0


@define(eq=False)
class Day:
    """One device's local day, in steps: sums of kW and how many there were."""

    sums: Values
    counts: NDArray[np.int64]

    @property
    def means(self) -> Values:
        """The mean power of each step, NaN where there was none."""
        with np.errstate(invalid="ignore"):
            means: Values = self.sums / self.counts
        return means


@define(eq=False)
class Days:
    """Days of devices by number (0 is 1 January 1970), in `zone`; without one as it was written."""

    step_s: float
    zone: tzinfo | None
    found: Found = Factory(Found)
    by_device: dict[str, dict[int, Day]] = Factory(dict)
    _last: dict[str, float] = field(factory=dict)
    """The last time of each device, s."""
    _steps: int = 0

    @property
    def per_day(self) -> int:
        """Steps in a day."""
        return round(DAY_S / self.step_s)

    def add(self, batch: Batch) -> None:
        """Take up rows.

        Raises:
            TooMuchError: there are too many devices or days.
        """
        self.found.rows += batch.powers.size
        for device, chosen in _by_device(batch):
            self._add(device, batch.written[chosen], batch.offsets[chosen], batch.powers[chosen])

    def _add(self, device: str, written: Values, offsets: Values, powers: Values) -> None:
        days = self.by_device.setdefault(device, {})
        if len(self.by_device) > MOST_DEVICES:
            raise TooMuchError(f"has more than {MOST_DEVICES:,} devices: judge a part of them")
        utc = written - np.nan_to_num(offsets)
        doubled = self._is_doubled(device, utc)
        known = ~np.isnan(powers) & ~doubled
        self.found.missing += int(np.isnan(powers).sum())
        self.found.negative += int((powers < 0.0).sum())
        local = written if self.zone is None else _local(written, offsets, self.zone)
        self._sum(days, local[known], powers[known])

    def _is_doubled(self, device: str, utc: Values) -> Truths:
        """Return which rows have the time of the row before; count those that go back."""
        steps = np.diff(utc, prepend=self._last.get(device, -np.inf))
        self._last[device] = float(utc[-1])
        self.found.backwards += int((steps < 0.0).sum())
        doubled: Truths = steps == 0.0
        self.found.doubled += int(doubled.sum())
        return doubled

    def _sum(self, days: dict[int, Day], local: Values, powers: Values) -> None:
        places = np.floor(local / self.step_s).astype(np.int64)
        numbers = places // self.per_day
        for number in np.unique(numbers):
            of_day = numbers == number
            day = self._day(days, int(number))
            steps = places[of_day] % self.per_day
            day.sums += np.bincount(steps, powers[of_day], self.per_day)
            day.counts += np.bincount(steps, minlength=self.per_day)

    def _day(self, days: dict[int, Day], number: int) -> Day:
        if number not in days:
            self._steps += self.per_day
            if self._steps > MOST_STEPS:
                raise TooMuchError(
                    "has more days than can be kept: judge a part, or a longer --step"
                )
            count = self.per_day
            days[number] = Day(np.zeros(count), np.zeros(count, dtype=np.int64))
        return days[number]


def _by_device(batch: Batch) -> Iterator[tuple[str, Truths]]:
    if batch.devices is None:
        yield "", np.ones(batch.powers.size, dtype=np.bool_)
        return
    names, places = np.unique(np.array(batch.devices, dtype=np.str_), return_inverse=True)
    for at, name in enumerate(names):
        yield str(name), places == at


def _local(written: Values, offsets: Values, zone: tzinfo) -> Values:
    """Return what the clocks of a zone showed; times without an offset are theirs already."""
    utc = written - offsets
    hours = np.floor(utc / _HOUR_S)
    known, places = np.unique(hours, return_inverse=True)
    ahead = np.array([0.0 if np.isnan(hour) else _ahead(hour * _HOUR_S, zone) for hour in known])
    return np.where(np.isnan(offsets), written, utc + ahead[places])


def _ahead(utc: float, zone: tzinfo) -> float:
    offset = datetime.fromtimestamp(utc, UTC).astimezone(zone).utcoffset()
    return offset.total_seconds() if offset is not None else 0.0
