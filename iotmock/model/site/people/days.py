"""How the days of one location are lived: who comes, when, and how much there is to do.

All follows from the location's seed and the date, never from the order in which days are asked for.
"""

from datetime import date
from functools import lru_cache

from attrs import define

from iotmock.model.numbers.exact_math import cosine, exp
from iotmock.model.numbers.noise import gauss_at
from iotmock.model.numbers.red_noise import red_at
from iotmock.model.site.day import Day, DayKind, Hours, kind_of
from iotmock.model.site.people.calendar import PublicHolidays
from iotmock.model.site.people.customs import Customs, Draw

_DRAWS = 64
_SICK = 0.055
"""Of the staff, on average. Source: DAK and TK health reports 2023, 5.5 % (20 days a year)."""
_SICK_IN_WINTER = 0.35
_SCHOOL_HOLIDAYS = 0.07
_CHILDREN_AT_HOME = 1.15
"""How much more is at home by day while school is out: a third of the homes has children."""
_NO_BRIDGE = 0.3
_WITHOUT_CLOSING = 0.45
"""Of the staff, who stay away: while school is out in summer, on a bridge day, and between
Christmas and New Year, where the business does not close. Judgement."""
_ORDERS, _ORDERS_BY_DAY = 0.2, 0.06
"""Source: months of the UCI steel plant are 0.73 to 1.55 of their mean, realism2.md."""
_HOME_BY_DAY = 0.22
_AWAY = 0.05
_CHRISTMAS = 25
_MOST = 2.5
_WIDEST = 2.0
"""Beyond it people would come to work before they get up."""


