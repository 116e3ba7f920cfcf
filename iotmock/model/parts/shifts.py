"""The working week of a production line, in local time."""

from bisect import bisect_right
from collections.abc import Sequence
from enum import IntEnum
from typing import NamedTuple

from attrs import frozen

HOUR_S = 3600.0
DAY_S = 24.0 * HOUR_S
WEEK_S = 7.0 * DAY_S


class Work(IntEnum):
    """What the calendar asks for."""

    OFF = 0
    RUN = 1
    BREAK = 2


class Span(NamedTuple):
    """From `begin_s` to `end_s` after Monday 00:00 the calendar asks for `work`."""

    begin_s: float
    end_s: float
    work: Work


Hours = tuple[float, float]


@frozen(eq=False)
class Calendar:
    """The spans of a week, ascending and without gaps."""

    spans: tuple[Span, ...]
    begins: tuple[float, ...]

    @classmethod
    def of(
        cls,
        days: Sequence[int],
        shift: Hours,
        breaks: Sequence[Hours] = (),
        stops: Sequence[tuple[int, Hours]] = (),
    ) -> "Calendar":
        """Return a week with one working time (hours) on each of `days` (0 is Monday).

        `breaks` fall on each of the days, `stops` (for maintenance) on one.
        """
        marks = [(0.0, Work.OFF)]
        for day in days:
            marks += _day(day, shift, breaks, [hours for at, hours in stops if at == day])
        marks = sorted(dict(marks).items())
        ends = [mark[0] for mark in marks[1:]] + [WEEK_S]
        spans = tuple(Span(at, end, work) for (at, work), end in zip(marks, ends, strict=True))
        return cls(spans, tuple(span.begin_s for span in spans))

    def at(self, week_s: float) -> Span:
        """Return the span that `week_s` (0 to 604,800) falls into."""
        return self.spans[max(0, bisect_right(self.begins, week_s) - 1)]

    def __deepcopy__(self, memo: object) -> "Calendar":
        """Return itself: it never changes."""
        return self


def _day(
    day: int, shift: Hours, breaks: Sequence[Hours], stops: Sequence[Hours]
) -> list[tuple[float, Work]]:
    marks = [(shift[0], Work.RUN), (shift[1], Work.RUN if shift[1] == 24.0 else Work.OFF)]
    for begin, end in breaks:
        marks += [(begin, Work.BREAK), (end, Work.RUN)]
    for begin, end in stops:
        marks += [(begin, Work.OFF), (end, Work.RUN)]
    return [(day * DAY_S + hour * HOUR_S, work) for hour, work in marks]


TWO_SHIFT = Calendar.of(
    days=range(5),
    shift=(6.0, 22.0),
    breaks=((9.0, 9.25), (12.0, 12.5), (16.0, 16.25), (19.0, 19.5)),
)
"""06-14 and 14-22 on weekdays, with the breaks of the German working time act."""
CONTINUOUS = Calendar.of(days=range(7), shift=(0.0, 24.0), stops=((2, (7.0, 11.0)),))
"""Round the clock, with maintenance on Wednesday morning."""
DAY_SHIFT = Calendar.of(days=range(5), shift=(7.0, 16.0), breaks=((9.0, 9.25), (12.0, 12.5)))
