"""When people are there: an office by day, a home around it. Fractions of all, 0 to 1."""

from array import array
from bisect import bisect_right
from collections.abc import Sequence

from attrs import frozen

from iotmock.model.site.day import Day, DayKind

Values = tuple[float, ...]
Points = tuple[Values, Values]
"""Hours, and who is there then."""

_DAY_H = 24.0
_LEAST_H = 0.05

# Presence in offices: ASHRAE 90.1 user's manual, table G-I (office), with the lunch dip of the
# occupancy counts in Wang et al., "Modeling occupancy in single person offices", 2005.
_OFFICE = (0.0, 0.12, 0.6, 0.95, 1.0, 0.65, 0.95, 0.95, 0.65, 0.25, 0.08, 0.0)
_SATURDAY, _SUNDAY = 0.12, 0.06
_AWAY = 0.02


@frozen
class Course:
    """A day: `values` at `hours` of local time, with straight lines between; ends are held."""

    hours: Sequence[float]
    values: Sequence[float]

    def at(self, hour: float) -> float:
        """Return how many are there, 0 to 1."""
        hours, values = self.hours, self.values
        after = bisect_right(hours, hour)
        if after == 0 or after == len(hours):
            return values[0] if after == 0 else values[-1]
        begin, value = hours[after - 1], values[after - 1]
        share = (hour - begin) / (hours[after] - begin)
        return value + share * (values[after] - value)


def at_work(day: Day) -> Course:
    """Return who is at work on a day."""
    hours, staff = day.hours, day.staff
    if day.closed or day.kind is not DayKind.WORKDAY:
        few = _SATURDAY if day.kind is DayKind.SATURDAY else _SUNDAY
        begin, end = hours.begin + 1.0, hours.end - 0.5
        return _course(
            (begin - 0.5, begin + 1.0, end - 0.5, end + 1.0), (0.0, few, few, 0.0), staff
        )
    begin, lunch, end = hours.begin, hours.lunch, hours.end
    places = (
        begin - 2.0, begin - 1.0, begin, begin + 1.0,
        lunch - 0.75, lunch, lunch + 1.0,
        end - 1.0, end, end + 1.0, end + 2.0, end + 3.5,
    )  # fmt: skip
    return _course(places, _OFFICE, staff)


def at_home(day: Day) -> Course:
    """Return who is at home and awake on a day.

    Source: activity curves of the Harmonised European Time Use Survey, smoothed.
    """
    rests = day.closed or day.kind is not DayKind.WORKDAY
    course = _day_off(day) if rests else _workday(day)
    return _course(*course, there=_AWAY if day.away else 1.0)


def _workday(day: Day) -> Points:
    rise, supper, sleep = day.hours.rise, day.hours.supper, day.hours.sleep
    evening, by_day = day.evening, 0.25 * day.daytime
    places = (
        0.0, 1.0, rise - 1.0, rise + 0.25, rise + 1.0, rise + 2.25, 12.0, 13.0, 15.0,
        supper - 1.75, supper + 0.25, sleep - 1.5, sleep, _DAY_H,
    )  # fmt: skip
    return places, (
        0.05, 0.0, 0.0, 0.6, 0.55, by_day, by_day, 1.4 * by_day, 1.2 * by_day,
        0.55, 0.95 * evening, 0.9 * evening, 0.4, 0.05,
    )  # fmt: skip


def _day_off(day: Day) -> Points:
    rise, sleep, evening = day.hours.rise, day.hours.sleep, day.evening
    places = (0.0, 1.5, rise + 0.5, rise + 3.0, 13.0, 15.0, 18.0, 20.0, sleep - 0.5, _DAY_H)
    return places, (0.15, 0.0, 0.0, 0.75, 0.7, 0.45, 0.7, 0.9 * evening, 0.7 * evening, 0.15)


def _course(places: Values, values: Values, there: float) -> Course:
    """Return a course whose hours ascend: who comes very late does not leave before he came."""
    hours = list(places)
    for number in range(1, len(hours)):
        hours[number] = max(hours[number], hours[number - 1] + _LEAST_H)
    # Arrays: each location has its own course, and they take a fifth of a tuple's room.
    return Course(array("d", hours), array("d", [min(1.0, there * value) for value in values]))