@define(eq=False)
class Days:
    """The days of one location; `warmest_day` is the day of the year of its midsummer."""

    seed: int
    spread: float
    holidays: PublicHolidays
    warmest_day: float

    @classmethod
    def make(cls, seed: int, spread: float, holidays: PublicHolidays, warmest_day: float) -> "Days":
        """Return the days of the location with this seed."""
        spread = min(_WIDEST, spread)
        return cls(seed, spread, holidays, warmest_day)

    @property
    def customs(self) -> Customs:
        """How its people live: drawn when a day begins, for a site has more use for the room."""
        return _customs(self.seed, self.spread)

    def on(self, day: date) -> Day:
        """Return a day."""
        number, year = day.toordinal(), self.holidays.of_year(day.year)
        weekday = (day.weekday() + year.ahead) % 7
        holiday = number in year.public
        kind = kind_of(weekday, holiday=holiday)
        summer = cosine((day.timetuple().tm_yday - self.warmest_day) / 365.25)
        closed = holiday or (kind is DayKind.WORKDAY and self._closes(day))
        away = self._away(day)
        return Day(
            number,
            weekday,
            kind,
            summer,
            holiday,
            closed,
            self._staff(day, weekday, kind, summer, closed=closed),
            _AWAY if away else self._home(number, summer),
            self._orders(number, summer),
            self._hours(number),
            self._evening(number),
            self.customs.daytime * (_CHILDREN_AT_HOME if number in year.out_of_school else 1.0),
            away,
        )

    def _closes(self, day: date) -> bool:
        customs = self.customs
        if customs.bridges and self._is_bridge(day):
            return True
        if customs.christmas and self._is_between_the_years(day):
            return True
        week = self._week_of_summer(day)
        return customs.closes_from <= week < customs.closes_from + customs.closes_weeks

    @property
    def summer_month(self) -> int:
        """The month in which businesses close and families travel."""
        return 8 if self.warmest_day > 90.0 else 1

    def _is_bridge(self, day: date) -> bool:
        """Say whether a holiday and a weekend leave this one workday between them."""
        number = day.toordinal()
        weekday = (day.weekday() + self.holidays.of_year(day.year).ahead) % 7
        if weekday == 4:
            return self.holidays.on(day.year, number - 1)
        return weekday == 0 and self.holidays.on(day.year, number + 1)

    def _is_between_the_years(self, day: date) -> bool:
        if (day.month, day.day) not in _BETWEEN_THE_YEARS:
            return False
        christmas = date(day.year - (day.month == 1), 12, _CHRISTMAS)
        return self.holidays.on(christmas.year, christmas.toordinal())

    def _away(self, day: date) -> bool:
        customs = self.customs
        week = self._week_of_summer(day)
        return customs.away_from <= week < customs.away_from + customs.away_weeks

    def _staff(
        self, day: date, weekday: int, kind: DayKind, summer: float, *, closed: bool
    ) -> float:
        number, customs, spread = day.toordinal(), self.customs, self.spread
        if closed or kind is not DayKind.WORKDAY:
            level = customs.saturday if kind is DayKind.SATURDAY else customs.sunday
            return level * exp(0.5 * spread * self._drawn(number, Draw.STAFF))
        there = customs.weekdays[weekday]
        if spread:
            there *= 1.0 - min(1.0, spread) * self._absent(day, summer)
        return max(0.1, there + 0.03 * spread * self._drawn(number, Draw.STAFF))

    def _absent(self, day: date, summer: float) -> float:
        """Return the share that is absent beyond the usual."""
        ill = exp(0.35 * self.spread * red_at(self.seed ^ Draw.STAFF, day.toordinal()))
        absent = _SICK * (ill * (1.0 - _SICK_IN_WINTER * summer) - 1.0)
        if self._school_is_out(day, summer):
            absent += _SCHOOL_HOLIDAYS
        if self._is_between_the_years(day):
            return absent + _WITHOUT_CLOSING
        return absent + _NO_BRIDGE if self._is_bridge(day) else absent

    def _school_is_out(self, day: date, summer: float) -> bool:
        """Say so by the region's calendar, or, where it knows of no school, by high summer."""
        free = self.holidays.of_year(day.year).out_of_school
        return day.toordinal() in free if free else summer > 0.8

    def _week_of_summer(self, day: date) -> int:
        """Return the number of the week, 0 that of the first Monday of the school's summer."""
        monday = self.holidays.of_year(day.year).summer
        if monday is None:
            monday = _first_monday(day.year, self.summer_month)
        return (day.toordinal() - monday) // 7

    def _home(self, number: int, summer: float) -> float:
        usual = 1.0 - 0.06 * min(1.0, self.spread) * summer
        return usual * exp(_HOME_BY_DAY * self.spread * self._drawn(number, Draw.HOME))

    def _orders(self, number: int, summer: float) -> float:
        customs, spread = self.customs, self.spread
        weeks = _ORDERS * red_at(self.seed ^ Draw.ORDERS, number)
        weeks += _ORDERS_BY_DAY * self._drawn(number, Draw.ORDERS)
        return exp(spread * (weeks + customs.summer_orders * summer))

    def _hours(self, number: int) -> Hours:
        usual, spread = self.customs.hours, self.spread
        if not spread:
            return usual
        return Hours(
            usual.begin + 0.15 * spread * self._drawn(number, Draw.BEGIN),
            usual.lunch + 0.12 * spread * self._drawn(number, Draw.LUNCH),
            usual.end + 0.25 * spread * self._drawn(number, Draw.END),
            usual.rise + 0.25 * spread * self._drawn(number, Draw.RISE),
            usual.supper + 0.5 * spread * self._drawn(number, Draw.SUPPER),
            usual.sleep + 0.35 * spread * self._drawn(number, Draw.SLEEP),
        )

    def _evening(self, number: int) -> float:
        return self.customs.evening * exp(0.15 * self.spread * self._drawn(number, Draw.EVENING))

    def _drawn(self, number: int, what: Draw) -> float:
        return max(-_MOST, min(_MOST, gauss_at(self.seed, number * _DRAWS + what)))


@lru_cache(maxsize=16)
def _customs(seed: int, spread: float) -> Customs:
    return Customs.draw(seed, spread)


_BETWEEN_THE_YEARS = frozenset({(12, day) for day in (24, *range(27, 32))} | {(1, 2)})


def _first_monday(year: int, month: int) -> int:
    first = date(year, month, 1)
    return first.toordinal() + (7 - first.weekday()) % 7
