"""When in the day people start a machine."""

from attrs import frozen

from iotmock.model.numbers.curve import Curve, Points, between
from iotmock.model.site.day import USUAL_HOURS, Day

_CELLS = 96
_QUANTILES = 64


@frozen(eq=False)
class Hours:
    """The hour of a start by the share of the day's starts that lie before it, 0 to 1."""

    workday: Curve
    weekend: Curve

    @classmethod
    def of(cls, workday: Points, weekend: Points | None = None) -> "Hours":
        """Return the hours of how likely a start is over the day: (local hour, weight)."""
        return cls(_quantiles(workday), _quantiles(weekend or workday))

    def at(self, share: float, day: Day, *, works: bool, at_home: bool) -> float:
        """Return the local hour, on a day that may begin, pause and end at others than usual."""
        hour = (self.workday if works else self.weekend).at(share)
        return between(_at_home(day) if at_home else _at_work(day), hour)


def _at_home(day: Day) -> Points:
    hours, usual = day.hours, USUAL_HOURS
    return ((0.0, 0.0), (usual.rise, hours.rise), (usual.supper, hours.supper), (24.0, 24.0))


def _at_work(day: Day) -> Points:
    hours, usual = day.hours, USUAL_HOURS
    return (
        (0.0, 0.0),
        (usual.begin, hours.begin),
        (usual.lunch, hours.lunch),
        (usual.end, hours.end),
        (24.0, 24.0),
    )


def _quantiles(likely: Points) -> Curve:
    below, total = [0.0], 0.0
    for cell in range(_CELLS):
        total += between(likely, (cell + 0.5) * 24.0 / _CELLS)
        below.append(total)
    # Where several hours have the same share before them, the last counts: nobody starts anything
    # between; but the day's last start is no later than it can be.
    rising = {below[cell] / total: 24.0 * cell / _CELLS for cell in range(_CELLS)}
    rising[1.0] = 24.0 * below.index(total) / _CELLS
    points = tuple(rising.items())
    return Curve.of(lambda share: between(points, share), 1.0, _QUANTILES)
