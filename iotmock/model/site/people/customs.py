"""The customs of one location: what it has on its own and keeps, drawn once."""

from enum import IntEnum

from attrs import frozen

from iotmock.model.numbers.exact_math import exp
from iotmock.model.numbers.noise import gauss_at, uniform_at
from iotmock.model.site.day import USUAL_HOURS, Hours


class Draw(IntEnum):
    """What is drawn, of a location (day 0) or of one of its days."""

    BEGIN = 1
    LUNCH = 2
    END = 3
    RISE = 4
    SUPPER = 5
    SLEEP = 6
    STAFF = 7
    HOME = 8
    ORDERS = 9
    EVENING = 10
    DAYTIME = 11
    BRIDGES = 12
    CHRISTMAS = 13
    SUMMER_WEEKS = 14
    SUMMER_FROM = 15
    AWAY_WEEKS = 16
    AWAY_FROM = 17
    SATURDAY = 18
    SUNDAY = 19
    SEASON = 20
    MONDAY = 24
    """And the following four."""


_BRIDGES, _CHRISTMAS = 0.6, 0.65
_CLOSES_IN_SUMMER, _TRAVELS_IN_SUMMER = 0.3, 0.55
"""Shares of the businesses that close and of the households that travel. Judgement; DIHK asks
businesses, destatis counts that about 55 % of the households travel for five days or more."""
_FRIDAY = 0.08


@frozen
class Customs:
    """How one location's people live. Weeks are counted from the first Monday of high summer.

    `weekdays` is the staff of the workdays from Monday on, `saturday` and `sunday` that of the few
    who come then, relative to the usual. `evening` and `daytime` say how many of those who can be
    are at home then, relative to the usual; `summer_orders` is by how much orders grow in summer.
    """

    hours: Hours = USUAL_HOURS
    bridges: bool = False
    christmas: bool = False
    closes_from: int = 0
    closes_weeks: int = 0
    away_from: int = 0
    away_weeks: int = 0
    weekdays: tuple[float, ...] = (1.0,) * 5
    saturday: float = 1.0
    sunday: float = 1.0
    evening: float = 1.0
    daytime: float = 1.0
    summer_orders: float = 0.0

    @classmethod
    def draw(cls, seed: int, spread: float) -> "Customs":
        """Return the customs of a location; without spread they are the usual ones."""
        if not spread:
            return cls()

        def some(what: Draw, width: float) -> float:
            return width * spread * max(-2.0, min(2.0, gauss_at(seed, what)))

        def chance(what: Draw, share: float) -> bool:
            return uniform_at(seed, what) < share * min(1.0, spread)

        return cls(
            Hours(
                USUAL_HOURS.begin + some(Draw.BEGIN, 0.4),
                USUAL_HOURS.lunch + some(Draw.LUNCH, 0.3),
                USUAL_HOURS.end + some(Draw.END, 0.5),
                USUAL_HOURS.rise + some(Draw.RISE, 0.5),
                USUAL_HOURS.supper + some(Draw.SUPPER, 0.6),
                USUAL_HOURS.sleep + some(Draw.SLEEP, 0.5),
            ),
            chance(Draw.BRIDGES, _BRIDGES),
            chance(Draw.CHRISTMAS, _CHRISTMAS),
            int(3.0 * uniform_at(seed, Draw.SUMMER_FROM)),
            _weeks(seed, Draw.SUMMER_WEEKS, _CLOSES_IN_SUMMER * min(1.0, spread)),
            int(4.0 * uniform_at(seed, Draw.AWAY_FROM)),
            _weeks(seed, Draw.AWAY_WEEKS, _TRAVELS_IN_SUMMER * min(1.0, spread)),
            _weekdays(seed, spread),
            exp(some(Draw.SATURDAY, 0.7)),
            exp(some(Draw.SUNDAY, 0.5)),
            exp(some(Draw.EVENING, 0.12)),
            exp(some(Draw.DAYTIME, 0.5)),
            some(Draw.SEASON, 0.07),
        )


def _weeks(seed: int, what: Draw, share: float) -> int:
    drawn = uniform_at(seed, what)
    return 0 if drawn >= share else 1 + int(3.0 * drawn / share)


def _weekdays(seed: int, spread: float) -> tuple[float, ...]:
    """Return the staff of each workday, on average 1."""
    drawn = [1.0 + 0.05 * spread * gauss_at(seed, Draw.MONDAY + weekday) for weekday in range(5)]
    drawn[4] -= _FRIDAY * min(1.0, spread)
    there = [max(0.3, staff) for staff in drawn]
    return tuple(5.0 * staff / sum(there) for staff in there)
