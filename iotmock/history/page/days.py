"""What days have in common: every hour of each, and the average one."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, tzinfo

from iotmock.charts.axes import OneDay
from iotmock.charts.chart import Chart
from iotmock.charts.curves import Curve, Join
from iotmock.charts.heat_map import HeatMap
from iotmock.charts.scales import Scale
from iotmock.history.page.table import Table

_QUARTER_S = 900.0
_MOST_WEEKDAYS = 62
"""With more days than that the day of the week is left out."""


def hours_of_days(table: Table, zone: tzinfo) -> HeatMap:
    """Return the mean power of all devices together by day and hour of the zone."""
    sums: dict[str, list[list[float]]] = defaultdict(lambda: [[] for _ in range(24)])
    for at, power in zip(_begins(table, zone), table.powers, strict=True):
        sums[f"{at:%a %d %b %Y}"][at.hour].append(power)
    cut = slice(0, 10) if len(sums) <= _MOST_WEEKDAYS else slice(4, None)
    rows = [
        (day[cut], [sum(some) / len(some) if some else None for some in hours])
        for day, hours in sums.items()
    ]
    return HeatMap(rows, "kW")


def average_day(table: Table, zone: tzinfo) -> Chart:
    """Return the mean power by quarters of an hour, on working days and at weekends."""
    sums: dict[bool, list[list[float]]] = {
        weekend: [[] for _ in range(96)] for weekend in (False, True)
    }
    for at, power in zip(_begins(table, zone), table.powers, strict=True):
        sums[at.weekday() >= 5][at.hour * 4 + at.minute // 15].append(power)
    curves = [
        Curve(name, points, style, Join.MEAN)
        for style, (name, weekend) in enumerate((("Monday to Friday", False), ("weekend", True)))
        if (points := _means(sums[weekend]))
    ]
    values = [value for curve in curves for _, value in curve.points]
    return Chart(
        name="day",
        title="The average day, kW",
        axis=OneDay(),
        scale=Scale.from_zero(values) if min(values) >= 0.0 else Scale.around(values),
        curves=curves,
        group="day",
    )


def _means(quarters: list[list[float]]) -> list[tuple[float, float]]:
    return [
        ((place + 0.5) * _QUARTER_S, sum(some) / len(some))
        for place, some in enumerate(quarters)
        if some
    ]


def _begins(table: Table, zone: tzinfo) -> Iterable[datetime]:
    # A reading tells of the step that ends at its time.
    step_s = table.step_s
    return (datetime.fromtimestamp(at - step_s, zone) for at in table.times)
