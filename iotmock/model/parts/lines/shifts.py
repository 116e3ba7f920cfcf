"""The working day of a plant, in local time: when its crews come, break and go, on this very day.

Habits (when a shift begins, whether lunch stops the machines, how full the late shift is) are a
plant's own and last. They are numbers of its own sequence and drawn again each day, always the
same, so that nobody has to keep them.
"""

from array import array
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from attrs import frozen

from iotmock.model.numbers.exact_math import exp
from iotmock.model.numbers.noise import gauss_at
from iotmock.model.site.day import Day, DayKind

HOUR_S = 3600.0
DAY_S = 24.0 * HOUR_S

_SATURDAY = 1.9
"""How much a plant, and its week, must want a Saturday shift: one in six has some."""

_Mark = tuple[float, float]


class Span(NamedTuple):
    """From `begin_s` to `end_s` after Monday 00:00, `share` of the machines have work."""

    begin_s: float
    end_s: float
    share: float


@frozen(eq=False, weakref_slot=False)
class Plan:
    """The spans of one day: in `marks` when each begins (s after Monday 00:00), then the shares."""

    day: int
    marks: Sequence[float]
    orders: float

    @classmethod
    def of(cls, day: Day, marks: list[_Mark], orders: float) -> "Plan":
        """Return the plan that has a share from each of `marks` (hours of the day) on."""
        whole: dict[float, float] = {0.0: 0.0}
        whole.update(sorted((hour, share) for hour, share in marks if 0.0 <= hour < 24.0))
        begins = [day.weekday * DAY_S + hour * HOUR_S for hour in whole]
        # An array of a known length: every device has a plan, and it takes a third of the room.
        return cls(day.number, array("d", [*begins, *whole.values()]), orders)

    def at(self, week_s: float) -> Span:
        """Return the span of `week_s`.

        The first and the last hold before and after the day, for a tick may go beyond it.
        """
        marks, count = self.marks, len(self.marks) // 2
        number = max(0, bisect_right(marks, week_s, hi=count) - 1)
        end_s = marks[number + 1] if number + 1 < count else marks[0] + DAY_S
        if end_s <= week_s:
            end_s = week_s + DAY_S
        return Span(marks[number], end_s, marks[count + number])

    def __deepcopy__(self, memo: object) -> "Plan":
        """Return itself: it never changes."""
        return self


class Range(NamedTuple):
    """A habit's distribution over plants: the usual one, and the standard deviation.

    Of hours in h, of shares that of the logarithm.
    """

    usual: float
    spread: float

    def at(self, deviation: float) -> float:
        """Return the habit of a plant that differs by so many standard deviations."""
        return self.usual + self.spread * deviation


_BEGIN = Range(6.0, 0.5)
_FIRST_H = Range(9.0, 0.7)
_LATE_SHARE = Range(0.045, 1.2)
_LATE_END = Range(22.0, 0.4)


@frozen(eq=False)
class Week:
    """How plants of one kind work. Hours are of local time, shares those of a full shift.

    Source: the shape of SimBench's G1 profiles and of the UCI steel plant (Sathishkumar et al.,
    2021), as tests/model/families has them; breaks after the German working time act.
    """

    begin: Range = _BEGIN
    first_h: Range = _FIRST_H
    late_share: Range = _LATE_SHARE
    """Of the second shift; 0 is none."""
    late_end: Range = _LATE_END
    by_day: float = 0.19
    """How much the orders of one day differ from those of the next."""
    without_end: bool = False
    """Round the clock, with a maintenance morning a week."""

    def __deepcopy__(self, memo: object) -> "Week":
        """Return itself: it never changes."""
        return self


