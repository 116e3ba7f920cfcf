"""One day of a location: what kind it is and how it is lived, the same for all its devices."""

from enum import IntEnum

from attrs import frozen


class DayKind(IntEnum):
    """What people do on a day. A public holiday is lived as a Sunday, whatever its weekday."""

    WORKDAY = 0
    SATURDAY = 1
    SUNDAY = 2


@frozen
class Hours:
    """When people do what on one day, hours of local time.

    `begin` is when most have come to work, `end` when most leave it, `rise` when they get up at
    home, `supper` when they cook, `sleep` when most lie down.
    """

    begin: float = 8.0
    lunch: float = 12.25
    end: float = 17.0
    rise: float = 6.5
    supper: float = 18.75
    sleep: float = 23.0


USUAL_HOURS = Hours()


@frozen
class Day:
    """A local day. What a device draws for itself alone, it draws by `number`, its own seed.

    `staff`, `home` and `orders` are relative to the usual day, 1: who is at work, how much is done
    at home, how much there is to be produced.
    """

    number: int
    """Days since 1 January of the year 1, as `date.toordinal` counts."""
    weekday: int
    """0 is Monday, or the first workday where the weekend is not Saturday and Sunday."""
    kind: DayKind
    summer: float
    """From -1 in midwinter to 1 in midsummer of its hemisphere."""
    holiday: bool = False
    closed: bool = False
    """The business rests: a holiday, a bridge that it takes, its closing weeks."""
    staff: float = 1.0
    home: float = 1.0
    orders: float = 1.0
    hours: Hours = USUAL_HOURS
    evening: float = 1.0
    daytime: float = 1.0
    """How many of those who can be are at home then, relative to the usual."""
    away: bool = False
    """Nobody is at home: they are on holiday."""


def kind_of(weekday: int, *, holiday: bool = False) -> DayKind:
    """Return how a day is lived."""
    if holiday or weekday == 6:
        return DayKind.SUNDAY
    return DayKind.SATURDAY if weekday == 5 else DayKind.WORKDAY
