"""What is asked of machines: a week, a day, trends beyond a day, backups and patch nights."""

from bisect import bisect_left
from math import sqrt

from attrs import define, field, frozen

from iotmock.model.numbers.curve import Curve
from iotmock.model.numbers.exact_math import cosine, exp
from iotmock.model.numbers.noise import gauss_at, noise_at
from iotmock.model.numbers.shared import in_steps, shared
from iotmock.model.numbers.slow_noise import SlowNoise
from iotmock.model.site.day import Day, DayKind, kind_of
from iotmock.model.site.site import Conditions

_QUARTER_S = 900.0
_BY_HOUR = Curve.of(lambda hour: cosine(hour / 24.0) + 0.25 * cosine(hour / 12.0), limit=24.0)
_WAVE = Curve.of(lambda x: 0.827 * sum(cosine(n * x - 0.25) / n for n in range(1, 6)), limit=1.0)
"""A wave that rises in a sixth of its length and drains in the rest, as queues do."""
_BY_PERIOD_H = {
    30.0: 0.08,
    20.0: 0.05,
    15.0: 0.02,
    10.9: 0.024,
    8.57: 0.015,
    6.67: 0.012,
    5.3: 0.012,
    4.3: 0.014,
    3.5: 0.018,
    2.9: 0.018,
    2.4: 0.018,
    2.1: 0.016,
}
"""Shares of the variance. The long ones are parts of the 120 h of a working week: what is daily has
its own place (`Work.by_day`)."""
_CALM = (-1.1, -0.5, 0.0, 0.5, 1.1)
_MORNING_H = 4.0
"""Until when a day has become what it is: a weekend's jobs run out, a Monday's queues fill."""
_PATCHED = 0.35
"""What machines carry on while their hosts restart one after another."""
_NEVER = 48.0, 48.0


@frozen(eq=False)
class Work:
    """A kind of work. Utilisations 0 to 1: the usual one and what changes it.

    `slow`, `hours` and `quick` are standard deviations of what wanders over days (tau 36 h), over
    hours (5 h) and within one (30 min). `saturday` and `sunday` are what the weekend lacks.

    Source: clusters after Google's traces (Reiss et al., SoCC 2012), virtual machines after
    PlanetLab's (Park, Pai, OSR 40, 2006): docs/reference/families.md has the figures.
    """

    mean: float
    by_day: float = 0.0
    peak_h: float = 20.0
    saturday: float = 0.0
    sunday: float = 0.0
    slow: float = 0.0
    hours: float = 0.0
    quick: float = 0.0
    backup: float = 0.0
    """What a nightly backup, or scrub, adds; how many hours it takes is `backup_h`."""
    backup_h: float = 1.5
    patches: bool = True
    """Whether its hosts are patched in one night in four weeks."""
    unrest: float = 0.05
    """How much more or less of all that wanders some have: the standard deviation of its ln."""
    in_winter: float = 0.0
    """What midwinter adds: more is bought and watched."""

    def __deepcopy__(self, memo: object) -> "Work":
        """Return itself: it never changes."""
        return self


def swell(seed: int, quarter: int) -> float:
    """Return a random process of variance 1 that rises and falls within hours: waves.

    `seed` draws their phases, and how much longer they are than those of others; `quarter` is how
    many quarters of an hour after the epoch it is.

    Source: M. Shinozuka, G. Deodatis, "Simulation of stochastic processes by spectral
    representation", Applied Mechanics Reviews 44, 1991; the spectrum of Google's clusters.
    """
    place, total = quarter * (1.0 + 0.006 * gauss_at(seed, 0)), 0.0
    for per_quarter, height, factor in _WAVES:
        phase = (seed * factor >> 40 & 1023) / 1024.0
        total += height * _WAVE.at((place * per_quarter + phase) % 1.0)
    return total


def _waves(shares: dict[float, float]) -> tuple[tuple[float, float, int], ...]:
    total = sum(shares.values())
    return tuple(
        (0.25 / period, sqrt(2.0 * share / total), noise_at(number, 0).state)
        for number, (period, share) in enumerate(shares.items())
    )


_WAVES = _waves(_BY_PERIOD_H)