@frozen(eq=False, weakref_slot=False)
class Habits:
    """The lasting ways of one plant, and what it does on a day. `spread` 0 is the usual plant."""

    seed: int
    spread: float
    week: Week

    def plan(self, day: Day) -> Plan:
        """Return what is to be done on a day, the same however often it is asked."""
        orders = self._orders(day)
        if self.week.without_end:
            return Plan.of(day, self._round_the_clock(day), orders)
        if day.closed or day.kind is DayKind.SUNDAY:
            return Plan.of(day, [], orders)
        if day.kind is DayKind.SATURDAY:
            return Plan.of(day, self._saturday(day), orders)
        return Plan.of(day, self._workday(day, orders), orders)

    def lasting(self, habit: int) -> float:
        """Return a standard normal number that is this plant's for good."""
        return max(-3.0, min(3.0, self.spread * gauss_at(self.seed, -1 - habit)))

    def today(self, day: Day, habit: int) -> float:
        """Return a standard normal number that is this plant's on this day."""
        return max(-3.0, min(3.0, self.spread * gauss_at(self.seed, 64 * day.number + habit)))

    def _orders(self, day: Day) -> float:
        # Months that differ as the steel plant's do (0.73 to 1.55), and days within them.
        week, rest = divmod(day.number, 7)
        first, second = (self._backlog(week + number) for number in (0, 1))
        slow = first + (second - first) * rest / 7.0
        by_day = self.week.by_day * exp(0.6 * self.lasting(0)) * self.today(day, 0)
        return day.orders * exp(0.07 * slow + max(-0.7, min(0.35, by_day)))

    def _backlog(self, week: int) -> float:
        drawn = sum(gauss_at(self.seed, -1_000 - week + past) for past in range(4))
        return max(-3.0, min(3.0, 0.5 * self.spread * drawn))

    def _workday(self, day: Day, orders: float) -> list[_Mark]:
        week = self.week
        jitter_h = 0.11 * exp(0.9 * self.lasting(1))
        begin = week.begin.at(self.lasting(2))
        begin += jitter_h * self.today(day, 1)
        change = begin + week.first_h.at(self.lasting(3))
        change += 2.0 * jitter_h * self.today(day, 2) + 0.8 * (orders - 1.0)
        marks = [(begin - 0.6, 0.06), (begin, 1.0), *self._breaks(day, begin)]
        return marks + self._late(day, change)

    def _late(self, day: Day, change: float) -> list[_Mark]:
        week = self.week
        share = week.late_share.usual * exp(week.late_share.spread * self.lasting(4))
        share *= exp(0.25 * self.today(day, 3))
        if share < 0.02:
            return [(change, 0.1), (change + 0.9, 0.0)]
        share = min(0.9, share)
        end = week.late_end.at(self.lasting(5)) + 0.25 * self.today(day, 4)
        return [(change, 0.55 + 0.45 * share), (change + 1.2, share), (end, 0.0)]

    def _breaks(self, day: Day, begin: float) -> list[_Mark]:
        # Most is done before noon. Lunch stops a third of the plants; in others crews take turns.
        deep = self.lasting(6) > 0.4
        after = max(0.5, min(1.0, 0.86 + 0.1 * self.lasting(12) + 0.05 * self.today(day, 11)))
        left = 0.08 + 0.1 * abs(self.lasting(7)) if deep else 0.9
        length_h = (0.8 if deep else 0.5) + 0.2 * abs(self.lasting(8))
        lunch = 12.1 + 0.15 * self.lasting(9) + 0.06 * self.today(day, 5)
        early = begin + 2.9 + 0.08 * self.today(day, 6)
        pause = 0.55 if deep else 0.92
        return [(early, pause), (early + 0.25, 1.0), (lunch, left), (lunch + length_h, after)]

    def _saturday(self, day: Day) -> list[_Mark]:
        if self.lasting(10) + 0.8 * self.today(day, 7) < _SATURDAY:
            return []
        begin = self.week.begin.usual + 0.4 + 0.3 * self.today(day, 8)
        end = begin + 5.5 + self.today(day, 9)
        return [(begin, 0.55 + 0.1 * self.today(day, 10)), (end, 0.0)]

    def _round_the_clock(self, day: Day) -> list[_Mark]:
        rest = 0.6 if day.closed else 0.88 if day.kind is not DayKind.WORKDAY else 1.0
        hand_overs = [6.0 + 8.0 * shift + 0.1 * self.today(day, shift) for shift in range(3)]
        marks = [(0.0, rest)]
        for hour in hand_overs:
            marks += [(hour, 0.93 * rest), (hour + 0.25, rest)]
        if day.weekday == 2 + round(max(-2.0, min(2.0, self.lasting(11)))):
            begin = 7.2 + 0.3 * self.today(day, 4)
            stop = [(begin, 0.0), (begin + 3.8 + 0.5 * self.today(day, 5), rest)]
            marks = [mark for mark in marks if not begin <= mark[0] < stop[1][0]] + stop
        return marks