@define(eq=False, weakref_slot=False)
class Workload:
    """The work of one set of machines; what it is at a moment follows from seed and time alone.

    Known at quarters of an hour, with straight lines between.
    """

    work: Work
    seed: int
    spread: float
    unrest: float
    quick: SlowNoise
    _cell: float | None = None
    _value: float = 0.0
    _slope: float = 0.0
    _today: "_Today | None" = field(default=None)

    @classmethod
    def make(cls, work: Work, seed: int, spread: float) -> "Workload":
        """Return the work that `seed` draws; at `spread` 0 the usual one."""
        unrest = in_steps(max(-2.5, min(2.5, spread * gauss_at(seed, -8))))
        unrest = shared(spread * exp(work.unrest * unrest))
        return cls(work, seed, spread, unrest, SlowNoise.make(seed, 1_000.0, stride=1))

    def at(self, site: Conditions) -> float:
        """Return the utilisation that is asked for; it may lie beyond 0 and 1."""
        cell, rest = divmod(site.now, _QUARTER_S)
        if cell != self._cell:
            self._go_to(cell, rest, site)
        return self._value + self._slope * rest

    def _go_to(self, cell: float, rest: float, site: Conditions) -> None:
        today = self._today
        if today is None or today.number != site.day.number:
            today = self._today = _Today.of(self, site.day)
        hour = site.hour - rest / 3600.0
        self._value = self._asked(int(cell), hour, today)
        self._slope = (self._asked(int(cell) + 1, hour + 0.25, today) - self._value) / _QUARTER_S
        self._cell = cell

    def _asked(self, quarter: int, hour: float, today: "_Today") -> float:
        work = self.work
        wanders = work.hours * swell(self.seed, quarter) + work.quick * self.quick.at(quarter)
        return today.at(hour) + self.unrest * wanders

    def level(self, day: Day) -> float:
        """Return what a day has more than the usual one."""
        work = self.work
        if day.kind is DayKind.WORKDAY:
            return work.slow * self._calm(day)
        rest = work.saturday if day.kind is DayKind.SATURDAY else work.sunday
        return 0.1 * work.slow * self.on(day, 7) - rest

    def _calm(self, day: Day) -> float:
        """Return how much busier a workday is than the others of its week; all differ."""
        monday = day.number - day.weekday
        week = sorted(self._drawn(monday + weekday) for weekday in range(5))
        return min(1.0, self.spread) * _CALM[bisect_left(week, self._drawn(day.number)) % 5]

    def _drawn(self, number: int) -> float:
        return gauss_at(self.seed, 16 * number + 7)

    def lasting(self, habit: int) -> float:
        """Return a standard normal number that is this set's for good."""
        return in_steps(max(-2.5, min(2.5, self.spread * gauss_at(self.seed, -1 - habit))))

    def on(self, day: Day, habit: int) -> float:
        """Return a standard normal number that is this set's on a day."""
        return max(-2.5, min(2.5, self.spread * gauss_at(self.seed, 16 * day.number + habit)))


@frozen(eq=False, weakref_slot=False)
class _Today:
    """What is planned of a day: `before` and `usual` are yesterday's level and today's."""

    number: int
    before: float
    usual: float
    by_day: float
    peak_h: float
    backup: float
    backup_h: tuple[float, float]
    patch_h: tuple[float, float]

    @classmethod
    def of(cls, load: Workload, day: Day) -> "_Today":
        work = load.work
        yesterday = (day.weekday - 1) % 7
        mean = work.mean * exp(0.04 * load.lasting(0)) - 0.5 * work.in_winter * day.summer
        before = Day(day.number - 1, yesterday, kind_of(yesterday), day.summer)
        return cls(
            day.number,
            mean + load.level(before),
            mean + load.level(day),
            work.by_day * exp(0.15 * load.lasting(1)) * max(0.0, 1.0 + 0.25 * load.on(day, 0)),
            work.peak_h + 1.0 * load.lasting(2) + 0.7 * load.on(day, 1),
            work.backup and work.backup * max(0.2, 1.0 + 0.25 * load.on(day, 2)),
            _backup_h(load, day),
            _patch_h(load, day),
        )

    def at(self, hour: float) -> float:
        """Return the utilisation at an hour, without what wanders."""
        share = hour / _MORNING_H
        level = self.before + (self.usual - self.before) * (share if share < 1.0 else 1.0)
        level += self.by_day * _BY_HOUR.at((hour - self.peak_h) % 24.0)
        if self.backup_h[0] <= hour < self.backup_h[1]:
            level += self.backup
        if self.patch_h[0] <= hour < self.patch_h[1]:
            level *= _PATCHED
        return level

    def __deepcopy__(self, memo: object) -> "_Today":
        """Return itself: it never changes."""
        return self


def _backup_h(load: Workload, day: Day) -> tuple[float, float]:
    if not load.work.backup:
        return _NEVER
    begin = 1.5 + load.lasting(3) + 0.1 * load.on(day, 3)
    # In the night to Sunday everything is copied, in the others what has changed.
    length_h = load.work.backup_h * exp(0.3 * load.lasting(4) + 0.2 * load.on(day, 4))
    return begin, begin + length_h * (1.8 if day.weekday == 6 else 1.0)


def _patch_h(load: Workload, day: Day) -> tuple[float, float]:
    turn = round(7.0 * load.lasting(5)) % 28
    if load.spread == 0.0 or not load.work.patches or turn != day.number % 28:
        return _NEVER
    begin = 2.0 + 0.5 * load.on(day, 5)
    return begin, begin + 1.0 + 0.4 * abs(load.on(day, 6))
